import { expect, it } from 'vitest';
import { Remembered } from '../../src/async/remembered';

it('an answer that fails late does not make the newer one forgotten', async () => {
  const remembered = new Remembered<string>(1000);
  let fail = (_error: Error): void => undefined;
  const late = remembered.get('a', () => new Promise((_resolve, reject) => (fail = reject)));
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await remembered.get('a', () => Promise.resolve('newer'));
  fail(new Error('late'));
  await expect(late).rejects.toThrow('late');
  expect(await remembered.get('a', () => Promise.resolve('asked again'))).toBe('newer');
});
