import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator';
import type { NotifyItem, ReadBack } from '../../src/task-state';
import { AT, itemOf, NOTIFY, STREAM, useEmulator } from './activities';

const { emulator, activities, operations, onClose } = useEmulator();
const CREATE = 'CreateProgressUpdateStream';
const IMPORT = 'ImportMigrationTask';
const DESCRIBE = 'DescribeMigrationTask';
const PUT = 'PutResourceAttributes';

/** A task that is new to its heartbeat workflow. */
const newTask = (name: string, over: Partial<NotifyItem['notification']> = {}, register = {}): NotifyItem =>
  itemOf(name, over, { register });
const resourceAttributes = [{ type: 'IPV4_ADDRESS', value: '10.0.0.1' }];
const attach = [{ kind: 'resourceAttributes' as const, resourceAttributes }];
const attributesOf = (name: string): NotifyItem => ({
  progressUpdateStream: STREAM,
  migrationTaskName: name,
  attach,
});
/** Migration Hub did not know the task of an attachment. */
const FORGOTTEN = { registeredAnew: true, stateForgotten: true };
const requests = (operation: string, task?: string) => emulator().requests({ operation, task });

describe('a first notification', () => {
  it('makes stream and task known, reads back and is sent, in four calls', async () => {
    expect((await activities().notify([newTask('vm-1')])).others).toEqual({});
    expect(operations()).toEqual([CREATE, IMPORT, DESCRIBE, NOTIFY]);
    expect(emulator().tasks()).toMatchObject([{ migrationTaskName: 'vm-1', progressPercent: 10 }]);
  });

  it('of each of 50 tasks creates their stream once', async () => {
    const { notify } = activities({}, 20);
    await notify(Array.from({ length: 50 }, (_, i) => newTask(`vm-${i}`)));
    await notify([newTask('vm-50')]);
    expect(requests(CREATE)).toHaveLength(1);
    expect(requests(IMPORT)).toHaveLength(51);
    expect(requests(NOTIFY)).toHaveLength(51);
  });

  it('creates a stream again that Migration Hub has forgotten', async () => {
    const { notify } = activities();
    await notify([newTask('vm-1')]);
    emulator().reset();
    expect((await notify([newTask('vm-1')])).others).toEqual({});
    expect(operations()).toEqual([IMPORT, CREATE, IMPORT, DESCRIBE, NOTIFY]);
  });

  it('of who may write but not read is sent all the same', async () => {
    emulator().setFaults([{ match: { operation: DESCRIBE }, action: { type: 'access-denied' } }]);
    expect((await activities().notify([newTask('vm-1')])).others).toEqual({});
    expect(emulator().tasks()).toMatchObject([{ status: 'IN_PROGRESS' }]);
  });

  it('is not sent where reading back may pass: the workflow registers the task again', async () => {
    emulator().setFaults([{ match: { operation: DESCRIBE }, action: { type: 'throttle' } }]);
    expect((await activities().notify([newTask('vm-1')])).others).toMatchObject({
      0: { unregistered: true, failure: { type: 'ThrottlingException', retry: 'backoff' } },
    });
    expect(requests(NOTIFY)).toEqual([]);
  });

  it('is not sent either where that fails for credentials, which may be renewed before the next call', async () => {
    emulator().setFaults([{ match: { operation: DESCRIBE }, times: 1, action: { type: 'expired-token' } }]);
    const { notify } = activities();
    expect((await notify([newTask('vm-1')])).others).toMatchObject({ 0: { unregistered: true } });
    expect(requests(NOTIFY)).toEqual([]);
    expect((await notify([newTask('vm-1')])).others).toEqual({});
  });

  it('is not sent where its stream cannot be created; the next one tries again', async () => {
    const { notify } = activities();
    emulator().setFaults([{ match: { operation: CREATE }, times: 1, action: { type: 'access-denied' } }]);
    expect((await notify([newTask('vm-1')])).others).toMatchObject({
      0: { unregistered: true, failure: { type: 'AccessDeniedException', retry: 'operator' } },
    });
    expect((await notify([newTask('vm-1')])).others).toEqual({});
  });

  it.each<[string, Partial<NotifyItem['notification']>, object, ReadBack | undefined]>([
    ['a lower percent', { progressPercent: 5 }, {}, { status: 'IN_PROGRESS', progressPercent: 10 }],
    ['a lower percent that is allowed', { progressPercent: 5 }, { allowDecrease: true }, undefined],
    ['an older time', { updateDateTime: AT - 30 }, {}, { status: 'IN_PROGRESS', updateDateTime: AT }],
  ])('with %s than Migration Hub holds', async (_what, over, register, found) => {
    const { notify } = activities();
    await notify([newTask('vm-1')]);
    const { others } = await notify([newTask('vm-1', { updateDateTime: AT + 60, ...over }, register)]);
    expect(others).toMatchObject(found ? { 0: { found } } : {});
    expect(requests(NOTIFY)).toHaveLength(found ? 1 : 2);
  });

  it('does not follow an end, but where it reopens the task', async () => {
    const { notify } = activities();
    await notify([newTask('vm-1', { status: 'COMPLETED', progressPercent: 100 })]);
    const late = newTask('vm-1', { updateDateTime: AT + 60 });
    expect((await notify([late])).others).toMatchObject({
      0: { found: { status: 'COMPLETED', progressPercent: 100, updateDateTime: AT } },
    });
    expect((await notify([{ ...late, register: { reopen: true } }])).others).toEqual({});
    expect(emulator().tasks()).toMatchObject([{ status: 'IN_PROGRESS', notifications: 2 }]);
  });

  it('is not sent twice where only its answer was lost', async () => {
    const { notify } = activities();
    emulator().setFaults([{ match: { operation: NOTIFY }, times: 1, action: { type: 'apply-then-reset' } }]);
    expect((await notify([newTask('vm-1')])).others).toMatchObject({ 0: { failure: { type: 'NetworkError' } } });
    expect((await notify([newTask('vm-1')])).others).toEqual({});
    expect(emulator().tasks()).toMatchObject([{ updateDateTime: AT, progressPercent: 10 }]);
  });
});

