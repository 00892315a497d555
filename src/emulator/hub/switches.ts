/** One behaviour of Migration Hub that AWS does not document. */
export interface SwitchDescription {
  /** The values it may have; the first is the default. */
  values: readonly [string, string, ...string[]];
  /** The default with strictness `relaxed`, where that differs. */
  relaxed?: string;
  /** The behaviour. */
  about: string;
  /** Why the default is the default. */
  reason: string;
}

/** The behaviours of Migration Hub that AWS does not document, by the name of the switch that sets them. */
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
    reason: 'no further notification is expected',
  },
  nextUpdateSecondsZero: {
    values: ['stale-at-once', 'never-stale', 'reject'],
    about: 'NextUpdateSeconds 0',
    reason: 'the model allows it; a task is stale past its deadline, which is the time of the update then',
  },
  nextUpdateSecondsAboveInt32: {
    values: ['reject', 'accept'],
    relaxed: 'accept',
    about: 'NextUpdateSeconds above 2147483647; one AWS solution sends 9223372036854775807',
    reason: 'the model has a 32-bit integer',
  },
  multiLineStatusDetail: {
    values: ['reject', 'accept'],
    relaxed: 'accept',
    about: 'a line break in StatusDetail',
    reason: 'the pattern in the model is a dot, which excludes line breaks',
  },
  futureUpdateDateTime: {
    values: ['accept', 'reject'],
    about: 'an UpdateDateTime more than 15 minutes ahead of the emulator',
    reason: 'no limit is documented',
  },
  reimport: {
    values: ['keep', 'reset'],
    about: 'ImportMigrationTask of a task that exists',
    reason: 'public callers import the task again before every notification',
  },
  neverNotified: {
    values: ['no-task', 'not-started'],
    about: 'Task in DescribeMigrationTask, and Status in ListMigrationTasks, before the first notification',
    reason: 'the members are optional, and no status was notified yet',
  },
  repeatedNotification: {
    values: ['history-row', 'no-row'],
    about: 'whether ListMigrationTaskUpdates has a row for a notification that is identical to the last one',
    reason: 'the operation is documented to return all updates',
  },
  updatesOrder: {
    values: ['oldest-first', 'newest-first'],
    about: 'the order of ListMigrationTaskUpdates',
    reason: 'it is the order of arrival',
  },
  disassociateUnknown: {
    values: ['success', 'not-found'],
    about: 'a Disassociate call for a name that is not associated',
    reason: 'the call may then be repeated, as with the other operations',
  },
  unknownApplication: {
    values: ['accept', 'not-found', 'policy-error'],
    about: 'NotifyApplicationState of an application that Application Discovery does not know',
    reason: 'the emulator has no Application Discovery, so every id counts as known',
  },
  homeRegionNotSetOnReads: {
    values: ['reject', 'allow'],
    relaxed: 'allow',
    about: 'Describe and List while no home region is set',
    reason: 'the model lists HomeRegionNotSetException for them; the documentation is inconsistent',
  },
  readsElsewhere: {
    values: ['home-data', 'nothing', 'reject'],
    about: 'Describe and List calls signed for another region than the home region',
    reason: 'reads are documented as allowed there; what they return is not',
  },
  writesElsewhere: {
    values: ['reject', 'accept'],
    relaxed: 'accept',
    about: 'a write signed for another region than the home region (InvalidInputException)',
    reason: 'documented, but the pages name different errors',
  },
  changeHomeRegion: {
    values: ['reject', 'replace'],
    about: 'CreateHomeRegionControl for another region while one is set',
    reason: 'a home region is documented as permanent; delete the control first',
  },
  homeRegionCheck: {
    values: ['after-input', 'before-input'],
    about: 'whether the input or the home region is checked first',
    reason: 'an invalid input is the error of the caller, whatever the home region is',
  },
  dryRunAfter: {
    values: ['home-region', 'input', 'existence'],
    about: 'which check is the last before a dry run is answered',
    reason: 'a dry run checks permissions; a missing stream may be created later, a wrong region stays wrong',
  },
  unknownMembers: {
    values: ['ignore', 'reject'],
    about: 'members of an input that are not in the model',
    reason: 'Smithy servers ignore them, so that newer clients work',
  },
  foreignToken: {
    values: ['InvalidInputException', 'InvalidToken'],
    about: 'the error for a NextToken that the list did not return',
    reason: 'InvalidToken is documented for the newer lists, but is not in the model',
  },
  successBody: {
    values: ['empty-object', 'nothing'],
    about: 'the body of a successful call without output',
    reason: 'the protocol requires an object; the documentation has an empty body',
  },
  vmAttributesWithoutManager: {
    values: ['drop', 'keep'],
    about: 'VM_* attributes without VM_MANAGER_ID in PutResourceAttributes',
    reason: 'documented: they are ignored without an error',
  },
} as const satisfies Record<string, SwitchDescription>;

/** The name of a switch. */
export type SwitchName = keyof typeof SWITCHES;
/** The value of every switch. */
export type Switches = { [Name in SwitchName]: (typeof SWITCHES)[Name]['values'][number] };

/** `strict` accepts what the model and the documentation allow; `relaxed` also accepts what AWS might accept. */
export type Strictness = 'strict' | 'relaxed';

/** A switch that does not exist, or a value that the switch does not have. The message lists the valid ones. */
export class SwitchError extends Error {
  /** `SwitchError`. */
  override readonly name = 'SwitchError';
}

/**
 * The value of every switch.
 * @param given values in place of the defaults
 * @default given {}
 * @param strictness which defaults apply
 * @default strictness 'strict'
 * @throws SwitchError
 */
export function switchesOf(given: Readonly<Record<string, unknown>> = {}, strictness: Strictness = 'strict'): Switches {
  const choices: [string, SwitchDescription][] = Object.entries(SWITCHES);
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
