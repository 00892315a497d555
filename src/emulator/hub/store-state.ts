import { closedObject, settingCheck } from '../settings/setting-check';
import { SettingError } from '../settings/setting-error';
import type { LedgerState } from '../time/staleness-ledger';
import type { Associated, Notification, StoredApplication, StoredTask, Update } from './store';

/** A task as JSON. */
export interface TaskState extends Omit<
  StoredTask,
  'last' | 'updates' | 'artifacts' | 'discovered' | 'sources' | 'ledger'
> {
  last: Notification | null;
  updates: Update[];
  artifacts: Associated[];
  discovered: Associated[];
  sources: Associated[];
  ledger: LedgerState;
}

/** What Migration Hub holds for one account, as JSON. */
export interface StoreState {
  streams: { name: string; seq: number; /** Epoch seconds at which its deletion is done. */ goneAt?: number }[];
  tasks: TaskState[];
  applications: StoredApplication[];
}

/** One account as JSON. */
export interface AccountState extends StoreState {
  id: string;
  control: { controlId: string; homeRegion: string; requestedTime: number } | null;
}

/** All that an emulator holds, as `GET /_mgh/state` answers it. */
export interface EmulatorState {
  accounts: AccountState[];
}

/** The same as `POST /_mgh/seed` takes it: of a task stream, name and seq, of an account id, streams and tasks are enough. */
export interface SeededState {
  accounts: SeededAccount[];
}
type SeededTask = Partial<TaskState> & Pick<TaskState, 'stream' | 'name' | 'seq'>;
export type SeededStore = Pick<StoreState, 'streams'> & { tasks: SeededTask[]; applications?: StoredApplication[] };
type SeededAccount = SeededStore & Pick<AccountState, 'id'> & Partial<Pick<AccountState, 'control'>>;

const number = { type: 'number' };
const count = { type: 'integer', minimum: 0 };
/** Page tokens go by it: it leaves room for what comes after. */
const seq = { type: 'integer', minimum: 1, maximum: 1e15 };
const text = { type: 'string', minLength: 1 };
const list = (items: object) => ({ type: 'array', items });
const all = (properties: Record<string, object>) => closedObject(properties, Object.keys(properties));
/** What a hand-written state may leave out is empty. */
const some = (properties: Record<string, object>, required: string[]) => closedObject(properties, required);
const orNull = (schema: object) => ({ ...schema, type: ['object', 'null'] });

const notification = {
  status: { enum: ['NOT_STARTED', 'IN_PROGRESS', 'FAILED', 'COMPLETED'] },
  statusDetail: { type: 'string' },
  progressPercent: { type: 'integer', minimum: 0, maximum: 100 },
  updateDateTime: number,
  nextUpdateSeconds: { type: 'number', minimum: 0 },
};
const needed = ['status', 'updateDateTime', 'nextUpdateSeconds'];
const associated = closedObject(
  { seq, name: text, description: { type: 'string' }, statusDetail: { type: 'string' } },
  ['seq', 'name'],
);
const task = some(
  {
    stream: text,
    name: text,
    seq,
    last: orNull(closedObject(notification, needed)),
    updates: list(closedObject({ ...notification, seq }, [...needed, 'seq'])),
    droppedUpdates: count,
    attributes: list(all({ Type: text, Value: text })),
    artifacts: list(associated),
    discovered: list(associated),
    sources: list(associated),
    notifications: count,
    ledger: all({
      deadline: { type: ['number', 'null'] },
      arrivedAt: number,
      closed: list(all({ from: number, to: number })),
    }),
  },
  ['stream', 'name', 'seq'],
);
const account = some(
  {
    id: { type: 'string', pattern: '^\\d{12}$' },
    control: orNull(all({ controlId: text, homeRegion: text, requestedTime: number })),
    streams: list(closedObject({ name: text, seq, goneAt: number }, ['name', 'seq'])),
    tasks: list(task),
    applications: list(all({ seq, id: text, status: text, lastUpdatedTime: number })),
  },
  ['id', 'streams', 'tasks'],
);

const check = settingCheck<SeededState>(all({ accounts: list(account) }), 'The state');

/** Throws for the second of two entries that are the same in something. */
function checkUnique(where: string, keys: (string | number)[], what = ''): void {
  const seen = new Map<string | number, number>();
  keys.forEach((key, index) => {
    const before = seen.get(key);
    if (before !== undefined && what !== '')
      throw new SettingError(
        `${where}.${index}.${what} is ${key}, which is that of ${where}.${before}, too: change one`,
      );
    if (before !== undefined)
      throw new SettingError(`${where}.${index} is there already, as ${where}.${before}: leave one`);
    seen.set(key, index);
  });
}

/** Answers the state when it can be used, else throws a SettingError that names the field. */
export function checkEmulatorState(state: unknown): SeededState {
  const checked = check(state);
  checkUnique(
    'accounts',
    checked.accounts.map(({ id }) => id),
  );
  checked.accounts.forEach(({ streams, tasks }, i) => {
    const where = `accounts.${i}`;
    checkUnique(
      `${where}.streams`,
      streams.map(({ name }) => name),
    );
    checkUnique(
      `${where}.tasks`,
      tasks.map(({ stream, name }) => JSON.stringify([stream, name])),
    );
    const seqsOf = (things: { seq: number }[] = []) => things.map(({ seq: each }) => each);
    checkUnique(`${where}.streams`, seqsOf(streams), 'seq');
    checkUnique(`${where}.tasks`, seqsOf(tasks), 'seq');
    tasks.forEach(({ updates }, index) => checkUnique(`${where}.tasks.${index}.updates`, seqsOf(updates), 'seq'));
    const known = new Set(streams.map(({ name }) => name));
    tasks.forEach(({ stream }, index) => {
      if (!known.has(stream))
        throw new SettingError(`${where}.tasks.${index}.stream must be one of streams, not ${stream}`);
    });
  });
  return checked;
}
