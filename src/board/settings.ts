import type { Client } from '@temporalio/client';
import { checkNumber, ConfigurationError } from '../report/configuration-error';
import { lineBreakIn } from '../report/line-break';
import { checkOptionNames } from '../report/option-names';
import { canonicalHost, isLoopback } from './http/host-names';

const BOARD_PORT = 8644;

const LEAST_TOKEN = 16;

/** How a board is started. */
export interface BoardOptions {
  /** A Temporal client of the namespace in which the Migration Hub workers run. */
  client: Client;
  /** TCP port; 0 for any free one. @default 8644 */
  port?: number;
  /** The address or name on which it listens. @default 'localhost': 127.0.0.1 and ::1 */
  host?: string;
  /** Other host names under which browsers reach it, as through a proxy. */
  allowHosts?: string[];
  /** Who has it may read; needed where `host` is no loopback address. At least 16 printable ASCII characters without spaces. */
  token?: string;
}

/** All that is set. */
export type BoardSettings = Required<Omit<BoardOptions, 'token'>> & Pick<BoardOptions, 'token'>;

const TOKEN_SETTING = '--token, or TEMPORAL_MIGRATION_HUB_BOARD_TOKEN,';
const OPTIONS = { client: true, port: true, host: true, allowHosts: true, token: true };

/** Checks all but the client, by the names of the flags, and fills in the defaults. @throws ConfigurationError naming what is wrong */
export function checkBoard(options: Omit<BoardOptions, 'client'>): Omit<BoardSettings, 'client'> {
  const { port = BOARD_PORT, host = 'localhost', allowHosts = [], token } = options;
  checkNumber('--port', port, { min: 0, max: 65_535, whole: true });
  checkHost('--host', host);
  for (const name of allowHosts) checkHost('--allow-host', name);
  if (token !== undefined && !(typeof token === 'string' && token.length >= LEAST_TOKEN && /^[!-~]+$/.test(token)))
    throw new ConfigurationError(
      lineBreakIn(TOKEN_SETTING, String(token)) ??
        `${TOKEN_SETTING} must have at least ${LEAST_TOKEN} printable ASCII characters, without spaces: openssl rand -hex 32 makes one`,
    );
  if (token === undefined && !isLoopback(host))
    throw new ConfigurationError(
      `--host is ${host}, which other machines reach, so the board needs a token: set --token or TEMPORAL_MIGRATION_HUB_BOARD_TOKEN, or leave --host out`,
    );
  return { port, host, allowHosts, token };
}

function checkHost(flag: string, name: unknown): void {
  if (typeof name === 'string' && canonicalHost(name) !== undefined) return;
  throw new ConfigurationError(
    `${flag} is ${JSON.stringify(name)}, but it must be an address or a host name, without a port`,
  );
}

/** Checks the options and fills in the defaults. @throws ConfigurationError naming what is wrong, or misspelt */
export function boardSettings(options: BoardOptions): BoardSettings {
  checkOptionNames<BoardOptions>('the board', options, OPTIONS);
  const { client } = options;
  if (!(client as Client | undefined)?.workflow)
    throw new ConfigurationError(
      'client is not a Client of @temporalio/client: pass new Client({ connection, namespace })',
    );
  return { client, ...checkBoard(options) };
}
