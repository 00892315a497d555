import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AttachmentChange } from '../../src/report';
import type { AttachmentCall, NotifyFailure, Outcome, Round, TaskRecord, TaskStateView } from '../../src/task-state';
import { failure, groupOf, reportOf } from './tasks';

/** Migration Hub never takes this name, whatever is asked of it. */
const WRONG = 'wrong';

/** What becomes of a call: taken, taken with its answer lost, or not taken. */
type Fate = 'taken' | 'lost' | NotifyFailure;
type Step =
  | { kind: 'change'; name: string; description?: string; disassociate?: true }
  | { kind: 'server'; name: string }
  | { kind: 'round' }
  | { kind: 'settle'; fates: Fate[]; whole: boolean }
  | { kind: 'continueAsNew' }
  | { kind: 'wait'; seconds: number };

const kind = <K extends Step['kind']>(name: K) => fc.constant(name);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const fate = fc.oneof({ weight: 3, arbitrary: fc.constant<Fate>('taken') }, fc.constant<Fate>('lost'), {
  weight: 3,
  arbitrary: fc.constantFrom<Fate>(failure('backoff'), failure('operator'), failure('register'), failure('never')),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('change'),
      name: fc.constantFrom('a', 'b', WRONG),
      description: maybe(fc.constantFrom('one', 'two')),
      disassociate: fc.constantFrom(undefined, true as const),
    }),
  },
  fc.record({ kind: kind('server'), name: fc.constantFrom('d-1', 'd-2', 'd-3', WRONG) }),
  { weight: 2, arbitrary: fc.record({ kind: kind('round') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('settle'),
      fates: fc.array(fate, { minLength: 10, maxLength: 10 }),
      whole: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    }),
  },
  fc.record({ kind: kind('continueAsNew') }),
  fc.record({ kind: kind('wait'), seconds: fc.constantFrom(1, 40, 5000) }),
);

/** A task, and what Migration Hub keeps with it. */
class Model {
  private group = groupOf();
  private now = 1_000_000;
  private round?: Round;
  private sequence = 0;
  /** By kind and name, the description of each. */
  readonly hub = new Map<string, string | undefined>();
  readonly wanted = new Map<string, string | undefined>();
  /** What the group was told that Migration Hub has taken of. */
  private readonly told = new Set<string>();
  private server?: string;

  do(each: Step): void {
    if (each.kind === 'wait') this.now += each.seconds;
    if (each.kind === 'change') this.change(each);
    if (each.kind === 'server') this.report((this.server = each.name));
    if (each.kind === 'round') this.begin();
    if (each.kind === 'settle') this.settle(each.fates, each.whole);
    if (each.kind === 'continueAsNew' && !this.round) {
      const tasks = JSON.parse(JSON.stringify([...this.group.records.values()])) as TaskRecord[];
      this.group = groupOf({}, 0, tasks);
    }
  }

  /** Migration Hub takes everything from now on that it ever takes. */
  end(): void {
    if (this.server === WRONG) this.report((this.server = 'd-1'));
    if (this.server !== undefined) this.wanted.set(`discoveredResource ${this.server}`, undefined);
    for (let i = 0; i < 20; i++) {
      this.settle(Array<Fate>(10).fill('taken'), false);
      this.now += 4000;
      this.begin();
    }
    for (const key of this.wanted.keys()) if (key.endsWith(WRONG)) this.wanted.delete(key);
  }

  /** What is not as it should be yet, of the names that Migration Hub takes, and of the one that it need not have. */
  unsettled(): unknown[] {
    const { attachments = [] } = (this.group.view('vm-1', this.now) ?? {}) as TaskStateView;
    return attachments.filter(
      ({ name, state, disassociate }) => state === 'pending' && (name !== WRONG || disassociate),
    );
  }

  private change({ name, description, disassociate }: Extract<Step, { kind: 'change' }>): void {
    const change: AttachmentChange = {
      ...{ progressUpdateStream: 'S', migrationTaskName: 'vm-1', kind: 'createdArtifact', name },
      ...(disassociate ? { disassociate } : { description }),
      id: `run/${++this.sequence}`,
    };
    this.group.attach(change, this.now);
    // Of a change that comes twice the second counts for nothing.
    this.group.attach(change, this.now);
    const key = `createdArtifact ${name}`;
    if (disassociate) this.wanted.delete(key);
    else this.wanted.set(key, description);
  }

  private report(discoveredResource: string): void {
    this.group.take(reportOf(++this.sequence, { discoveredResource }), this.now);
  }

  private begin(): void {
    if (this.round) return;
    const round = this.group.takeDue(this.now);
    if (round.items.length > 0) this.round = JSON.parse(JSON.stringify({ ...round, records: [] })) as Round;
    if (this.round) this.round.records = round.records;
  }

  private settle(fates: Fate[], whole: boolean): void {
    const { round } = this;
    if (!round) return;
    this.round = undefined;
    const [item] = round.items;
    const attachmentFailures: Record<number, NotifyFailure> = {};
    (item?.attach ?? []).forEach((call, i) => {
      const became = this.fateOf(call, fates[i] as Fate);
      if (became === 'taken' && !whole) this.told.add(keyOf(call));
      if (became === 'taken' || became === 'lost') this.arrive(call);
      if (became === 'lost') attachmentFailures[i] = failure();
      if (typeof became === 'object') attachmentFailures[i] = became;
      // What is not there cannot be taken away.
      if (typeof became === 'object' && became.retry === 'register' && call.disassociate) this.arrive(call);
    });
    const outcome: Outcome = { attachmentFailures };
    const stampedAt = item?.notification?.updateDateTime;
    this.group.settle(
      round,
      whole ? failure('backoff', { type: 'WorkerLost' }) : { stampedAt, others: { 0: outcome } },
      this.now,
    );
  }

  private fateOf(call: AttachmentCall, fate: Fate): Fate {
    if (call.name === WRONG) return typeof fate === 'object' && fate.retry === 'backoff' ? fate : failure('never');
    const isNever = typeof fate === 'object' && fate.retry === 'never';
    // That a name is right which was taken with no answer known, and is then called wrong, nobody can know.
    const isUntold = this.hub.has(keyOf(call)) && !this.told.has(keyOf(call));
    return isNever && call.disassociate && isUntold ? failure() : fate;
  }

  private arrive(call: AttachmentCall): void {
    if (call.disassociate) this.hub.delete(keyOf(call));
    else this.hub.set(keyOf(call), call.description);
  }
}

const keyOf = ({ kind, name }: AttachmentCall): string => `${kind} ${name}`;

it('whatever the order of changes, rounds, failures and restarts: Migration Hub ends up with what was asked for last, and nothing else is asked of it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const model = new Model();
      for (const each of steps) model.do(each);
      model.end();
      expect(Object.fromEntries(model.hub)).toEqual(Object.fromEntries(model.wanted));
      expect(model.unsettled()).toEqual([]);
    }),
    { numRuns: 600 },
  );
});
