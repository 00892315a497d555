import { expect, it, vi } from 'vitest';
import { tellReport } from '../../src/cli/tell-report';

it('a report that was accepted is said to be, where nobody can be asked whether it is delivered', async () => {
  const written = { out: '', err: '' };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((written.out += String(text)))),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((written.err += String(text)))),
  ];
  const failed = Object.assign(new Error('7 PERMISSION_DENIED: no'), { code: 7 });
  const hub = { lastReportedState: () => Promise.reject(failed) } as never;
  const task = { progressUpdateStream: 'S', migrationTaskName: 'vm-1' };
  try {
    await tellReport(
      hub,
      { ...task, ownerId: 'me', sequence: 1 },
      { ...task, status: 'COMPLETED' },
      { output: 'json', timeFormat: 'iso' },
    );
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  expect(JSON.parse(written.out)).toMatchObject({ ...task, status: 'COMPLETED', delivered: false });
  expect(written.err).toMatch(
    /^S\/vm-1: accepted; whether it is delivered could not be asked: the API key or certificate has no permission.*\n$/,
  );
});