describe('attributes', () => {
  it('are put after the notification that brings them', async () => {
    await activities().notify([{ ...newTask('vm-1'), attach }]);
    expect(operations()).toEqual([CREATE, IMPORT, DESCRIBE, NOTIFY, PUT]);
    expect(emulator().tasks()).toMatchObject([{ attributes: resourceAttributes }]);
  });

  it('are not put where the notification was not taken', async () => {
    const { importTasks, notify } = activities();
    await importTasks('vm-1');
    emulator().setFaults([{ match: { operation: NOTIFY }, action: { type: 'access-denied' } }]);
    const { others } = await notify([itemOf('vm-1', {}, { attach })]);
    expect(others[0]).toMatchObject({ failure: { type: 'AccessDeniedException' } });
    expect(others[0]?.attachmentFailures).toBeUndefined();
    expect(requests(PUT)).toEqual([]);
  });

  it('hold no status back: for each task it is told whether Migration Hub took them', async () => {
    const { importTasks, notify } = activities();
    await importTasks('vm-1', 'vm-2', 'vm-3');
    emulator().setFaults([{ match: { operation: PUT, task: 'vm-1' }, action: { type: 'access-denied' } }]);
    const { others } = await notify([itemOf('vm-1', {}, { attach }), attributesOf('vm-2'), attributesOf('vm-3')]);
    expect(others).toMatchObject({ 0: { attachmentFailures: { 0: { type: 'AccessDeniedException' } } } });
    expect(others[0]?.failure).toBeUndefined();
    expect(Object.keys(others)).toEqual(['0']);
    expect(emulator().tasks()).toMatchObject([{ progressPercent: 10 }, {}, { attributes: resourceAttributes }]);
  });

  it('register a task that Migration Hub has forgotten', async () => {
    expect((await activities().notify([attributesOf('vm-1')])).others).toEqual({ 0: FORGOTTEN });
    expect(operations()).toEqual([PUT, DESCRIBE, CREATE, IMPORT, PUT]);
  });

  it('do so also where the task may not be read', async () => {
    emulator().setFaults([{ match: { operation: DESCRIBE }, action: { type: 'access-denied' } }]);
    expect((await activities().notify([attributesOf('vm-1')])).others).toEqual({ 0: FORGOTTEN });
    expect(operations()).toEqual([PUT, DESCRIBE, CREATE, IMPORT, PUT]);
  });

  it('wait where the task cannot be read for now', async () => {
    emulator().setFaults([{ match: { operation: DESCRIBE }, action: { type: 'throttle' } }]);
    expect((await activities().notify([attributesOf('vm-1')])).others).toMatchObject({
      0: { attachmentFailures: { 0: { type: 'ThrottlingException', retry: 'backoff' } } },
    });
    expect(operations()).toEqual([PUT, DESCRIBE]);
  });
});

