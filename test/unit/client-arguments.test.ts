import { describe, expect, it } from 'vitest';
import type { Client } from '@temporalio/client';
import { MigrationHubClient } from '../../src/client';
import { isMatch, type TaskFilter } from '../../src/client/task-filter';
import type { TaskStateView } from '../../src/task-state';

/** Nothing may be asked of it: each argument is checked before. */
const hub = new MigrationHubClient({ client: { workflow: {} } as Client });
const task = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };

describe('a wrong argument is refused at once, by its name and with the mend:', () => {
  it.each<[string, (any: never) => unknown, string]>([
    ['a misspelt filter', (any) => hub.list({ label: any } as never), 'list has no option label: did you mean labels?'],
    [
      'its snake case',
      (any) => hub.list({ progress_update_stream: any } as never),
      'did you mean progressUpdateStream?',
    ],
    [
      'an unknown filter',
      (any) => hub.list({ wave: any } as never),
      'its options are progressUpdateStream, labels, freshness',
    ],
    [
      'a stream with a colon',
      () => hub.list({ progressUpdateStream: 'a:b' }),
      'progressUpdateStream is "a:b", but it must not contain',
    ],
    [
      'an empty stream',
      () => hub.list({ progressUpdateStream: '' }),
      'progressUpdateStream is "", but it must have 1 to 50',
    ],
    [
      'a stream in place of a filter',
      () => hub.list('S' as never),
      'the options of list are a string, but they must be an object',
    ],
    [
      'null in place of a filter',
      () => hub.list(null as never),
      'the options of list are null, but they must be an object',
    ],
    [
      'a misspelt freshness',
      () => hub.list({ freshness: 'at_risk' as never }),
      'freshness is "at_risk", but there is no at_risk: did you mean at-risk?',
    ],
    [
      'one among others',
      () => hub.list({ freshness: ['stale', 'terminated' as never] }),
      'freshness is ["stale","terminated"], but',
    ],
    [
      'an unknown freshness',
      () => hub.list({ freshness: 'dead' as never }),
      'it must be one or several of fresh, at-risk, stale, terminal',
    ],
    ['no freshness at all', () => hub.list({ freshness: [] }), 'freshness is [], but it must be one or several of'],
    [
      'a number as label',
      () => hub.list({ labels: { wave: 7 as never } }),
      'labels is {"wave":7}, but it must be an object that gives',
    ],
    ['no value for a label', () => hub.list({ labels: { wave: [] } }), 'labels is {"wave":[]}, but'],
    ['labels as a list', () => hub.list({ labels: ['wave'] as never }), 'labels is ["wave"], but'],
    ['no stream to watch', () => hub.watch({} as never), 'progressUpdateStream is undefined, but it must be a string'],
    [
      'a misspelt task to watch',
      (any) => hub.watch({ progressUpdateStream: 'S', taskName: any } as never),
      'did you mean migrationTaskName?',
    ],
    [
      'freshness for a watch',
      (any) => hub.watch({ progressUpdateStream: 'S', freshness: any } as never),
      'watch has no option freshness',
    ],
    ['a task with a colon', () => hub.watch({ ...task, migrationTaskName: 'a:b' }), 'migrationTaskName is "a:b"'],
    [
      'a misspelt interval',
      () => hub.watch(task, { interval: 5 } as never),
      'watch, in its second argument, has no option interval: did you mean intervalSeconds?',
    ],
    [
      'no options of a watch',
      () => hub.watch(task, null as never),
      'the options of watch, in its second argument, are null, but they must be an object',
    ],
    ['what is no function', () => hub.list({}, { onUnreadable: 5 as never }), 'onUnreadable is 5, but it must be a'],
    [
      'a misspelt option of a list',
      () => hub.list({}, { onUnreadble: () => undefined } as never),
      'list, in its second argument, has no option onUnreadble: did you mean onUnreadable?',
    ],
    [
      'an interval of 0',
      () => hub.watch(task, { intervalSeconds: 0 }),
      'intervalSeconds is 0, but it must be a number from 1 to 86400',
    ],
    ['no signal', () => hub.watch(task, { signal: new AbortController() as never }), 'it must be an AbortSignal'],
  ])('%s', (_what, ask, said) => {
    expect(() => ask('x' as never)).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', message: expect.stringContaining(said) }),
    );
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a task with a colon', () => hub.lastReportedState('S', 'a:b'), 'migrationTaskName is "a:b"'],
    ['no task', () => hub.lastReportedState('S', undefined as never), 'migrationTaskName is undefined'],
    [
      'an end to reopen with',
      () => hub.reopen({ ...task, status: 'COMPLETED' as never }),
      'for another end use report with reopen: true',
    ],
    ['a misspelt status', () => hub.reopen({ ...task, statuss: 'NOT_STARTED' } as never), 'did you mean status?'],
    [
      'a wrong percent',
      () => hub.reopen({ ...task, progressPercent: 120 }),
      'progressPercent is 120, but it must be an integer from 0 to 100',
    ],
    [
      'no room for a heartbeat',
      () => hub.reopen({ ...task, nextUpdateSeconds: 20 }),
      'nextUpdateSeconds is 20, but it must be at least 45: between heartbeat and deadline',
    ],
    [
      'a report that was not accepted yet',
      () => hub.waitForDelivery(task as never),
      'report.ownerId is undefined, but it must be a string',
    ],
    [
      'a misspelt time',
      () => hub.waitForDelivery({ ...task, ownerId: 'x', sequence: 1 }, { timeout: 5 } as never),
      'did you mean timeoutSeconds?',
    ],
  ])('%s', async (_what, ask, said) => {
    await expect(ask()).rejects.toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(said) });
  });

  it.each([
    [{}, 'client is not a Client of @temporalio/client: pass new Client('],
    [{ client: {}, group: 4 }, 'did you mean groups?'],
    [
      { client: { workflow: {} }, heartbeat: { lingerSecond: 1 } },
      'heartbeat has no option lingerSecond: did you mean lingerSeconds?',
    ],
    [{ client: { workflow: {} }, heartbeat: 5 }, 'the options of heartbeat are a number, but they must be an object'],
    [{ client: { workflow: {} }, groups: null }, 'groups is null, but it must be an integer from 0 to 10000'],
    [{ client: { workflow: {} }, groups: '' }, 'groups is "", but it must be an integer from 0 to 10000'],
    [{ client: { workflow: {} }, groups: true }, 'groups is true, but it must be an integer from 0 to 10000'],
    [{ client: { workflow: {} }, groups: [8] }, 'groups is [8], but it must be an integer from 0 to 10000'],
  ])('%j for a client', (options, said) => {
    expect(() => new MigrationHubClient(options as never)).toThrow(said);
  });
});

describe('a filter', () => {
  const state = { labels: { wave: '7', application: 'crm' }, freshness: 'stale' } as unknown as TaskStateView;
  it.each<[TaskFilter, boolean]>([
    [{}, true],
    [{ labels: { wave: '7' } }, true],
    [{ labels: { wave: '8' } }, false],
    [{ labels: { wave: ['8', '7'] } }, true],
    [{ labels: { wave: '7', application: 'crm' } }, true],
    [{ labels: { wave: '7', application: 'erp' } }, false],
    [{ labels: { owner: 'x' } }, false],
    // Not what every object has.
    [{ labels: { constructor: 'x' } }, false],
    [{ freshness: 'stale' }, true],
    [{ freshness: ['fresh', 'at-risk'] }, false],
    [{ freshness: ['fresh', 'stale'], labels: { wave: '7' } }, true],
  ])('%j: %s', (filter, expected) => {
    expect(isMatch(state, filter)).toBe(expected);
  });
});
