import { closedObject, settingCheck } from '../settings/setting-check';
import { SettingError } from '../settings/setting-error';
import type { LedgerState } from '../time/staleness-ledger';
import type { Associated, Notification, StoredApplication, StoredTask, Update } from './stored-task';

/** A task as JSON. */
export interface TaskState extends Omit<
  StoredTask,
  'last' | 'updates' | 'artifacts' | 'discovered' | 'sources' | 'ledger'
> {
  /** The state that DescribeMigrationTask returns; null when there is none. */
  last: Notification | null;
  /** The rows of ListMigrationTaskUpdates, oldest first. */
  updates: Update[];
  /** The created artifacts. */
  artifacts: Associated[];
  /** The discovered resources. */
  discovered: Associated[];
  /** The source resources. */
  sources: Associated[];
  /** When the task was stale. */
  ledger: LedgerState;
}

/** A stream as JSON. */
export interface StreamState {
  /** The name. */
  name: string;
  /** The position in the order of creation. */
  seq: number;
  /** When its deletion is complete, epoch seconds; absent when it is not being deleted. */
  goneAt?: number;
}

/** What a dump has: what exists by the clock, or also streams whose deletion is complete, which a clock that goes back shows again. */
export type Dumped = 'existing' | 'all';

/** Everything that Migration Hub holds for one account, as JSON. */
export interface StoreState {
  /** The streams in order of creation. */
  streams: StreamState[];
  /** The tasks in order of first import. */
  tasks: TaskState[];
  /** The application states. */
  applications: StoredApplication[];
}

/** The home region control of an account, as CreateHomeRegionControl makes it. */
export interface HomeRegionControl {
  /** `hrc-` and twelve characters; the same for the same account and region. */
  controlId: string;
  /** The home region, e.g. `us-west-2`. */
  homeRegion: string;
  /** When it was requested, epoch seconds. */
  requestedTime: number;
}

/** One account as JSON. */
export interface AccountState extends StoreState {
  /** The account id, twelve digits. */
  id: string;
  /** The home region control; null when no home region is set. */
  control: HomeRegionControl | null;
}

/** Everything that an emulator holds, as `GET /_mgh/state` returns it. */
export interface EmulatorState {
  /** The accounts in the order of their first call. */
  accounts: AccountState[];
}

/** A task as `POST /_mgh/seed` accepts it. What is left out is empty. */
export type SeededTask = Partial<TaskState> & Pick<TaskState, 'stream' | 'name' | 'seq'>;

/** The content of a store as `POST /_mgh/seed` accepts it. */
export interface SeededStore extends Pick<StoreState, 'streams'>, Partial<Pick<StoreState, 'applications'>> {
  /** The tasks. */
  tasks: SeededTask[];
}

/** An account as `POST /_mgh/seed` accepts it; without `control` it has the home region that every account has at first. */
export type SeededAccount = SeededStore & Pick<AccountState, 'id'> & Partial<Pick<AccountState, 'control'>>;

/** A state as `POST /_mgh/seed` accepts it. */
export interface SeededState {
  /** The accounts. */
  accounts: SeededAccount[];
}

const number = { type: 'number' };
const count = { type: 'integer', minimum: 0 };
/** The position in a list. The maximum leaves room for later ones. */
const seq = { type: 'integer', minimum: 1, maximum: 1e15 };
const text = { type: 'string', minLength: 1 };
const list = (items: object) => ({ type: 'array', items });
const all = (properties: Record<string, object>) => closedObject(properties, Object.keys(properties));
/** An object of which only some properties must be there. */
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

/** Throws a SettingError for the second of two entries with the same key; `what` is the property, if the key is one. */
function checkUnique(where: string, keys: (string | number)[], what = ''): void {
  const seen = new Map<string | number, number>();
  keys.forEach((key, index) => {
    const before = seen.get(key);
    if (before !== undefined && what !== '')
      throw new SettingError(`${where}.${index}.${what} is ${key}, as in ${where}.${before}: change one`);
    if (before !== undefined) throw new SettingError(`${where}.${index} repeats ${where}.${before}: remove one`);
    seen.set(key, index);
  });
}

interface Listed {
  seq: number;
}

/** Checks that each entry of a list has a name and a position of its own. */
function checkList<T extends Listed>(where: string, entries: T[] | undefined, nameOf: (entry: T) => string): void {
  if (!entries) return;
  checkUnique(where, entries.map(nameOf));
  checkPositions(where, entries);
}

const checkPositions = (where: string, entries: Listed[] = []): void =>
  checkUnique(
    where,
    entries.map((entry) => entry.seq),
    'seq',
  );

/** Checks the lists of one account. */
function checkAccount(where: string, { streams, tasks, applications }: SeededAccount): void {
  checkList(`${where}.streams`, streams, ({ name }) => name);
  checkList(`${where}.tasks`, tasks, ({ stream, name }) => JSON.stringify([stream, name]));
  checkList(`${where}.applications`, applications, ({ id }) => id);
  const known = new Set(streams.map(({ name }) => name));
  tasks.forEach(({ stream, updates, artifacts, discovered, sources }, index) => {
    const at = `${where}.tasks.${index}`;
    checkPositions(`${at}.updates`, updates);
    for (const [kind, things] of Object.entries({ artifacts, discovered, sources }))
      checkList(`${at}.${kind}`, things, ({ name }) => name);
    if (!known.has(stream)) throw new SettingError(`${at}.stream must be one of streams, not ${stream}`);
  });
}

/**
 * Checks a state for its form, not against the model of the API, and returns it. Lists may be in any order.
 * @throws SettingError that names the first field that is not valid
 */
export function checkEmulatorState(state: unknown): SeededState {
  const checked = check(state);
  checkUnique(
    'accounts',
    checked.accounts.map(({ id }) => id),
  );
  checked.accounts.forEach((each, i) => checkAccount(`accounts.${i}`, each));
  return checked;
}
