import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** What a process with our log writes to stderr. */
async function logged(level: string, code: string): Promise<Record<string, unknown>[]> {
  const log = JSON.stringify(join(__dirname, '../../lib/worker/process-log.js'));
  const script = `const { runtime, logger } = require(${log}).installLog('${level}'); ${code}; runtime.flushLogs(); process.exit()`;
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', script]);
  return stderr
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('an error keeps its message and stack in the log, under whatever name, with its causes', async () => {
  const lines = await logged(
    'info',
    `runtime.logger.error('failed', { error: new Error('outer', { cause: new TypeError('inner') }), reason: new RangeError('far') })`,
  );
  expect(lines).toMatchObject([
    {
      level: 50,
      msg: 'failed',
      error: { type: 'Error', message: 'outer: inner', stack: expect.stringContaining('TypeError: inner') },
      reason: { type: 'RangeError', message: 'far', stack: expect.stringContaining('RangeError: far\n') },
    },
  ]);
});

it('what is no error stays as it is, though it has a message', async () => {
  const failure = { type: 'ExpiredToken', message: 'as AWS says', retry: 'operator' };
  expect(await logged('info', `runtime.logger.warn('w', { failure: ${JSON.stringify(failure)} })`)).toMatchObject([
    { level: 40, failure },
  ]);
});

const ALL = `for (const level of ['trace', 'debug', 'info', 'warn', 'error']) runtime.logger[level]('x'); logger.fatal('x')`;
it.each([
  ['trace', [10, 20, 30, 40, 50, 60]],
  ['debug', [20, 30, 40, 50, 60]],
  ['info', [30, 40, 50, 60]],
  ['warn', [40, 50, 60]],
  ['error', [50, 60]],
  ['fatal', [60]],
  ['silent', []],
])('LOG_LEVEL=%s logs these levels: %s', async (level, levels) => {
  const lines = await logged(level, ALL);
  expect(
    lines
      .filter(({ msg }) => msg === 'x')
      .map((line) => Number(line['level']))
      .sort(),
  ).toEqual(levels);
});
