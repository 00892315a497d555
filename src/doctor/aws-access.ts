import type { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { awsSettings, reach } from '../migration-hub/aws-migration-hub';
import type { Credentials } from '../migration-hub/credentials';
import { checkRegionName } from '../migration-hub/checks';
import { checkHomeRegion, resolvedEndpoint } from '../migration-hub/endpoint';
import { toFailure } from '../migration-hub/errors';
import type { HomeRegion } from '../migration-hub/home-region';
import { splitMend } from '../migration-hub/mends';
import { patiently } from '../migration-hub/patiently';

const CALL_MS = 7000;
/** Of a call that is throttled, or that Migration Hub has trouble with: less than four seconds of pauses. */
const PATIENCE = { most: 4, longestSeconds: 1 };

/** What Migration Hub, or the way to it, said to a call. */
export interface Said<T = unknown> {
  /** `answer`, else the name of the error: for a dry run of what is permitted `DryRunOperation`. */
  type: string;
  /** What it said. */
  message: string;
  /** What to do about it, where that is known. */
  mend?: string;
  /** The answer, where `type` is that. */
  answer?: T;
}

/** A client of Migration Hub as the worker makes it, and what is learnt from its answers. */
export class AwsAccess {
  /** Seconds that AWS's clock is ahead of this machine's, by the last answer. */
  aheadSeconds?: number;
  /** Where calls go. */
  endpoint = '';
  /** For which region they are signed: that of the settings, else the home region, once it is known. */
  region?: string;

  private constructor(
    /** The AWS client. */
    readonly client: MigrationHubClient,
    /** Its credentials. */
    readonly credentials: Credentials | undefined,
    /** The region of its calls. */
    readonly home: HomeRegion,
  ) {
    client.middlewareStack.add(
      (next) => async (args) => {
        const sentAt = Date.now();
        const result = await next(args);
        this.compareClocks((result.response as { headers?: Record<string, string> }).headers?.['date'], sentAt);
        return result;
      },
      { step: 'deserialize', name: 'compareClocks', priority: 'low' },
    );
  }

  /** @throws ConfigurationError for a setting that is wrong, or missing */
  static async of(options: { region?: string; endpoint?: string }): Promise<AwsAccess> {
    const { client, credentials, home, regionSet } = reach(awsSettings(options), CALL_MS);
    const access = new AwsAccess(client, credentials, home);
    const region = (access.region = await regionSet());
    if (region) checkRegionName('the region', region);
    access.endpoint = await resolvedEndpoint(client);
    if (region) checkHomeRegion(region, access.endpoint, options.endpoint);
    return access;
  }

  /** Makes a call; whatever comes of it is what was said. */
  async say<T>(abortSignal: AbortSignal, call: (o: { abortSignal: AbortSignal }) => Promise<T>): Promise<Said<T>> {
    const patience = { ...PATIENCE, signal: abortSignal };
    try {
      return { type: 'answer', message: '', answer: await patiently(() => call({ abortSignal }), patience) };
    } catch (error) {
      if ((error as Error).name === 'DryRunOperation') return { type: 'DryRunOperation', message: '' };
      const { type, message } = toFailure(error);
      const { said, mend } = splitMend(message);
      return { type, message: said, mend };
    }
  }

  /** Ends what is under way. */
  destroy(): void {
    this.credentials?.destroy();
    this.home.destroy();
    this.client.destroy();
  }

  private compareClocks(date: string | undefined, sentAt: number): void {
    const theirs = Date.parse(date ?? '');
    if (Number.isNaN(theirs)) return;
    // The header has whole seconds.
    this.aheadSeconds = (theirs + 500 - (sentAt + Date.now()) / 2) / 1000;
  }
}
