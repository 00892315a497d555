import fc from 'fast-check';
import { STATUSES, type TaskReport } from '../../src/report';
import type { NotifyFailure, ReadBack } from '../../src/task-state';
import { failure } from './tasks';

export const START = 1_000_000;
export const TASKS = ['vm-1', 'vm-2', 'vm-3'];

/** What becomes of one item of a round; `lost`: it was taken, but the answer did not come back. */
export type Fate = { arrives: boolean; failure?: NotifyFailure; notBegun?: boolean; unregistered?: boolean };
export type Step =
  | { kind: 'report'; task: string; ownerId: string; skip: number; content: Partial<TaskReport> }
  | { kind: 'send' }
  | { kind: 'settle'; which: number; fates: Fate[]; attempts: number; whole?: NotifyFailure }
  | { kind: 'continueAsNew' }
  | { kind: 'wait'; seconds: number };

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const kind = <K extends Step['kind']>(name: K) => fc.constant(name);
const rarely = fc.integer({ min: 0, max: 3 }).map((n) => n === 0);
const failureArbitrary: fc.Arbitrary<NotifyFailure> = fc
  .record({
    retry: fc.constantFrom('backoff' as const, 'operator' as const, 'register' as const, 'never' as const),
    retryAfterSeconds: maybe(fc.integer({ min: 0, max: 100 })),
  })
  .map(({ retry, retryAfterSeconds }) =>
    failure(retry, { ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }),
  );
const taken = fc.constant<Fate>({ arrives: true });
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: taken },
  fc.record({ arrives: fc.boolean(), failure: failureArbitrary }),
  fc.constant({ arrives: false, notBegun: true }),
  fc.record({ arrives: fc.constant(false), failure: failureArbitrary, unregistered: fc.constant(true) }),
);
export const report = fc.record({
  kind: kind('report'),
  task: fc.constantFrom(...TASKS),
  ownerId: fc.constantFrom('run-a', 'run-b'),
  skip: fc.integer({ min: 0, max: 2 }),
  content: fc.record({
    status: fc.oneof(fc.constant('IN_PROGRESS' as const), fc.constantFrom(...STATUSES)),
    statusDetail: maybe(fc.constantFrom('one', 'two', 'three')),
    progressPercent: maybe(fc.integer({ min: 0, max: 100 })),
    nextUpdateSeconds: maybe(fc.constantFrom(45, 60, 3600)),
    allowDecrease: rarely,
    reopen: rarely,
  }),
});
export const wait = fc.record({ kind: kind('wait'), seconds: fc.double({ min: 0.1, max: 90, noNaN: true }) });
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: report },
  wait,
  { weight: 2, arbitrary: fc.record({ kind: kind('send') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('settle'),
      which: fc.nat({ max: 3 }),
      fates: fc.array(fate, { minLength: TASKS.length, maxLength: TASKS.length }),
      attempts: fc.integer({ min: 1, max: 4 }),
      whole: fc.option(failureArbitrary, { nil: undefined, freq: 4 }),
    }),
  },
  fc.record({ kind: kind('continueAsNew') }),
);
export const linger = fc.constantFrom(0, 30, 3600);
/** What Migration Hub may hold of each task before the heartbeat workflow meets it. */
export const held: fc.Arbitrary<ReadBack> = fc.oneof(
  fc.constant({}),
  fc.record({
    status: fc.constantFrom('NOT_STARTED' as const, 'IN_PROGRESS' as const),
    updateDateTime: fc.double({ min: START - 100, max: START + 50, noNaN: true }),
  }),
);
