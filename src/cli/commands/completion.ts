import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash';
import { fishScript } from '../completion/fish';
import { commandsOf, wordsOf } from '../completion/words';
import { zshScript } from '../completion/zsh';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** `completion SHELL` */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .summary('a script by which bash, zsh or fish completes commands')
    .description(
      'a script by which a shell completes commands, options and their values; its first lines say how to use it',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(SCRIPTS[shell](program.name(), commandsOf(program), wordsOf(program)));
    });
}
