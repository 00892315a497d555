/** Writes docs/options.md from the docstrings of the options: part of `npm run generate`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Where the page is kept. */
export const OPTIONS_PAGE = join(__dirname, '../docs/options.md');

const HEAD = `# Options

All options, with their ranges and defaults. \`npm run generate\` writes this page from the docstrings. All other types are in the [API report](api-report.md).`;

interface Section {
  title: string;
  intro: string;
  /** The interfaces that have the options, and their files. */
  of: [name: string, file: string][];
}

const SECTIONS: Section[] = [
  {
    title: 'migrationTask',
    intro:
      'Of `temporal-migration-hub/workflow`. A wrong option fails the workflow with `InvalidReport`. `labels`, `resourceAttributes` and `discoveredResource` are options, too ([what they are](contract.md#reporttaskstate)). `labels` are sent with each report; the other two with each report that does not set its own.',
    of: [
      ['TaskIdentity', 'report/types.ts'],
      ['MigrationTaskOptions', 'migration-task/migration-task.ts'],
    ],
  },
  {
    title: 'MigrationHubPlugin and createMigrationHubWorkers',
    intro:
      'Of `temporal-migration-hub` and `temporal-migration-hub/worker`. Both throw `ConfigurationError` for an option that is wrong or unknown. `drainSeconds` is of the plugin only. The worker process has [flags and variables](worker-process.md).',
    of: [
      ['AwsMigrationHubOptions', 'migration-hub/aws-migration-hub.ts'],
      ['MigrationHubWorkerOptions', 'worker/options.ts'],
      ['MigrationHubPluginOptions', 'worker/service.ts'],
    ],
  },
  {
    title: 'heartbeat',
    intro:
      'Of the plugin, `createMigrationHubWorkers` and `MigrationHubClient`. It counts for heartbeat workflows that start afterwards.',
    of: [['HeartbeatSettings', 'task-state/types.ts']],
  },
  {
    title: 'metrics',
    intro: 'Of the plugin and `createMigrationHubWorkers`. [The metrics](metrics.md).',
    of: [['MetricsOptions', 'worker/metrics/options.ts']],
  },
  {
    title: 'MigrationHubClient',
    intro: 'Of `temporal-migration-hub/client`. It throws `ConfigurationError` for an option that is wrong or unknown.',
    of: [['MigrationHubClientOptions', 'client/migration-hub-client.ts']],
  },
];

/** The page as it must be. */
export function optionsPage(): string {
  const sections = SECTIONS.map(({ title, intro, of }) =>
    [`## ${title}`, intro, tableOf(of.flatMap(([name, file]) => optionsOf(name, file)))].join('\n\n'),
  );
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

interface Option {
  name: string;
  standard: string;
  meaning: string;
}

const tableOf = (options: Option[]): string =>
  [
    '| Option | Default | Meaning |',
    '| --- | --- | --- |',
    ...options.map(({ name, standard, meaning }) => `| \`${name}\` | ${standard} | ${meaning} |`),
  ].join('\n');

function optionsOf(name: string, file: string): Option[] {
  const path = join(__dirname, '../src', file);
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  if (!found || !ts.isInterfaceDeclaration(found)) throw new Error(`${file} has no interface ${name}`);
  return found.members.map((member) => ({
    name: member.name?.getText() ?? '',
    standard: standardOf(member),
    meaning: oneLine(ts.getTextOfJSDocComment(ts.getJSDocCommentsAndTags(member)[0]?.comment) ?? ''),
  }));
}

function standardOf(member: ts.TypeElement): string {
  const [tag] = ts.getJSDocTags(member).filter(({ tagName }) => tagName.text === 'default');
  if (tag) return oneLine(ts.getTextOfJSDocComment(tag.comment) ?? '');
  return member.questionToken ? '' : 'required';
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();

if (require.main === module) {
  writeFileSync(OPTIONS_PAGE, optionsPage());
  console.log(`Wrote ${OPTIONS_PAGE}`);
}
