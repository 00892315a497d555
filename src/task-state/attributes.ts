import { UNCURED_RETRY_SECONDS } from '../report/limits';
import { stableHash } from '../report/names';
import type { TaskRecord } from './record';
import type { ResourceAttribute, TaskReport } from '../report';
import type { NotifyFailure } from './types';

const hashOf = (attributes: ResourceAttribute[]): number => stableHash(JSON.stringify(attributes));
const isWanted = (record: TaskRecord, hash: number): boolean =>
  record.resourceAttributes !== undefined && hashOf(record.resourceAttributes) === hash;

/** Attributes go out once the task is known, after a status that is due with them; none waits for them. */
export function takeAttributes(record: TaskRecord, { resourceAttributes }: TaskReport): void {
  if (!resourceAttributes) return;
  // With others waiting, or on their way, these are put after them: the newest report counts.
  if (hashOf(resourceAttributes) === record.attributesPut && !record.resourceAttributes) return;
  record.resourceAttributes = resourceAttributes;
}

/** Epoch seconds at which the task's attributes are to be put; undefined where there is nothing to put. */
export const attributesDueAt = (record: TaskRecord, isRegistering = false): number | undefined =>
  // Where not even the status is taken, they would only be a further call that fails.
  (record.registered || isRegistering) && record.resourceAttributes && record.failures === 0
    ? (record.attributesNotBefore ?? 0)
    : undefined;

/** What became of attributes that were put. What was refused for good is tried again with the next report that carries it. */
export function attributesPut(
  record: TaskRecord,
  sent: ResourceAttribute[],
  failure: NotifyFailure | undefined,
  now: number,
): void {
  const hash = hashOf(sent);
  record.attributesFailure = failure;
  record.attributesPut = failure ? undefined : hash;
  // However often they are reported.
  record.attributesNotBefore = failure && now + Math.max(UNCURED_RETRY_SECONDS, failure.retryAfterSeconds ?? 0);
  // Others may have come in meanwhile: they stay wanted, as does what may pass.
  if (isWanted(record, hash) && failure?.retry !== 'backoff') record.resourceAttributes = undefined;
}
