import type { Owner, OwnerEnd } from '../task-state';
import type { Answer } from './workflow-runs';

/** A workflow, and what is known of it. */
export interface FoundOwner extends Answer {
  /** Which. */
  owner: Owner;
}

/** What is known of the owners of a task, the newest first; behind them, of what started those that have ended: open or ended. */
export async function findOwners(workflows: Owner[], ask: (owner: Owner) => Promise<Answer>): Promise<FoundOwner[]> {
  const found = new Map<string, FoundOwner>();
  const rest = [...workflows].reverse();
  let answer: Answer = {};
  for (const owner of rest) {
    if (found.has(keyOf(owner))) continue;
    // A server that does not answer is not waited for again and again: what is not asked counts as open, too.
    if (!answer.unanswered) answer = await ask(owner);
    const root = answer.unanswered ? owner.root : (answer.root ?? owner.root);
    found.set(keyOf(owner), { ...answer, root, owner: { ...owner, ...(root !== undefined && { root }) } });
    if (answer.end === undefined) continue;
    for (const workflowId of [answer.parent, root]) if (workflowId !== undefined) rest.push(beside(owner, workflowId));
  }
  return [...found.values()];
}

/** Of those that `findOwners` found, all ended: the newest where it has failed, or what started it and has. */
export function failedOf([newest, ...others]: FoundOwner[]): FoundOwner | undefined {
  if (!newest) return undefined;
  const starters = others.filter(({ owner }) => [newest.parent, newest.root].includes(owner.workflowId));
  return [newest, ...starters].find(({ end }) => isFailure(end));
}

const keyOf = ({ workflowId, namespace = '' }: Owner): string => `${namespace}/${workflowId}`;

/** Another workflow of the same namespace. */
const beside = ({ namespace }: Owner, workflowId: string): Owner => ({ workflowId, ...(namespace && { namespace }) });

const isFailure = (end: OwnerEnd | undefined): boolean =>
  end !== undefined && end !== 'COMPLETED' && end !== 'NOT_FOUND';