describe('artifacts and resources', () => {
  const AMI = 'arn:aws:ec2:us-west-2::image/ami-1';
  const ASSOCIATE = 'AssociateCreatedArtifact';
  const artifact = (name = AMI, more = {}) => ({ kind: 'createdArtifact' as const, name, ...more });
  const itemWith = (...calls: NonNullable<NotifyItem['attach']>): NotifyItem => ({
    ...attributesOf('vm-1'),
    register: {},
    attach: calls,
  });

  it('of a task that nobody has reported register it and send no status; what Migration Hub holds is told', async () => {
    const { notify } = activities();
    expect((await notify([itemWith(artifact())])).others).toEqual({});
    expect(operations()).toEqual([CREATE, IMPORT, DESCRIBE, ASSOCIATE]);
    await notify([newTask('vm-1', { status: 'COMPLETED', progressPercent: 100 })]);
    const { others } = await notify([itemWith(artifact())]);
    expect(others).toMatchObject({ 0: { found: { status: 'COMPLETED', progressPercent: 100 } } });
    expect(requests(ASSOCIATE)).toHaveLength(2);
    expect(requests(NOTIFY)).toHaveLength(1);
  });

  it('are called one after the other, in their order', async () => {
    const server = { kind: 'discoveredResource' as const, name: 'd-server-1' };
    const disassociate = true as const;
    const calls = [artifact(), server, artifact(AMI, { disassociate }), { ...server, disassociate }];
    expect((await activities().notify([itemWith(...calls)])).others).toEqual({});
    expect(operations().slice(3)).toEqual([
      ...[ASSOCIATE, 'AssociateDiscoveredResource', 'DisassociateCreatedArtifact', 'DisassociateDiscoveredResource'],
    ]);
  });

  it('come after the notifications of all tasks of their round', async () => {
    const { importTasks, notify } = activities({}, 1);
    await importTasks('vm-2');
    await notify([itemWith(artifact()), itemOf('vm-2')]);
    expect(operations().slice(-2)).toEqual([NOTIFY, ASSOCIATE]);
  });

  it('are called by the next activity attempt where a worker was lost before their turn', async () => {
    const { importTasks, notify } = activities();
    await importTasks('vm-1', 'vm-2');
    const given = [itemOf('vm-1', {}, { attach: [artifact()] }), itemOf('vm-2', {}, { attach: [artifact()] })];
    const heartbeatDetails = { done: '11', others: { 0: { attachmentsLeft: 1 } } };
    expect((await notify(given, { attempt: 2, heartbeatDetails })).others).toEqual({});
    expect(requests(NOTIFY)).toEqual([]);
    expect(requests(ASSOCIATE)).toMatchObject([{ migrationTaskName: 'vm-1' }]);
  });

  it('that are denied do not hold the next ones back; after one that is throttled the rest is left', async () => {
    const { notify } = activities();
    emulator().setFaults([
      { match: { operation: ASSOCIATE, nth: 1 }, action: { type: 'access-denied' } },
      { match: { operation: ASSOCIATE, nth: 2 }, action: { type: 'throttle' } },
    ]);
    const { others } = await notify([itemWith(...[1, 2, 3, 4].map((i) => artifact(`${AMI}${i}`)))]);
    expect(others).toMatchObject({
      0: {
        attachmentFailures: { 0: { type: 'AccessDeniedException' }, 2: { type: 'ThrottlingException' } },
        attachmentsLeft: 1,
      },
    });
    expect(requests(ASSOCIATE)).toHaveLength(3);
  });

  it('that Migration Hub does not know say nothing of their task, and do not hold the next ones back', async () => {
    const strict = await startEmulator({ switches: { disassociateUnknown: 'not-found' } });
    onClose(() => strict.close());
    const calls = [artifact(AMI, { disassociate: true as const }), artifact()];
    const { others } = await activities({ endpoint: strict.url }).notify([itemWith(...calls)]);
    expect(others).toMatchObject({ 0: { attachmentFailures: { 0: { type: 'ResourceNotFoundException' } } } });
    expect(Object.keys(others[0] ?? {})).toEqual(['attachmentFailures']);
    expect(strict.requests({ operation: ASSOCIATE })).toHaveLength(1);
    expect(strict.requests({ operation: IMPORT })).toHaveLength(1);
  });

  it('that Migration Hub does not know do not hide that it has forgotten the task, too', async () => {
    const strict = await startEmulator({ switches: { disassociateUnknown: 'not-found' } });
    onClose(() => strict.close());
    const attach = [artifact(AMI, { disassociate: true as const }), artifact()];
    const { others } = await activities({ endpoint: strict.url }).notify([{ ...attributesOf('vm-1'), attach }]);
    expect(others).toMatchObject({
      0: { ...FORGOTTEN, attachmentFailures: { 0: { type: 'ResourceNotFoundException' } } },
    });
    expect(Object.keys(others[0]?.attachmentFailures ?? {})).toEqual(['0']);
  });

  it('that the installed AWS client has no operation for wait for the mend that is told, and nothing is sent', async () => {
    const { others } = await activities().notify([itemWith({ kind: 'sourceResource', name: 'web-01' }, artifact())]);
    const why = others[0]?.attachmentFailures?.[0];
    expect(why).toMatchObject({ type: 'OperationNotInClient', retry: 'operator' });
    expect(why?.message).toContain('@aws-sdk/client-migration-hub has no AssociateSourceResource');
    expect(why?.message).toContain('npm install @aws-sdk/client-migration-hub@latest');
    expect(operations()).toEqual([CREATE, IMPORT, DESCRIBE, ASSOCIATE]);
  });
});
