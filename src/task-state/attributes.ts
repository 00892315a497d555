import { stableHash } from './names';
import type { TaskRecord } from './record';
import type { NotifyFailure, ResourceAttribute, TaskReport } from './types';

const hashOf = (attributes: ResourceAttribute[]): number => stableHash(JSON.stringify(attributes));

/** Attributes are put with a registration, so what is new in them asks for one. */
export function takeAttributes(record: TaskRecord, { resourceAttributes }: TaskReport): void {
  if (!resourceAttributes || hashOf(resourceAttributes) === record.attributesPut) return;
  record.resourceAttributes = resourceAttributes;
  record.registered = false;
}

/** What became of the attributes that went with a registration. */
export interface AttributesOutcome {
  sent?: ResourceAttribute[];
  failure?: NotifyFailure;
}

export function bookAttributes(record: TaskRecord, attributes: AttributesOutcome): void {
  if (!attributes.sent) return;
  const sent = hashOf(attributes.sent);
  record.attributesFailure = attributes.failure;
  // What was refused is tried again with the next report that carries it.
  record.attributesPut = attributes.failure ? undefined : sent;
  if (record.resourceAttributes && hashOf(record.resourceAttributes) === sent) record.resourceAttributes = undefined;
}

/** Migration Hub had forgotten the task: with the next report that carries them its attributes are put again. */
export function attributesLost(record: TaskRecord): void {
  record.attributesPut = undefined;
}
