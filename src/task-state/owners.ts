import type { ReportOwner } from '../report';
import type { TaskRecord } from './record';
import type { Owner, OwnersFound } from './types';

/** How many workflows a task remembers: so many of the first and of the newest. In between are short ones that came at once. */
const FIRST = 8;
const NEWEST = 24;
/** From so many on they are asked with each notification, so that those that have ended leave before the room runs out. */
export const MANY_OWNERS = 16;

const isSame = (one: Owner, other: Owner): boolean =>
  one.workflowId === other.workflowId && one.namespace === other.namespace;

/** Not so where a workflow of another type has reported under its id meanwhile. */
const isUnchanged = (one: Owner, other: Owner): boolean =>
  isSame(one, other) && one.workflowType === other.workflowType;

/** As many as a task remembers; `room`: how many that are, of the first and of the newest. */
export function withinRoom(owners: Owner[], first = FIRST, newest = NEWEST): Owner[] {
  return owners.length <= first + newest ? owners : [...owners.slice(0, first), ...owners.slice(-newest)];
}

/** Who is no workflow, and adds a report while workflows report of the task, does not take their place: they can be asked. */
export function takeOwner(record: TaskRecord, owner: ReportOwner | undefined): void {
  if (record.abandoned) record.owners = [];
  record.abandoned = undefined;
  if (!owner) return;
  const { workflowId, workflowType, namespace, runId, rootWorkflowId: root } = owner;
  if (workflowId || record.owners.length === 0) record.owner = { workflowId, runId };
  if (!workflowId) return;
  const reporter: Owner = {
    workflowId,
    ...(workflowType && { workflowType }),
    ...(namespace && { namespace }),
    ...(root && root !== workflowId && { root }),
  };
  const newest = record.owners.at(-1);
  if (newest && isUnchanged(newest, reporter)) return;
  record.owners = withinRoom([...record.owners.filter((each) => !isSame(each, reporter)), reporter]);
}

/** Takes in what was found of the owners that were asked; meanwhile others may have reported, or a new attempt may have begun. */
export function ownersFound(record: TaskRecord, asked: Owner[], { owners: found }: OwnersFound): void {
  // After the begin of a new attempt nothing of the one before comes back.
  const isOfAttempt = record.owners.some((each) => asked[0] && isSame(each, asked[0]));
  if (!found || !isOfAttempt) return;
  const inFound = (owner: Owner) => found.find((each) => isSame(each, owner));
  const gone = asked.filter((owner) => !inFound(owner));
  // Who reported last is never forgotten.
  const leaving = record.owners.slice(0, -1).filter((owner) => gone.some((each) => isUnchanged(each, owner)));
  const staying = record.owners
    .filter((owner) => !leaving.includes(owner))
    .map((owner) => found.find((each) => isUnchanged(each, owner)) ?? owner);
  const isNew = (owner: Owner) => ![...asked, ...staying].some((each) => isSame(each, owner));
  record.owners = withinRoom([...found.filter(isNew), ...staying]);
}

/** True where workflows of different trees are open, of which was not warned yet in this attempt. */
export function areNewRivals(record: TaskRecord, { rivals = [] }: OwnersFound): boolean {
  const { owners, warnedOf = [] } = record;
  // What was found may be of the attempt before.
  const here = rivals.filter((tree) => owners.some(({ workflowId, root = workflowId }) => root === tree));
  const news = here.filter((tree) => !warnedOf.includes(tree));
  if (here.length < 2 || news.length === 0) return false;
  record.warnedOf = [...warnedOf, ...news].slice(-NEWEST);
  return true;
}
