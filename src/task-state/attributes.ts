import { stableHash } from './names';
import type { TaskRecord } from './record';
import type { NotifyFailure, ResourceAttribute, TaskReport } from './types';

/** What may pass is tried again after so many seconds, or later where Migration Hub asks for it. */
const RETRY_SECONDS = 30;

const hashOf = (attributes: ResourceAttribute[]): number => stableHash(JSON.stringify(attributes));
const isWanted = (record: TaskRecord, hash: number): boolean =>
  record.resourceAttributes !== undefined && hashOf(record.resourceAttributes) === hash;

/** Attributes go out on their own, once the task is known: no status waits for them. */
export function takeAttributes(record: TaskRecord, { resourceAttributes }: TaskReport): void {
  if (!resourceAttributes) return;
  const hash = hashOf(resourceAttributes);
  if (hash === record.attributesPut || isWanted(record, hash)) return;
  record.resourceAttributes = resourceAttributes;
  record.attributesNotBefore = undefined;
}

/** Epoch seconds at which the task's attributes are to be put; undefined where there is nothing to put. */
export const attributesDueAt = (record: TaskRecord): number | undefined =>
  record.registered && record.resourceAttributes ? (record.attributesNotBefore ?? 0) : undefined;

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
  // Others may have come in meanwhile.
  if (!isWanted(record, hash)) return;
  if (failure?.retryable) record.attributesNotBefore = now + Math.max(RETRY_SECONDS, failure.retryAfterSeconds ?? 0);
  else record.resourceAttributes = record.attributesNotBefore = undefined;
}

/** Migration Hub had forgotten the task: with the next report that carries them its attributes are put again. */
export function attributesLost(record: TaskRecord): void {
  record.attributesPut = undefined;
}
