import type { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { bounded } from '../async/bounded';
import type { NotifyFailure } from '../task-state';
import { isNotPermitted, MigrationHubError, toFailure } from './errors';
import { ASKED_IN, getHomeRegion } from './get-home-region';
import { withOwnMend } from './mends';

/** An answer is believed so long, and what went wrong is not tried again for so long, however many calls need it. */
const KNOWN_MS = 60_000;
const PAUSE_MS = 5_000;

/** Errors with which AWS answers, among other reasons, to calls outside of the home region. */
const OF_THE_REGION = ['InvalidInputException', 'HomeRegionNotSetException'];

/** What else AWS answers an InvalidInputException to. */
const ANSWERED_SO = 'Migration Hub rejects a value of the call, or AWS is deleting the stream';

/** The region of the account; undefined where it has none. */
type Answer = { home: string | undefined } | { failure: NotifyFailure; error: unknown };

/**
 * The region of the calls: that of the settings, else the home region of the account, by one call of GetHomeRegion. Where calls fail
 * in a way that may be because of the region, the home region is asked, too, and the failure names both.
 */
export class HomeRegion {
  private asked?: { answer: Promise<Answer>; until: number };
  private found?: string;
  private readonly end = new AbortController();

  /** `set`: the region of the settings, where there is one. `limitMs`: the time of a call. */
  constructor(
    private readonly client: () => MigrationHubClient,
    private readonly set: () => Promise<string | undefined>,
    private readonly limitMs: number,
  ) {}

  /** For the AWS client and for roles that are assumed. Calls go out only after `ready`. */
  readonly ofCalls = async (): Promise<string> => (await this.set()) ?? this.found ?? ASKED_IN;

  /** Whether the region of the calls is known. */
  async isKnown(): Promise<boolean> {
    return ((await this.set()) ?? this.found) !== undefined;
  }

  /** Resolves when the region of the calls is known. @throws MigrationHubError where it cannot be found out */
  async ready(): Promise<void> {
    if (await this.isKnown()) return;
    const answer = await this.ask();
    if ('failure' in answer) throw unknown(answer.failure, answer.error);
    if (answer.home === undefined)
      throw new MigrationHubError(notSet('no region is set, and the account has no home region'));
    this.found = answer.home;
  }

  /** The failure of a call; where the region may be the cause, with what the home region says to that. */
  async explained(error: unknown, failure: NotifyFailure): Promise<NotifyFailure> {
    if (!OF_THE_REGION.includes(failure.type)) return failure;
    const answer = await this.ask();
    if ('failure' in answer) return failure;
    const said = (error as Error).message.split('\n', 1)[0] ?? '';
    const { home } = answer;
    if (home === undefined) return notSet(`${said}; the account has no home region`);
    const mine = await this.client().config.region();
    if (home === mine)
      return failure.type === 'HomeRegionNotSetException'
        ? failure
        : { ...failure, message: withOwnMend(said, `the calls go to the home region (${home}), so ${ANSWERED_SO}`) };
    const both = `the calls go to ${mine}, but the home region of the account is ${home}`;
    if ((await this.set()) === undefined) {
      this.found = home;
      return { ...failure, message: withOwnMend(said, `${both}: from now on they go there`), retry: 'backoff' };
    }
    // Not for ever wrong, as other input is: whoever mends it expects that what waits is sent.
    return { ...failure, message: withOwnMend(said, `${both}: set AWS_REGION=${home}`), retry: 'operator' };
  }

  /** Gives up what is being asked. */
  destroy(): void {
    this.end.abort(new Error('the workers have ended'));
  }

  private ask(): Promise<Answer> {
    if (this.asked && performance.now() < this.asked.until) return this.asked.answer;
    const asked = { answer: this.answer(), until: performance.now() + KNOWN_MS };
    this.asked = asked;
    void asked.answer.then((answer) => {
      if ('failure' in answer) asked.until = performance.now() + PAUSE_MS;
    });
    return asked.answer;
  }

  private async answer(): Promise<Answer> {
    try {
      const ask = (abortSignal: AbortSignal) => getHomeRegion(this.client(), abortSignal);
      return { home: await bounded(this.limitMs, this.end.signal, ask) };
    } catch (error) {
      return { failure: toFailure(error), error };
    }
  }
}

/** The region of the account could not be asked for. */
function unknown({ type, message, retry }: NotifyFailure, cause: unknown): MigrationHubError {
  const text = `no region is set, and GetHomeRegion failed: ${type}: ${message}`;
  const mend = isNotPermitted(type) ? 'allow mgh:GetHomeRegion, or set AWS_REGION' : 'or set AWS_REGION';
  return new MigrationHubError(
    { type: 'HomeRegionUnknown', message: withOwnMend(text, `${mend} to the home region of the account`), retry },
    { cause },
  );
}

const notSet = (text: string): NotifyFailure =>
  toFailure(Object.assign(new Error(text), { name: 'HomeRegionNotSetException' }));

/** For people: where calls go while nothing says so. */
export const NOT_KNOWN_YET = 'the home region (not known yet, and AWS_REGION is not set)';
