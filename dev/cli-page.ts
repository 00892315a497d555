/** Writes the second half of docs/cli.md from the help of the commands: part of `npm run generate`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { program } from '../src/cli/program';

/** Where the page is kept. */
export const CLI_PAGE = join(__dirname, '../docs/cli.md');
/** What comes after this line is made from the help. */
const MARK = '## Commands\n';
const COLUMNS = 120;

/** Blocks of the help that many commands share: they are shown once. */
const SHARED = ['Temporal:', 'Global Options:'];

/** The page as it must be: what people wrote, and the help of each command. */
export function cliPage(): string {
  const [written = ''] = readFileSync(CLI_PAGE, 'utf8').split(MARK);
  const { commands } = program();
  const own = commands.filter(({ options, registeredArguments }) => options.length + registeredArguments.length > 0);
  const sections = own.map((command) =>
    sectionOf(
      command.name(),
      blocksOf(command).filter((block) => !isShared(block)),
    ),
  );
  const reaching = own.map(blocksOf).find((blocks) => blocks.some((block) => block.startsWith('Temporal:'))) ?? [];
  return [
    written + MARK,
    ...sections,
    sectionOf('Options of commands that use Temporal', reaching.filter(isShared)),
  ].join('\n');
}

const isShared = (block: string): boolean => SHARED.some((title) => block.startsWith(title));

function blocksOf(command: Command): string[] {
  command.configureHelp({ ...command.configureHelp(), helpWidth: COLUMNS });
  return command.helpInformation().trimEnd().split('\n\n');
}

const sectionOf = (title: string, blocks: string[]): string =>
  `### ${title}\n\n\`\`\`text\n${blocks.join('\n\n')}\n\`\`\`\n`;

if (require.main === module) {
  writeFileSync(CLI_PAGE, cliPage());
  console.log(`Wrote ${CLI_PAGE}`);
}
