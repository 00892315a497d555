import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { emulatorAndClient, failure, importTask, notify, post } from './support';

test('text-400 is a 400 without an AWS error, and nothing is applied', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'text-400' } }]);
  expect(await failure(notify(client))).toMatchObject({ name: 'SyntaxError', $response: { statusCode: 400 } });
  const response = await post(hub, 'ListMigrationTasks', {});
  expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/plain', 'Bad Request']);
  expect(hub.tasks()).toMatchObject([{ notifications: 0 }]);
  expect(hub.requests().at(-1)).toMatchObject({ httpStatus: 400, error: null, fault: 'text-400' });
});

test('invalid-signature makes the SDK correct its clock, and nothing is applied', async () => {
  const { hub, client } = await emulatorAndClient({ clock: () => 0 });
  await importTask(client);
  hub.setFaults([{ action: { type: 'invalid-signature' }, times: 1 }]);
  expect(await failure(notify(client))).toMatchObject({ name: 'InvalidSignatureException' });
  expect(client.config.systemClockOffset).toBeGreaterThan(600_000);
  expect(client.config.systemClockOffset).toBeLessThanOrEqual(901_000);
  expect(hub.tasks()).toMatchObject([{ notifications: 0 }]);
});

test.each([-3600, 86_400])('invalid-signature skews the Date by the %i seconds asked for', async (skewSeconds) => {
  const { hub } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'invalid-signature', skewSeconds } }]);
  const before = Date.now();
  const { headers } = await post(hub, 'ListMigrationTasks', {});
  const unskewed = Date.parse(headers.get('date') ?? '') - skewSeconds * 1000;
  expect(unskewed).toBeGreaterThan(before - 1000); // the header has whole seconds
  expect(unskewed).toBeLessThanOrEqual(Date.now());
});

test('apply-then-hang does the work and never answers', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'apply-then-hang' } }]);
  const call = failure(notify(client));
  while (hub.tasks()[0]?.notifications !== 1) await new Promise((resolve) => setTimeout(resolve, 5));
  await hub.close();
  expect(await call).toMatchObject({ code: 'ECONNRESET' });
  expect(hub.requests().at(-1)).toMatchObject({ httpStatus: null, error: null, fault: 'apply-then-hang' });
});

test('truncate does the work, and the SDK sees an answer that breaks off', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'truncate' } }]);
  expect(await failure(notify(client))).toMatchObject({ code: 'ECONNRESET' });
  expect(hub.tasks()).toMatchObject([{ notifications: 1 }]);
  expect(hub.requests().at(-1)).toMatchObject({ httpStatus: 200, fault: 'truncate' });
});

test('truncate promises the whole length and sends the first half', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'truncate' } }]);
  const head = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-type: application/x-amz-json-1.1\r\n';
  const socket = connect(hub.port, '127.0.0.1');
  socket.write(`${head}x-amz-target: AWSMigrationHub.ListProgressUpdateStreams\r\n\r\n{}`);
  const [headers = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const whole = '{"ProgressUpdateStreamSummaryList":[{"ProgressUpdateStreamName":"DatacenterExit"}]}';
  expect(headers).toContain(`content-length: ${whole.length}`);
  expect(body).toBe(whole.slice(0, Math.floor(whole.length / 2)));
});

test('bad-json is a 200 that the SDK cannot read, and nothing is applied', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'bad-json' } }]);
  expect(await failure(notify(client))).toMatchObject({ name: 'SyntaxError', $response: { statusCode: 200 } });
  expect(hub.tasks()).toMatchObject([{ notifications: 0 }]);
});

test('empty-body does the work and answers 200 with nothing, which the SDK takes', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'empty-body' } }]);
  await notify(client);
  expect(hub.tasks()).toMatchObject([{ notifications: 1 }]);
  const response = await post(hub, 'ListMigrationTasks', {});
  expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '0', '']);
});

test('empty-body answers a refusal as ever', async () => {
  const { hub, client } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'empty-body' } }]);
  expect(await failure(notify(client))).toMatchObject({ name: 'ResourceNotFoundException' });
});
