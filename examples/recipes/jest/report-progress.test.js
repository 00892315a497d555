const { startEmulator } = require('temporal-migration-hub/emulator');
const { reportProgress } = require('./report-progress');

let emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-west-2',
    AWS_ENDPOINT_URL_MIGRATION_HUB: emulator.url,
  });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

test('Migration Hub has what was reported', async () => {
  await reportProgress('web-01', 40);
  expect(emulator.tasks()).toMatchObject([{ status: 'IN_PROGRESS', progressPercent: 40 }]);
});

test('a call that Migration Hub throttles is made again', async () => {
  const match = { operation: 'NotifyMigrationTaskState' };
  emulator.setFaults([{ match, times: 1, action: { type: 'throttle' } }]);
  await reportProgress('web-01', 50);
  expect(emulator.requests(match).map(({ httpStatus }) => httpStatus)).toEqual([400, 200]);
});

test('an account without access: the caller hears of it', async () => {
  emulator.setFaults([{ action: { type: 'access-denied' } }]);
  await expect(reportProgress('web-01', 60)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(emulator.tasks()).toEqual([]);
});
