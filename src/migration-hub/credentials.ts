import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { MigrationHubClient, MigrationHubClientConfig } from '@aws-sdk/client-migration-hub';
import { bounded } from '../async/bounded';
import { isNotPermitted } from './errors';

type Provider = Extract<MigrationHubClientConfig['credentials'], (...args: never[]) => unknown>;

/** A source that has not answered by then is given up, and asked anew. A call does not wait so long; a slow source serves its retry. */
const LOAD_MS = 60_000;
/** Refused credentials are not read again more often, however many calls they are refused for. */
const RENEW_MS = 5_000;
/** Calls that can be signed with what is there wait no longer. */
const PATIENCE_MS = 2_000;

/** Refusals after which other credentials may be accepted: AWS names one trouble in several ways. */
const REFUSED =
  /^(ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|AccessDenied|UnauthorizedOperation|MissingAuthenticationToken|IncompleteSignature|AuthFailure)/;

/** The child processes of one load. */
class Children {
  private readonly all: ChildProcess[] = [];
  private isOver = false;

  /** It is made, and about to be started. */
  add(child: ChildProcess): void {
    this.all.push(child);
    if (this.isOver) queueMicrotask(() => release(child));
  }

  /** The newest. */
  last(): ChildProcess | undefined {
    return this.all.at(-1);
  }

  /** Of what is left none keeps this process alive; the SDK takes the end of one for a reason to start the next. */
  end(): void {
    this.isOver = true;
    this.all.forEach(release);
  }
}

function release(child: ChildProcess): void {
  child.kill();
  // What it started in turn may hold its output open.
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}

/** Of the load that is being made. */
const spawned = new AsyncLocalStorage<Children>();
subscribe('child_process', (message) => {
  spawned.getStore()?.add((message as { process: ChildProcess }).process);
});

/**
 * The default credentials of the AWS SDK, read again once they are refused. The SDK keeps them for the life of a client, unless
 * they tell when they expire, and the shared files for the life of the process.
 */
export class Credentials {
  private readonly end = new AbortController();
  private children?: Children;
  /** What the SDK did last. */
  private step = '';
  private isRefused = false;
  /** Those that are there serve nobody. */
  private areWorthless = false;
  private renewedAt = -Infinity;
  private renewal?: Promise<unknown>;

  /** `requestHandler`: for the clients that credentials are fetched with. */
  constructor(private readonly requestHandler: object = {}) {}

  /** For the AWS client. `region`: that of the client, for roles that are assumed. */
  provider(region: () => Promise<string>): Provider {
    const logger = { debug: (...said: unknown[]) => (this.step = said.join(' ')), info() {}, warn() {}, error() {} };
    // Single sign-on has a region of its own, which that of a `clientConfig` would replace.
    const options = { ignoreCache: true, logger, parentClientConfig: { region } };
    const clientConfig = { requestHandler: this.requestHandler as never };
    return async (...given) => {
      const children = (this.children = new Children());
      try {
        return await bounded(LOAD_MS, this.end.signal, () =>
          spawned.run(children, () =>
            // Made anew: one that has answered would answer the same.
            (defaultProvider({ ...options, clientConfig }) as Provider)(...given),
          ),
        );
      } finally {
        children.end();
      }
    };
  }

  /** Resolves when a call can be signed. After a refusal they are read again first; where a call was not permitted, they are not waited for long. */
  ready(client: MigrationHubClient): Promise<unknown> {
    if (this.isRefused && performance.now() - this.renewedAt >= RENEW_MS) {
      this.isRefused = false;
      this.renewedAt = performance.now();
      this.renewal = client.config.credentials({ forceRefresh: true }).then(
        () => {
          this.renewal = undefined;
          this.areWorthless = false;
        },
        (error: unknown) => {
          this.isRefused = true;
          throw error;
        },
      );
      this.renewal.catch(() => undefined);
    }
    if (this.areWorthless) return this.renewal ?? client.config.credentials();
    const waitMs = this.renewedAt + PATIENCE_MS - performance.now();
    return this.renewal && waitMs > 0
      ? Promise.race([this.renewal, sleep(waitMs)]).then(
          () => client.config.credentials(),
          () => client.config.credentials(),
        )
      : client.config.credentials();
  }

  /** What became of a call: of refused credentials others are looked for. */
  failed(name: string): void {
    if (!REFUSED.test(name)) return;
    this.isRefused = true;
    this.areWorthless ||= !isNotPermitted(name);
  }

  /** Whom a call waits for that has no credentials yet, or who gave none. */
  source(): string {
    const child = this.children?.last();
    // Without its arguments and variables: they may hold what nobody else should read.
    const words = child?.spawnargs?.at(-1)?.trim().split(/\s+/) ?? [];
    const command = words.find((word) => !/^\w+=/.test(word));
    const code = child?.exitCode ?? child?.signalCode ?? null;
    if (command && code !== 0)
      return `credential_process ${command} ${code === null ? 'has not ended' : `ended with ${code}`}`;
    return `asked last: ${this.step || 'nothing'}`;
  }

  /** Gives up what is being loaded. */
  destroy(): void {
    this.end.abort(new Error('the workers have ended'));
  }
}
