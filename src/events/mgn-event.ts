import { refusalOf, toEpochSeconds } from '../report';

/** An event of AWS Application Migration Service as EventBridge delivers it, as far as it is read here. */
export interface MgnEvent {
  /** Names the event; a second delivery has the same one. */
  id?: string;
  /** `aws.mgn` */
  source: string;
  /** Such as `MGN Source Server Launch Result`. */
  'detail-type': string;
  /** The account that it comes from: 12 digits. */
  account: string;
  /** Such as `us-west-2`. */
  region: string;
  /** When it happened: ISO 8601, to the second. */
  time: string;
  /** ARNs: source servers, but for API calls. */
  resources?: unknown;
  /** What it says; depends on `detail-type`. */
  detail: Record<string, unknown>;
}

/** A source server that an event is about. */
export interface SourceServer {
  /** `s-` and 17 letters or digits. */
  id: string;
  /** 12 digits. */
  account: string;
  /** Such as `us-west-2`. */
  region: string;
}

/** Why nothing is reported of an event. */
export class IgnoredEvent extends Error {
  override readonly name = 'IgnoredEvent';
}

/** @throws IgnoredEvent naming field, value and what it must be */
export function ignore(field: string, value: unknown, rule: string): never {
  throw new IgnoredEvent(refusalOf(field, value, rule));
}

/** Further ahead than this a time is taken for a mistake: all that comes after it would count as older. */
const TOLERATED_SKEW_SECONDS = 900;

const SERVER_ID = /^s-[0-9a-zA-Z]{17}$/;
const SERVER_ARN = /^arn:[\w-]+:mgn:([\w-]+):(\d{12}):source-server\/(s-[0-9a-zA-Z]{17})$/;

/** The value, if it is an object that is no array; else an empty one. */
export const objectOr = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** The value, if it is an array; else an empty one. */
export const listOr = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** The event, and its time in epoch seconds. @throws IgnoredEvent where it is none of MGN, or not as EventBridge makes them */
export function readEnvelope(given: unknown, now: number): { event: MgnEvent; seconds: number } {
  const event = objectOr(given);
  if (event !== given) ignore('the event', given, 'it must be a JSON object');
  if (event['source'] !== 'aws.mgn') ignore('source', event['source'], 'it must be "aws.mgn"');
  for (const field of ['detail-type', 'account', 'region'])
    if (typeof event[field] !== 'string' || event[field] === '')
      ignore(field, event[field], 'it must be a string that is not empty');
  if (objectOr(event['detail']) !== event['detail']) ignore('detail', event['detail'], 'it must be a JSON object');
  return { event: event as unknown as MgnEvent, seconds: secondsOf(event['time'], now) };
}

function secondsOf(time: unknown, now: number): number {
  const seconds = typeof time === 'string' ? epochSeconds(time) : undefined;
  if (seconds === undefined || seconds < 1) ignore('time', time, 'it must be a time such as 2026-11-29T08:00:00Z');
  if (seconds > now + TOLERATED_SKEW_SECONDS)
    ignore('time', time, `it must not be more than ${TOLERATED_SKEW_SECONDS} s ahead of the clock here`);
  return seconds;
}

function epochSeconds(time: string): number | undefined {
  try {
    return toEpochSeconds(time);
  } catch {
    return undefined;
  }
}

/** The source servers that the event's resources name. @throws IgnoredEvent where there is none */
export function serversOfResources({ resources }: MgnEvent): SourceServer[] {
  const found = listOr(resources).map((arn) => (typeof arn === 'string' ? SERVER_ARN.exec(arn) : null));
  const servers = found.flatMap((match) => {
    const [, region, account, id] = match ?? [];
    return region && account && id ? [{ id, account, region }] : [];
  });
  if (servers.length === 0) ignore('resources', resources, 'it must have the ARN of a source server');
  return [...new Map(servers.map((server) => [server.id, server])).values()];
}

/** A source server by its id. @throws IgnoredEvent for what is none */
export function serverOf(id: unknown, account: string, region: string): SourceServer {
  if (typeof id !== 'string' || !SERVER_ID.test(id))
    ignore('the source server', id, 'it must be an id such as s-12345678901234567');
  return { id, account, region };
}
