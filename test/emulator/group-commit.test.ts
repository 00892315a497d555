import { expect, test } from 'vitest';
import { GroupCommit } from '../../src/emulator/state-file/group-commit';

/** A disk that finishes each step only when told, and says what it was asked. */
function slowDisk() {
  const asked: string[] = [];
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const step = (what: string) => {
    asked.push(what);
    return new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const commit = new GroupCommit({ write: (text) => step(text), sync: () => step('sync') });
  return {
    asked,
    commit,
    finish: async () => {
      waiting.shift()?.resolve();
      await turn();
    },
    fail: async () => {
      waiting.shift()?.reject(new Error('disk full'));
      await turn();
    },
    /** Tells what has become of `durable()` whenever it is asked. */
    durable: () => {
      let state = 'waiting';
      commit.durable().then(
        () => (state = 'on disk'),
        (error: Error) => (state = error.message),
      );
      return async () => {
        await turn();
        return state;
      };
    },
  };
}

test('a line is durable only after it was written and synced', async () => {
  const { asked, commit, finish, durable } = slowDisk();
  commit.add('a');
  const first = durable();
  expect([asked, await first()]).toEqual([['a\n'], 'waiting']);
  await finish();
  expect([asked, await first()]).toEqual([['a\n', 'sync'], 'waiting']);
  await finish();
  expect(await first()).toBe('on disk');
});

test('lines that come while the disk is busy share one write and one sync, in order', async () => {
  const { asked, commit, finish, durable } = slowDisk();
  commit.add('a');
  const first = durable();
  for (const line of ['b', 'c', 'd']) commit.add(line);
  const later = durable();
  await finish();
  await finish();
  expect([await first(), await later()]).toEqual(['on disk', 'waiting']);
  await finish();
  await finish();
  expect(await later()).toBe('on disk');
  expect(asked).toEqual(['a\n', 'sync', 'b\nc\nd\n', 'sync']);
});

test('who added nothing waits for what is on its way, and for nothing otherwise', async () => {
  const { commit, finish, durable } = slowDisk();
  expect(await durable()()).toBe('on disk');
  commit.add('a');
  await finish();
  const reader = durable();
  expect(await reader()).toBe('waiting');
  await finish();
  expect(await reader()).toBe('on disk');
  expect(await durable()()).toBe('on disk');
});

test('after a failure nothing is written any more, and everybody hears why', async () => {
  const { asked, commit, fail, durable } = slowDisk();
  commit.add('a');
  const first = durable();
  commit.add('b');
  const second = durable();
  await fail();
  expect([await first(), await second()]).toEqual(['disk full', 'disk full']);
  commit.add('c');
  expect(await durable()()).toBe('disk full');
  expect([asked, String(commit.failure)]).toEqual([['a\n'], 'Error: disk full']);
});
