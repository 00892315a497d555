import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { currentVersion, ROOT, storedHistories, type StoredHistory, type WorkflowsOf } from '../../dev/histories/files';
import { bundleOf, replay } from './replaying';

/** A harmless-looking change of workflow code: in this file, this text becomes that one. */
interface Change {
  what: string;
  file: string;
  from: string;
  to: string;
  workflows: WorkflowsOf;
  history: string;
}

const CHANGES: Change[] = [
  {
    what: 'a notification waits another second for its turn',
    file: 'src/workflows/group-heartbeat.ts',
    from: 'const mayStartAt = this.rounds.mayStartAt(now);',
    to: 'const mayStartAt = this.rounds.mayStartAt(now) + (this.fullness.signals === 1 && this.reached === 0 ? 1 : 0);',
    workflows: 'heartbeat',
    history: 'start',
  },
  {
    what: 'a heartbeat workflow sleeps before it begins',
    file: 'src/workflows/index.ts',
    from: "export { migrationHeartbeat } from './migration-heartbeat';",
    to: `import { sleep } from '@temporalio/workflow';
import { migrationHeartbeat as real } from './migration-heartbeat';
export const migrationHeartbeat: typeof real = async (input) => {
  await sleep(1);
  return real(input);
};`,
    workflows: 'heartbeat',
    history: 'start',
  },
  {
    what: 'a stream forgets to show its new number of groups',
    file: 'src/workflows/migration-stream.ts',
    from: '      upsertMemo({ ...numbers });',
    to: '',
    workflows: 'stream',
    history: 'stream-changed',
  },
  {
    what: 'the deadline leaves its search attribute alone',
    file: 'src/workflows/group-heartbeat.ts',
    from: '    this.showDeadline();',
    to: '',
    workflows: 'heartbeat',
    history: 'deadline-attribute.2',
  },
  {
    what: 'every report of a migration is watched by a timer',
    file: 'src/migration-task/report-sender.ts',
    from: 'const limit = this.running ? seconds : undefined;',
    to: 'const limit = seconds;',
    workflows: 'user',
    history: 'user-report',
  },
];

const copies = mkdtempSync(join(tmpdir(), 'changed-code-'));
beforeAll(() => {
  for (const folder of ['src', 'test/fixtures']) cpSync(join(ROOT, folder), join(copies, folder), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copies, 'node_modules'), 'junction');
});
afterAll(() => rmSync(copies, { recursive: true, force: true }));

/** Applies a change to the copy; gives what takes it back. */
function apply({ file, from, to }: Pick<Change, 'file' | 'from' | 'to'>): () => void {
  const path = join(copies, file);
  const text = readFileSync(path, 'utf8');
  expect(text.split(from), `${file} has this text once; if it was rewritten, change it here`).toHaveLength(2);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  return () => writeFileSync(path, text);
}

it.each([
  ['heartbeat', 'deadline-attribute.1'],
  ['user', 'user-by-name'],
] as const)(
  'summaries for people may change, in workflows of %s: replay does not compare them',
  async (workflows, history) => {
    const from = 'return line + said;';
    const undo = apply({ file: 'src/report/summary.ts', from, to: 'return `other ${line.length + said.length}`;' });
    try {
      const stored = storedHistories(currentVersion()).find(({ name }) => name === history) as StoredHistory;
      expect(readFileSync(stored.path, 'utf8')).toContain('userMetadata');
      await replay(await bundleOf(workflows, copies), stored);
    } finally {
      undo();
    }
  },
);

it.each(CHANGES)('workflow code that was changed without `patched` is caught: $what', async (change) => {
  const { workflows, history } = change;
  const stored = storedHistories(currentVersion()).filter(({ name }) => name === history);
  expect(stored).toHaveLength(1);
  const undo = apply(change);
  try {
    const bundle = await bundleOf(workflows, copies);
    for (const each of stored)
      await expect(replay(bundle, each)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  } finally {
    undo();
  }
});
