/** One behaviour that AWS does not document: what it can be, what it is by default, and why. */
interface Choice {
  /** The first is the default. */
  values: readonly [string, string, ...string[]];
  /** The value under `--relaxed`, where that differs. */
  relaxed?: string;
  about: string;
  reason: string;
}

/** Every undocumented behaviour of Migration Hub by name; docs/emulator.md shows this table, and a test compares them. */
export const SWITCHES = {
  lateNotification: {
    values: ['last-write', 'newest-time'],
    about: 'a notification whose UpdateDateTime is older than that of the one before',
    reason: 'the API has no ordering token and no conflict error, so the last to arrive wins',
  },
  afterTerminal: {
    values: ['accept', 'ignore', 'reject'],
    about: 'a notification that is not terminal, after COMPLETED or FAILED',
    reason: 'no error is documented for it',
  },
  terminalStaleness: {
    values: ['never-stale', 'counts'],
    about: 'whether a COMPLETED or FAILED task becomes stale past its deadline',
    reason: 'nothing more is expected of it',
  },
  nextUpdateSecondsZero: {
    values: ['stale-at-once', 'never-stale', 'reject'],
    about: 'NextUpdateSeconds 0',
    reason: 'the model allows it, and 0 seconds after the update is at once',
  },
  nextUpdateSecondsAboveInt32: {
    values: ['reject', 'accept'],
    relaxed: 'accept',
    about: 'NextUpdateSeconds above 2147483647; one AWS solution sends 9223372036854775807',
    reason: 'the model says a 32-bit integer',
  },
  multiLineStatusDetail: {
    values: ['reject', 'accept'],
    relaxed: 'accept',
    about: 'a line end in StatusDetail',
    reason: 'the pattern of the model is a dot, which excludes line ends',
  },
  futureUpdateDateTime: {
    values: ['accept', 'reject'],
    about: 'an UpdateDateTime more than 15 minutes ahead of the emulator',
    reason: 'no limit is documented',
  },
  reimport: {
    values: ['keep', 'reset'],
    about: 'ImportMigrationTask of a task that exists',
    reason: 'callers in public code import again before every notification',
  },
  neverNotified: {
    values: ['no-task', 'not-started'],
    about: 'Task in DescribeMigrationTask, and Status in ListMigrationTasks, before the first notification',
    reason: 'the members are optional, and nobody has said a status yet',
  },
  repeatedNotification: {
    values: ['history-row', 'no-row'],
    about: 'whether ListMigrationTaskUpdates shows a notification that repeats the last one to the byte',
    reason: 'the operation is said to return all updates',
  },
  updatesOrder: {
    values: ['oldest-first', 'newest-first'],
    about: 'the order of ListMigrationTaskUpdates',
    reason: 'it is the order in which they came',
  },
  disassociateUnknown: {
    values: ['success', 'not-found'],
    about: 'a Disassociate of what is not associated',
    reason: 'repeating a call then does no harm, as with the other operations',
  },
  unknownApplication: {
    values: ['accept', 'not-found', 'policy-error'],
    about: 'NotifyApplicationState of an application that Application Discovery does not know',
    reason: 'the emulator has no Application Discovery, so any id is taken for known',
  },
  homeRegionNotSetOnReads: {
    values: ['reject', 'allow'],
    relaxed: 'allow',
    about: 'Describe and List while no home region is set',
    reason: 'the model lists HomeRegionNotSetException for them; the pages of the documentation disagree',
  },
  readsElsewhere: {
    values: ['home-data', 'nothing', 'reject'],
    about: 'Describe and List signed for another region than the home region',
    reason: 'reads are documented as allowed there; what they return is not',
  },
  writesElsewhere: {
    values: ['reject', 'accept'],
    relaxed: 'accept',
    about: 'a write signed for another region than the home region (InvalidInputException)',
    reason: 'documented, except for the name of the error, on which the pages disagree',
  },
  changeHomeRegion: {
    values: ['reject', 'replace'],
    about: 'CreateHomeRegionControl for another region while one is set',
    reason: 'a home region is documented as lasting; delete the control first',
  },
  homeRegionCheck: {
    values: ['after-input', 'before-input'],
    about: 'whether the input or the home region is checked first',
    reason: 'a caller learns of the own mistake first',
  },
  dryRunAfter: {
    values: ['home-region', 'input', 'existence'],
    about: 'which check is the last before a dry run is answered',
    reason: 'a dry run asks for permission; existence may come later, a wrong region never gets right',
  },
  unknownMembers: {
    values: ['ignore', 'reject'],
    about: 'members of an input that the model does not know',
    reason: 'Smithy servers ignore them, so that newer clients work',
  },
  foreignToken: {
    values: ['InvalidInputException', 'InvalidToken'],
    about: 'the error for a NextToken that the list has not given',
    reason: 'InvalidToken is documented for the newer lists, but no model has it',
  },
  successBody: {
    values: ['empty-object', 'nothing'],
    about: 'the body of a success without output',
    reason: 'the protocol asks for an object; the documentation says an empty body',
  },
  vmAttributesWithoutManager: {
    values: ['drop', 'keep'],
    about: 'VM_* attributes without VM_MANAGER_ID in PutResourceAttributes',
    reason: 'documented: they are dropped in silence',
  },
} as const satisfies Record<string, Choice>;

export type SwitchName = keyof typeof SWITCHES;
/** The value of every switch. */
export type Switches = { [Name in SwitchName]: (typeof SWITCHES)[Name]['values'][number] };

/** `strict` takes what the model and the documentation take; `relaxed` also what AWS might take. */
export type Strictness = 'strict' | 'relaxed';

/** A switch that does not exist, or a value it does not have; the message names both and what there is. */
export class SwitchError extends Error {
  override readonly name = 'SwitchError';
}

/** All switches: the defaults of `strictness`, and over them what is given. @throws SwitchError */
export function switchesOf(given: Readonly<Record<string, unknown>> = {}, strictness: Strictness = 'strict'): Switches {
  const choices: [string, Choice][] = Object.entries(SWITCHES);
  for (const name of Object.keys(given))
    if (!Object.hasOwn(SWITCHES, name))
      throw new SwitchError(`there is no switch ${name}: the switches are ${Object.keys(SWITCHES).join(', ')}`);
  return Object.fromEntries(
    choices.map(([name, { values, relaxed }]) => {
      const value = given[name] ?? (strictness === 'relaxed' ? relaxed : undefined) ?? values[0];
      if (!values.includes(value as string))
        throw new SwitchError(`${name} is ${JSON.stringify(value)}, but it must be one of ${values.join(', ')}`);
      return [name, value];
    }),
  ) as Switches;
}
