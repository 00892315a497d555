import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrationHubClient } from '../../src/client/migration-hub-client';
import { logged, startHarness, until, type Harness } from './harness';
import { statesTold } from './journal';

const MIGRATIONS = join(__dirname, '../fixtures/wrong-reports.ts');
const DROPPED = /a report was dropped/;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h?.close());

let served: number | undefined;
/** The workers stay as they are, where they are as asked for. */
async function serve(heartbeatFraction = 1 / 3): Promise<void> {
  if (served !== heartbeatFraction) {
    await h.stopAll();
    await h.startHub({ heartbeat: { heartbeatFraction } });
    await h.startUserWorker([], 'migrations', MIGRATIONS);
  }
  served = heartbeatFraction;
  logged.length = 0;
}
let started = 0;
const start = (type: string, ...args: unknown[]) =>
  h.server.env.client.workflow.start(type, { taskQueue: 'migrations', workflowId: `wrong-${started++}`, args });
const run = async (type: string, ...args: unknown[]) => (await start(type, ...args)).result();
const told = (task: string) => statesTold(h.emulator, task);
const isEnded = (task: string) => until('the end', () => told(task).some((state) => /^(COMPLETED|FAILED)/.test(state)));
const saying = (pattern: RegExp) => logged.filter((message) => pattern.test(message));

const DROPS: [string, string][] = [
  ['120 percent', 'progressPercent is 120, but it must be an integer from 0 to 100'],
  ['-1 percent', 'progressPercent is -1, but it must be an integer from 0 to 100'],
  ['NaN percent', 'progressPercent is NaN, but it must be an integer from 0 to 100'],
  ['percent as text', 'progressPercent is "50", but it must be an integer from 0 to 100'],
  ['an unknown status', 'status is "DONE", but it must be one of NOT_STARTED, IN_PROGRESS, FAILED, COMPLETED'],
  ['no status', 'status is undefined, but it must be one of NOT_STARTED, IN_PROGRESS, FAILED, COMPLETED'],
  ['an error as detail', 'statusDetail is 404, but it must be a string'],
  ['a misspelt field', 'progresPercent is 50, but there is no such field: did you mean progressPercent?'],
];

describe('a report that is wrong, after hours of work', () => {
  it.each(DROPS)('does not fail the migration, but is dropped with a warning: %s', async (what, why) => {
    await serve();
    expect(await run('wrongInTheMiddle', what)).toBe('done');
    await isEnded(what);
    expect(told(what)).toContain('COMPLETED 100');
    expect(JSON.stringify(h.emulator.requests({ task: what }))).not.toContain('"StatusDetail"');
    expect(saying(DROPPED)).toEqual([`a report was dropped: ${why}`]);
  });

  it.each([
    ['10.5 percent', 10.5, 10],
    ['a rounding error above 100 percent', 100.00000000000001, 100],
  ])('in a fraction of its percent alone is sent without the fraction, with a warning: %s', async (what, is, sent) => {
    await serve();
    expect(await run('wrongInTheMiddle', what)).toBe('done');
    await isEnded(what);
    expect(told(what)).toContain(`COMPLETED 100`);
    expect(saying(/rounded down/).join()).toContain(
      `progressPercent is ${is}, but it must be an integer from 0 to 100: it is rounded down to ${sent}`,
    );
    expect(saying(DROPPED)).toEqual([]);
  });

  it.each([['10.5 percent', 'progressPercent is 10.5, but it must be an integer from 0 to 100'], ...DROPS])(
    "fails the migration where onReportError is 'fail': %s",
    async (what, why) => {
      await serve();
      await expect(run('wrongInTheMiddle', what, 'fail')).rejects.toMatchObject({
        cause: { type: 'InvalidReport', message: why },
      });
    },
  );

  it('leaves the end of the task to run(), where it was to be the end', async () => {
    await serve();
    expect(await run('wrongEnd', 'wrong end')).toBe('COMPLETED');
    expect(told('wrong end')).toEqual(['COMPLETED 100']);
  });

  it('by the stricter check of the worker does not fail the migration either', async () => {
    await serve(0.8);
    expect(await run('wrongInTheMiddle', 'a field of a newer version')).toBe('done');
    expect(saying(DROPPED)[0]).toContain('nextUpdateSeconds is 60, but it must be at least 15');
    // An end has no heartbeats, so it needs no room for one.
    await isEnded('a field of a newer version');
    expect(told('a field of a newer version')).toContain('COMPLETED 100');
  });
});

describe('delivered() after a report that was dropped', () => {
  it('fails at once, saying why, and after the next report waits for that', async () => {
    await serve();
    expect(await run('deliveredAfterWrong', '120 percent')).toEqual([
      'ReportRefused: the newest report was dropped: progressPercent is 120, but it must be an integer from 0 to 100',
      '100',
    ]);
  });

  it('by the check of the worker fails at once, too', async () => {
    await serve(0.8);
    expect(await run('deliveredAfterWrong', 'a field of a newer version')).toEqual([
      expect.stringContaining(
        'ReportRefused: the newest report was dropped: nextUpdateSeconds is 60, but it must be at least 15',
      ),
      '100',
    ]);
  });
});

