import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { colorsFor } from '../../src/cli/color';
import { showLive } from '../../src/cli/watch/live-screen';
import { LiveTable } from '../../src/cli/watch/live-table';
import type { ReportedState } from '../../src/task-state';
import { until } from '../../dev/histories/until';

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';

/** A terminal of which one sees what is written, and whether it is raw. */
function fakeTerminal(isTTY = true) {
  const raw: boolean[] = [];
  const setRawMode = (mode: boolean) => raw.push(mode);
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode });
  const output = Object.assign(new PassThrough(), { columns: 80, rows: 12 });
  let written = '';
  output.on('data', (data: Buffer) => (written += data.toString()));
  return { input, output, raw, written: () => written, forget: () => (written = '') };
}

/** States that never come, until the signal is aborted. */
const nothing = (signal: AbortSignal): AsyncIterable<ReportedState> =>
  iterable(
    () =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ done: true, value: undefined }), { once: true }),
      ),
  );
const iterable = (next: () => Promise<IteratorResult<ReportedState>>): AsyncIterable<ReportedState> => ({
  [Symbol.asyncIterator]: () => ({ next }),
});

function show(terminal: ReturnType<typeof fakeTerminal>, states = nothing) {
  const ending = new AbortController();
  const options = { colors: colorsFor('never'), timeFormat: 'iso' as const };
  const shown = showLive(states(ending.signal), new LiveTable('S'), terminal, {
    ...options,
    signal: ending.signal,
    end: () => ending.abort(),
  });
  return { shown, end: () => ending.abort() };
}

it.each([
  ['q', 'q'],
  ['Ctrl-C', '\u0003'],
])('%s ends it, and the terminal is as it was', async (_name, key) => {
  const terminal = fakeTerminal();
  const { shown } = show(terminal);
  await until('it to be drawn', () => terminal.written().includes('no task seen yet'));
  expect(terminal.written()).toContain(ENTER);
  terminal.input.write(key);
  await shown;
  expect(terminal.written().endsWith(LEAVE)).toBe(true);
  expect(terminal.raw).toEqual([true, false]);
  expect(terminal.input.listenerCount('keypress')).toBe(0);
  expect(terminal.output.listenerCount('resize')).toBe(0);
  expect(process.listeners('exit').filter(({ name }) => name === 'leave')).toEqual([]);
});

it('a terminal that changes its size is drawn anew, and what is typed is shown', async () => {
  const terminal = fakeTerminal();
  const { shown, end } = show(terminal);
  await until('it to be drawn', () => terminal.written().includes('no task'));
  terminal.forget();
  Object.assign(terminal.output, { columns: 20, rows: 5 }).emit('resize');
  await until('it to be drawn', () => terminal.written() !== '');
  expect(terminal.written().split('\r\n')).toHaveLength(5);
  terminal.input.write('/web');
  await until('the filter', () => terminal.written().includes('/web_'));
  end();
  await shown;
});

it('where it fails the terminal is as it was, too; without keys it is left alone', async () => {
  const terminal = fakeTerminal(false);
  const { shown } = show(terminal, () => iterable(() => Promise.reject(new Error('no such namespace'))));
  await expect(shown).rejects.toThrow('no such namespace');
  expect(terminal.written().endsWith(LEAVE)).toBe(true);
  expect(terminal.raw).toEqual([]);
});
