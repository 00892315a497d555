import type { CommandWords, OptionWords, Values } from './words';

/** A script that fish sources, or finds in its folder of completions. */
export function fishScript(name: string, commands: CommandWords[], own: CommandWords): string {
  const complete = (...parts: string[]) => ['complete', '-c', name, ...parts].join(' ');
  const lines = [
    complete('-f'),
    ...own.options.map((option) => complete('-n', '__fish_use_subcommand', ...flagsOf(option))),
    ...commands.flatMap((command) => {
      const after = ['-n', quoted(`__fish_seen_subcommand_from ${command.name}`)];
      const words = command.arguments.flatMap((each) => each.words);
      return [
        complete('-n', '__fish_use_subcommand', '-a', command.name, '-d', quoted(command.about)),
        ...command.options.map((option) => complete(...after, ...flagsOf(option))),
        ...(words.length > 0 ? [complete(...after, '-a', quoted(words.join(' ')))] : []),
        ...(command.arguments.some(({ isFile }) => isFile) ? [complete(...after, '-F')] : []),
      ];
    }),
  ];
  return `# Completion of ${name} for fish. Use: ${name} completion fish | source\n${lines.join('\n')}\n`;
}

function flagsOf({ short, long, about, values }: OptionWords): string[] {
  const words = values && values.words.length > 0 ? ['-a', quoted(offered(values))] : [];
  const value = values && !values.isOptional ? [values.isFile ? '-r -F' : '-x', ...words] : [];
  return [...(short ? ['-s', short.slice(1)] : []), '-l', long.slice(2), ...value, '-d', quoted(about)];
}

/** Of a list those that the words before the last comma do not have. */
const offered = ({ words, isList }: Values): string =>
  isList
    ? `(set -l before (commandline -ct | string replace -r '[^,]*$' ''); for each in ${words.join(' ')}; string match -q "*,$each,*" ",$before"; or echo "$before$each"; end)`
    : words.join(' ');

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
