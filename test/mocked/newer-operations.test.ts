import type * as sdk from '@aws-sdk/client-migration-hub';
import { expect, it, vi } from 'vitest';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import { MigrationHubError } from '../../src/migration-hub/errors';
import { isInClient } from '../../src/migration-hub/newer-command';
import { AT, environment, failureOf, itemOf, STREAM, useEmulator } from '../unit/activities';

const { emulator, activities, onClose, operations } = useEmulator();
const task = { progressUpdateStream: STREAM, migrationTaskName: 'vm-1' };

/** Of a command: what it does with a request, and with an answer. */
type Stack = sdk.MigrationHubClient['middlewareStack'];

/** A command as a newer AWS client has it: on the wire it is another one, with its own name and input. */
const newer = vi.hoisted(() => (base: new (input: never) => { middlewareStack: unknown }, operation: string) => {
  return class extends base {
    constructor(input: object) {
      super({ ProgressUpdateStream: 'x', MigrationTaskName: 'x', CreatedArtifact: { Name: 'x' } } as never);
      const stack = this.middlewareStack as Stack;
      stack.add(
        (next) => (args) => {
          const request = args.request as { headers: Record<string, string>; body: string };
          request.body = JSON.stringify(input);
          request.headers['x-amz-target'] = `AWSMigrationHub.${operation}`;
          request.headers['content-length'] = String(Buffer.byteLength(request.body));
          return next(args);
        },
        { step: 'build', priority: 'low', name: 'newer' },
      );
      stack.add(
        (next) => async (args) => {
          const result = await next(args);
          const { MigrationTaskUpdateList = [] } = result.output as {
            MigrationTaskUpdateList?: { UpdateDateTime: unknown }[];
          };
          for (const each of MigrationTaskUpdateList)
            each.UpdateDateTime = new Date(Number(each.UpdateDateTime) * 1000);
          return result;
        },
        { step: 'initialize', name: 'newerAnswer' },
      );
    }
  };
});

vi.mock('@aws-sdk/client-migration-hub', async (original) => {
  const real = await original<typeof sdk>();
  const found: Record<string, unknown> = { ...real };
  for (const operation of ['AssociateSourceResource', 'DisassociateSourceResource'])
    found[`${operation}Command`] = newer(real.AssociateCreatedArtifactCommand as never, operation);
  for (const operation of ['ListSourceResources', 'ListMigrationTaskUpdates'])
    found[`${operation}Command`] = newer(real.ListCreatedArtifactsCommand as never, operation);
  return found;
});

const run = <T>(work: () => Promise<T>): Promise<T> => environment().env.run(work);

it('with a newer AWS client source resources are associated, listed over pages, and disassociated', async () => {
  expect(isInClient('AssociateSourceResource')).toBe(true);
  const all = activities();
  const source = (name: string, more = {}) => ({ kind: 'sourceResource' as const, name, ...more });
  const many = Array.from({ length: 12 }, (_, i) => source(`web-${i}`, { description: 'web', statusDetail: 'found' }));
  expect((await all.notify([itemOf('vm-1', {}, { register: {}, attach: many })])).others).toEqual({});
  const listed = await run(() => all.listSourceResources(task));
  expect(listed).toHaveLength(12);
  expect(listed[0]).toEqual({ name: 'web-0', description: 'web', statusDetail: 'found' });
  const gone = [source('web-0', { disassociate: true as const })];
  expect((await all.notify([itemOf('vm-1', {}, { attach: gone })])).others).toEqual({});
  expect((await run(() => all.listSourceResources(task))).map(({ name }) => name)).not.toContain('web-0');
});

it('with a newer AWS client the states that Migration Hub was told can be listed', async () => {
  const all = activities();
  await all.notify([itemOf('vm-1', {}, { register: {} })]);
  await all.notify([itemOf('vm-1', { updateDateTime: AT + 60, status: 'COMPLETED', statusDetail: undefined })]);
  expect(await run(() => all.listMigrationTaskUpdates(task))).toEqual([
    { status: 'IN_PROGRESS', statusDetail: 'replicating', progressPercent: 10, updateDateTime: AT },
    { status: 'COMPLETED', progressPercent: 10, updateDateTime: AT + 60 },
  ]);
});

it('what is read fails with the name of the AWS error, at once where no retry helps; what is no task as InvalidReport', async () => {
  const all = activities();
  expect(await failureOf(run(() => all.listSourceResources(task)))).toMatchObject({
    type: 'ResourceNotFoundException',
    nonRetryable: true,
  });
  expect(await failureOf(run(() => all.listMigrationTaskUpdates({ ...task, migrationTaskName: 'a:b' })))).toMatchObject(
    {
      type: 'InvalidReport',
      nonRetryable: true,
    },
  );
  emulator().setFaults([{ match: { operation: 'ListSourceResources' }, action: { type: 'throttle' } }]);
  expect(await failureOf(run(() => all.listSourceResources(task)))).toMatchObject({ nonRetryable: false });
});

it('a dry run of each of the calls changes nothing', async () => {
  const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: emulator().url });
  onClose(() => hub.destroy());
  await hub.createProgressUpdateStream(STREAM);
  await hub.importMigrationTask(task);
  const arn = 'arn:aws:ec2:us-west-2::image/ami-1';
  const dryRun = { dryRun: true };
  await hub.associateCreatedArtifact(task, { name: arn }, dryRun);
  await hub.disassociateCreatedArtifact(task, arn, dryRun);
  await hub.associateDiscoveredResource(task, 'd-server-1', dryRun);
  await hub.disassociateDiscoveredResource(task, 'd-server-1', dryRun);
  await hub.associateSourceResource(task, { name: 'web-01' }, dryRun);
  await hub.disassociateSourceResource(task, 'web-01', dryRun);
  expect(operations()).toHaveLength(8);
  expect(await hub.listSourceResources(task, 100)).toEqual([]);
  await expect(hub.associateCreatedArtifact(task, { name: 'ami-1' })).rejects.toThrow(MigrationHubError);
});
