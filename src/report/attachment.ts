import { flag, IDENTITY_FIELDS, id, line, matching, object, oneOf, optional, string, text, type Rules } from './fields';
import { InvalidReportError } from './invalid-report-error';
import { MAX_DESCRIPTION_LENGTH, MAX_RESOURCE_NAME_LENGTH } from './limits';
import { toStatusDetail } from './status-detail';
import type { CreatedArtifact, SourceResource, TaskIdentity } from './types';
import { checked, type OnIgnored } from './validate';

/** @module Attachments: what Migration Hub keeps with a task beside its state. */

/** By their names in the API. The first two come with reports, the others by changes of their own. */
export type AttachmentKind = 'resourceAttributes' | 'discoveredResource' | 'createdArtifact' | 'sourceResource';

/** An artifact that is associated with a task. */
export interface TaskArtifact extends TaskIdentity, CreatedArtifact {}
/** A source resource that is associated with a task. */
export interface TaskSourceResource extends TaskIdentity, SourceResource {}
/** An artifact or a source resource by its name. */
export interface NamedAttachment extends TaskIdentity, Pick<CreatedArtifact, 'name'> {}

/** A change as it travels to the heartbeat workflow: plain JSON. */
export interface AttachmentChange extends TaskSourceResource {
  /** Of what. */
  kind: Extract<AttachmentKind, 'createdArtifact' | 'sourceResource'>;
  /** Migration Hub is to keep it no more. */
  disassociate?: true;
  /** Names the change: one that comes twice counts once. */
  id?: string;
}

const ARN = /^arn:[a-z-]+:[a-z0-9-]+:(?:[a-z0-9-]+|):(?:[0-9]{12}|):[^\r\n\u0085\u2028\u2029]*$/;

const description = optional(line(MAX_DESCRIPTION_LENGTH, 0));
const name = text(MAX_RESOURCE_NAME_LENGTH);
const arn = matching(
  name,
  ARN,
  'it must be an ARN, such as arn:aws:ec2:us-west-2:123456789012:image/ami-0123456789abcdef0',
);

/** The fields of an artifact. */
export const ARTIFACT_FIELDS: Rules<TaskArtifact> = { ...IDENTITY_FIELDS, name: arn, description };
/** The fields of a source resource. */
export const SOURCE_FIELDS: Rules<TaskSourceResource> = {
  ...IDENTITY_FIELDS,
  name,
  description,
  statusDetail: optional(string),
};
/** The fields that name an artifact. */
export const ARTIFACT_NAME_FIELDS: Rules<NamedAttachment> = { ...IDENTITY_FIELDS, name: arn };
/** The fields that name a source resource. */
export const SOURCE_NAME_FIELDS: Rules<NamedAttachment> = { ...IDENTITY_FIELDS, name };

/** What is asked for: one of the four calls that callers know. */
export type Attaching = Pick<AttachmentChange, 'kind' | 'disassociate'>;

const WORDS: Record<Attaching['kind'], string> = { createdArtifact: 'artifact', sourceResource: 'source resource' };

const rulesOf = ({ kind, disassociate }: Attaching): Rules<never> => {
  const ofArtifact = disassociate ? ARTIFACT_NAME_FIELDS : ARTIFACT_FIELDS;
  const ofSource = disassociate ? SOURCE_NAME_FIELDS : SOURCE_FIELDS;
  return (kind === 'createdArtifact' ? ofArtifact : ofSource) as Rules<never>;
};

/**
 * Checks what a caller gives. `id`: the name of the change.
 * @throws InvalidReportError naming field, value and rule
 */
export function changeOf(
  asked: Attaching,
  given: TaskArtifact | TaskSourceResource | NamedAttachment,
  onIgnored: OnIgnored | null,
  id?: string,
): AttachmentChange {
  if (object(given)) throw new InvalidReportError(WORDS[asked.kind], given, 'it must be an object with a name');
  const rules = rulesOf(asked);
  const all = checked('', given as TaskSourceResource, rules, onIgnored);
  // What the rules do not name was not checked: it may be anything.
  const named = Object.entries(all).filter(([field]) => Object.hasOwn(rules, field));
  const { progressUpdateStream, migrationTaskName, ...about } = Object.fromEntries(
    named,
  ) as unknown as TaskSourceResource;
  const { statusDetail } = about;
  return {
    progressUpdateStream,
    migrationTaskName,
    kind: asked.kind,
    name: about.name,
    ...(about.description !== undefined && { description: about.description }),
    ...(statusDetail !== undefined && { statusDetail: toStatusDetail(statusDetail) }),
    ...(asked.disassociate && { disassociate: true }),
    ...(id !== undefined && { id }),
  };
}

const CHANGE_FIELDS: Rules<Required<Pick<AttachmentChange, 'kind' | 'disassociate' | 'id'>>> = {
  kind: oneOf(['createdArtifact', 'sourceResource']),
  disassociate: optional(flag),
  id: optional(id),
};

/** Checks what a signal brings: it may be anything. @throws InvalidReportError */
export function receivedChange(input: unknown): AttachmentChange {
  const { kind, disassociate, id } = checked('', input as AttachmentChange, CHANGE_FIELDS as Rules<never>, null);
  return changeOf({ kind, disassociate }, input as AttachmentChange, null, id);
}
