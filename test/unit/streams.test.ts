import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endQuietly, finishUnread } from '../../src/cli/streams';

const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
const exit = vi.spyOn(process, 'exit');
beforeEach(() => {
  exit.mockReset().mockImplementation(() => undefined as never);
  endQuietly();
});
afterEach(() => {
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
});

it('a command ends when nobody reads its data, and goes on when nobody reads its notes', () => {
  process.stderr.emit('error', gone);
  expect(exit).not.toHaveBeenCalled();
  process.stdout.emit('error', gone);
  expect(exit).toHaveBeenCalledWith(0);
});

it('one that changes something goes on in any case, and the next one does not', () => {
  finishUnread();
  process.stdout.emit('error', gone);
  expect(exit).not.toHaveBeenCalled();
  endQuietly();
  process.stdout.emit('error', gone);
  expect(exit).toHaveBeenCalledOnce();
});

it('another error is not passed over', () => {
  const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
  for (const stream of [process.stdout, process.stderr]) expect(() => stream.emit('error', full)).toThrow('ENOSPC');
});
