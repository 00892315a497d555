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
    .summary('prints a completion script for bash, zsh or fish')
    .description('prints a completion script for a shell; its first lines say how to use it')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(SCRIPTS[shell](program.name(), commandsOf(program), wordsOf(program)));
    });
}
