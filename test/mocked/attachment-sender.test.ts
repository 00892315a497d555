import { beforeEach, expect, it, vi } from 'vitest';
import { AttachmentSender } from '../../src/migration-task/attachment-sender';

const { warn, condition, associateArtifact } = vi.hoisted(() => ({
  warn: vi.fn(),
  condition: vi.fn(),
  associateArtifact: vi.fn(),
}));
vi.mock('@temporalio/workflow', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  CancellationScope: { nonCancellable: (work: () => unknown) => work() },
  condition,
  log: { warn },
  proxyActivities: () => ({ associateArtifact }),
}));

const change = { progressUpdateStream: 'S', migrationTaskName: 'vm-1', name: 'ami-1' };
/** Sends a change for which nobody waits any more; gives what makes it fail. */
async function sentInVain(sender: AttachmentSender): Promise<(error: Error) => void> {
  let fail: (error: Error) => void = () => undefined;
  associateArtifact.mockReturnValue(new Promise((_, reject) => (fail = reject)));
  await sender.send('associateArtifact', change, 1);
  return fail;
}
const told = (): unknown => warn.mock.lastCall?.[0];

beforeEach(() => {
  warn.mockClear();
  condition.mockResolvedValue(false);
});

it('a change that fails after its time was up is logged', async () => {
  const fail = await sentInVain(new AttachmentSender());
  expect(told()).toMatch(/^no worker answered .* an attachment waits for one: artifact$/);
  fail(new Error('name must be an ARN'));
  await vi.waitFor(() => expect(told()).toBe('an attachment was dropped: name must be an ARN'));
  expect(warn).toHaveBeenCalledTimes(2);
});

it('what is still on its way when the time to wait for it is up is named as lost, once', async () => {
  const sender = new AttachmentSender();
  await sender.idle(1);
  expect(warn).not.toHaveBeenCalled();
  const fail = await sentInVain(sender);
  await sender.idle(1);
  expect(told()).toMatch(/within 1 s; when this run ends, attachments are lost: artifact ami-1$/);
  warn.mockClear();
  await sender.idle(1);
  expect(warn).not.toHaveBeenCalled();
  fail(new Error('in vain'));
});
