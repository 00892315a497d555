import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY } from '../../dev/histories/anonymous';
import {
  currentVersion,
  readHistory,
  recordedVersions,
  storedHistories,
  type WorkflowsOf,
} from '../../dev/histories/files';
import { SCENARIOS } from '../../dev/histories/scenarios';
import { bundleOf, replay } from './replaying';

let bundles: Record<WorkflowsOf, WorkflowBundleWithSourceMap>;
beforeAll(async () => {
  const ours = await bundleOf('heartbeat');
  bundles = { heartbeat: ours, stream: ours, user: await bundleOf('user') };
});

describe.each(recordedVersions())('a workflow begun under version %s goes on under this one', (version) => {
  const histories = storedHistories(version);
  it('there are histories of it', () => expect(histories).not.toEqual([]));
  it.each(histories)('$version/$name', (stored) => replay(bundles[stored.workflows], stored));
});

it('this version has a history of every scenario', () => {
  const recorded = recordedVersions().includes(currentVersion()) ? storedHistories(currentVersion()) : [];
  const names = new Set(recorded.map(({ name }) => name.replace(/\.\d+$/, '')));
  expect([...names].sort()).toEqual(SCENARIOS.map(({ name }) => name).sort());
});

it('no stored history names the machine on which it was recorded', () => {
  const telling: Record<string, unknown[]> = { identity: [], stackTrace: [] };
  for (const stored of recordedVersions().flatMap(storedHistories))
    JSON.stringify(readHistory(stored), (key, value: unknown) => (telling[key]?.push(value), value));
  expect(new Set(telling['identity'])).toEqual(new Set([IDENTITY]));
  expect(new Set(telling['stackTrace'])).toEqual(new Set(['']));
});
