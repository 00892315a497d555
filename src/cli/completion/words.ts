import type { Command } from 'commander';

/** What a shell may complete after an option, or in place of an argument. */
export interface Values {
  /** These words. */
  words: string[];
  /** Names of files. */
  isFile: boolean;
  /** Several of the words, with commas between them. */
  isList?: boolean;
}

/** An option of a command. */
export interface OptionWords {
  /** `-o` */
  short?: string;
  /** `--output` */
  long: string;
  /** In the words of the help. */
  about: string;
  /** Absent for one without a value. */
  values?: Values & { isOptional: boolean };
  /** It may be given several times. */
  isRepeated: boolean;
}

/** An argument of a command. */
export interface ArgumentWords extends Values {
  /** `stream` */
  name: string;
  /** All that follow are such, too. */
  isVariadic: boolean;
}

/** A command, as a shell sees it. */
export interface CommandWords {
  /** `list` */
  name: string;
  /** In the words of the help. */
  about: string;
  /** With that of the help. */
  options: OptionWords[];
  /** In their order. */
  arguments: ArgumentWords[];
}

const FILE = /^<?(file|module|path)>?$/;

/** The commands of a program, as its help has them. */
export const commandsOf = (program: Command): CommandWords[] => program.commands.map(wordsOf);

/** One command, or the program itself. */
export function wordsOf(command: Command): CommandWords {
  return {
    name: command.name(),
    about: command.summary() || command.description(),
    options: command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ short, long, description, flags, required, optional, argChoices = [] }) => {
        const isFile = FILE.test(/[<[](\w+)[>\]]/.exec(flags)?.[1] ?? '');
        const isList = /<\w+,\w+>/.test(flags);
        const values = { words: argChoices, isFile, isList, isOptional: optional };
        const isRepeated = /several times/.test(description);
        return long ? [{ short, long, about: description, isRepeated, ...((required || optional) && { values }) }] : [];
      }),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      words: argument.argChoices ?? [],
      isFile: FILE.test(argument.name()),
      isVariadic: argument.variadic,
    })),
  };
}