describe('a field that does not exist', () => {
  it('and is like none that does is ignored, with a warning: the rest of the report arrives', async () => {
    await serve();
    expect(await run('wrongInTheMiddle', 'a field of a newer version')).toBe('done');
    await isEnded('a field of a newer version');
    expect(saying(/^estimatedEnd is ignored: there is no such field; the fields are /)).not.toEqual([]);
    expect(saying(DROPPED)).toEqual([]);
  });

  it.each([
    ['of a report', { region: 'eu' }],
    ['of its owner', { owner: { ownerId: 'go', sequence: 1, zone: 'eu' } }],
    ['of an attribute', { resourceAttributes: [{ type: 'FQDN', value: 'web-01.example.com', seenBy: 'scan' }] }],
  ])('%s that a newer version sends to an older worker does not fail the caller', async (what, more) => {
    await serve();
    expect(await run('callActivity', `newer ${what}`, more)).toBe('taken');
    expect(await run('callActivity', `newer ${what}, again`, more)).toBe('taken');
    await isEnded(`newer ${what}, again`);
    expect(saying(/is ignored: there is no such field/)).toHaveLength(1);
  });

  it.each([
    [{ progres_percent: 5 }, 'progres_percent is 5, but there is no such field: did you mean progressPercent?'],
    [{ progressPercent: 10.5 }, 'progressPercent is 10.5, but it must be an integer from 0 to 100'],
  ])('but is a likely slip is told to a caller in another language: %j', async (more, why) => {
    await serve();
    expect(await run('callActivity', 'slip', more)).toBe(why);
  });

  it('does not make a client fail, but a misspelt one, or a wrong value, is refused at once', async () => {
    await serve();
    const client = new MigrationHubClient({ client: h.server.env.client });
    const report = (more: object) =>
      client.report({ progressUpdateStream: 'Wrong', migrationTaskName: 'client', status: 'COMPLETED', ...more });
    await client.waitForDelivery(await report({ estimatedEnd: '2030-01-01' }));
    await expect(report({ statusDetial: 'x' })).rejects.toThrow('did you mean statusDetail?');
    await expect(report({ progressPercent: 10.5 })).rejects.toThrow('progressPercent is 10.5');
  });
});

it('a field of a report that is undefined or null leaves the option as it is', async () => {
  await serve();
  await run('withoutValues', 'without values');
  const client = new MigrationHubClient({ client: h.server.env.client });
  const state = () => client.lastReportedState('Wrong', 'without values');
  await until(
    'its attributes',
    async () => ((await state())?.attachments ?? []).filter(({ state }) => state === 'associated').length === 2,
  );
  expect(await state()).toMatchObject({
    labels: { wave: '7' },
    lastDelivered: { nextUpdateSeconds: 60 },
    attachments: [{ kind: 'resourceAttributes' }, { kind: 'discoveredResource', name: 'd-server-1' }],
  });
});

describe('an option of migrationTask', () => {
  it.each([
    [{ nextUpdateSecond: 60 }, 'nextUpdateSecond is 60, but there is no such field: did you mean nextUpdateSeconds?'],
    [{ onReporterror: 'fail' }, 'onReporterror is "fail", but there is no such field: did you mean onReportError?'],
    [{ onReportError: 'ignore' }, 'onReportError is "ignore", but it must be one of continue, fail'],
    [{ acceptTimeoutSeconds: 0 }, 'acceptTimeoutSeconds is 0, but it must be a number of seconds, at least 1'],
    [{ failureExceptionTypes: ['TypeError'] }, 'failureExceptionTypes is ["TypeError"], but it must be a list of'],
    [{ nextUpdateSeconds: 20 }, 'nextUpdateSeconds is 20, but it must be at least 45'],
    [{ resourceAttributes: [{ typ: 'FQDN', value: 'x' }] }, 'did you mean resourceAttributes[0].type?'],
  ])('that is wrong or misspelt is refused before any work, with what was meant: %j', async (more, why) => {
    await serve();
    const said = await run('withOptions', more);
    expect(said).toContain('InvalidReport: ');
    expect(said).toContain(why);
  });

  it('that is of a newer version is ignored, with a warning', async () => {
    await serve();
    expect(await run('withOptions', { priority: 1 })).toBe('taken');
    expect(saying(/^priority is ignored: there is no such field; the fields are progressUpdateStream, /)).toHaveLength(
      1,
    );
  });
});

it("an end of the migration's own that nobody has taken is named by its status", async () => {
  await h.stopAll();
  served = undefined;
  await h.startUserWorker([], 'migrations', MIGRATIONS);
  logged.length = 0;
  await run('failsUnheard', 'unheard');
  expect(saying(/not accepted/)).toEqual([
    'FAILED of unheard was not accepted within 1 s: does a worker serve the task queue migration-hub?',
  ]);
});
