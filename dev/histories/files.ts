import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');
export const HISTORIES = join(ROOT, 'test', 'replay', 'histories');

/** What a history must replay against: our heartbeat workflow, the workflow of a stream, or those of a user of `migrationTask`. */
export type WorkflowsOf = 'heartbeat' | 'stream' | 'user';

/** One run that was recorded; runs of a chain are `name.1`, `name.2` and so on. */
export interface StoredHistory {
  version: string;
  name: string;
  path: string;
  workflows: WorkflowsOf;
}

/** Names that begin so are histories of a user's workflow, */
export const USER_PREFIX = 'user-';
/** or of a stream's. */
const STREAM_PREFIX = 'stream-';

export const currentVersion = (): string =>
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;

/** The versions of this package of which there are histories; a folder with a dot in front is one in the making. */
export const recordedVersions = (): string[] =>
  existsSync(HISTORIES) ? readdirSync(HISTORIES).filter((name) => !name.startsWith('.')) : [];

export const storedHistories = (version: string): StoredHistory[] =>
  readdirSync(join(HISTORIES, version))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      version,
      name: file.slice(0, -'.json'.length),
      path: join(HISTORIES, version, file),
      workflows: file.startsWith(USER_PREFIX) ? 'user' : file.startsWith(STREAM_PREFIX) ? 'stream' : 'heartbeat',
    }));

/** A history in the JSON form of its protobuf message, as other Temporal tools write it. */
export interface HistoryJson {
  events: HistoryEvent[];
}
export type HistoryEvent = { eventId: string; eventType: string } & Record<string, unknown>;

export const readHistory = ({ path }: StoredHistory): HistoryJson =>
  JSON.parse(readFileSync(path, 'utf8')) as HistoryJson;

/** The attributes of an event, whatever its type. */
export function attributesOf(event: HistoryEvent | undefined): Record<string, unknown> {
  const name = Object.keys(event ?? {}).find((key) => key.endsWith('EventAttributes'));
  return (name === undefined ? {} : event?.[name]) as Record<string, unknown>;
}
