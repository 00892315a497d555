import type { Owner, OwnerEnd, OwnerQuestion, OwnersFound } from '../task-state';
import { askWhetherOpen, isOfItsType, listOpen, type Answer } from './open-workflows';

/** A workflow, and what is known of it. */
interface Found extends Answer {
  owner: Owner;
}

/**
 * Finds out, for all notifications of a batch, whether workflows are still open: one list of the running ones of each
 * namespace, a describe for those that it does not show. Each is asked about once.
 */
export class OwnerWatch {
  private readonly answers = new Map<string, Promise<Answer>>();
  private readonly running = new Map<string, ReturnType<typeof listOpen>>();

  constructor(
    private readonly questions: OwnerQuestion[],
    private readonly describe: typeof askWhetherOpen = askWhetherOpen,
    private readonly list: typeof listOpen = listOpen,
  ) {}

  /** What is found of those asked about and, where they have ended, of their parents and roots. */
  async find({ workflows, heartbeat }: OwnerQuestion): Promise<OwnersFound> {
    const found = await this.askAll(workflows);
    const remembered = stillRemembered(found, workflows);
    const isNews = JSON.stringify(remembered) !== JSON.stringify(workflows);
    const rivals = rivalsOf(found);
    return {
      ...(found.every(({ end }) => end !== undefined) && endOf(found, heartbeat)),
      ...(isNews && { owners: remembered }),
      ...(rivals.length > 1 && { rivals }),
    };
  }

  /** The newest first; behind those asked about the open and ended ones that started them. */
  private async askAll(workflows: Owner[]): Promise<Found[]> {
    const found = new Map<string, Found>();
    const rest = [...workflows].reverse();
    let answer: Answer = {};
    for (const owner of rest) {
      if (found.has(keyOf(owner))) continue;
      // A server that does not answer is not waited for again and again: what is not asked counts as open, too.
      if (!answer.unanswered) answer = await this.ask(owner);
      const root = answer.unanswered ? owner.root : (answer.root ?? owner.root);
      found.set(keyOf(owner), { ...answer, root, owner: { ...owner, ...(root !== undefined && { root }) } });
      if (answer.end === undefined) continue;
      for (const workflowId of [answer.parent, root])
        if (workflowId !== undefined) rest.push(beside(owner, workflowId));
    }
    return [...found.values()];
  }

  private ask(owner: Owner): Promise<Answer> {
    // Of two tasks the owners may have one id after the other, each with its type.
    const key = JSON.stringify([keyOf(owner), owner.workflowType]);
    const answer = this.answers.get(key) ?? this.lookUp(owner);
    this.answers.set(key, answer);
    return answer;
  }

  private async lookUp(owner: Owner): Promise<Answer> {
    const open = await this.openIn(owner.namespace);
    if (!open) return { unanswered: true };
    const listed = open.get(owner.workflowId);
    return listed && isOfItsType(owner, listed) ? listed : this.describe(owner);
  }

  /** The open workflows among all that are asked about; undefined where the server did not say. */
  private openIn(namespace: string | undefined): ReturnType<typeof listOpen> {
    const key = namespace ?? '';
    const known = this.running.get(key);
    if (known) return known;
    const owners = this.questions.flatMap(({ workflows }) => workflows).filter((each) => each.namespace === namespace);
    const ids = owners.flatMap(({ workflowId, root = workflowId }) => [workflowId, root]);
    const listed = this.list([...new Set(ids)], namespace);
    this.running.set(key, listed);
    return listed;
  }
}

const keyOf = ({ workflowId, namespace = '' }: Owner): string => `${namespace}/${workflowId}`;

/** Another workflow of the same namespace. */
const beside = ({ namespace }: Owner, workflowId: string): Owner => ({ workflowId, ...(namespace && { namespace }) });

const isFailure = (end: OwnerEnd | undefined): boolean =>
  end !== undefined && end !== 'COMPLETED' && end !== 'NOT_FOUND';

/** All have ended, as the newest did; where that has not failed, as its parent or root that did. */
function endOf([newest, ...others]: Found[], heartbeat: boolean): OwnersFound {
  if (!newest) return {};
  const starters = others.filter(({ owner }) => [newest.parent, newest.root].includes(owner.workflowId));
  const failed = [newest, ...starters].find(({ end }) => isFailure(end));
  // A report that has waited still arrives where its owner has gone without reporting how.
  if (!failed) return heartbeat ? { ownerEnd: newest.end } : {};
  return { ownerEnd: failed.end, ...(failed !== newest && { endedOwner: failed.owner.workflowId }) };
}

/** Those that are open, in the order in which they reported, behind those that started others; the newest in any case. */
function stillRemembered(found: Found[], asked: Owner[]): Owner[] {
  const reporters = found.slice(0, asked.length).reverse();
  const starters = found.slice(asked.length).map(ofItsType);
  const kept = [...starters, ...reporters].filter((each) => each.end === undefined || each === found[0]);
  return kept.map(({ owner }) => owner);
}

/** Who started others has told nobody its type: it is the one that it was found with. */
const ofItsType = (found: Found): Found =>
  found.workflowType === undefined ? found : { ...found, owner: { ...found.owner, workflowType: found.workflowType } };

/** The roots of the trees of those that are open. */
function rivalsOf(found: Found[]): string[] {
  const open = found.filter(({ end, unanswered }) => end === undefined && !unanswered);
  return [...new Set(open.map(({ owner, root }) => root ?? owner.workflowId))].reverse();
}
