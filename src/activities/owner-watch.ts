import { failedOf, findOwners, type FoundOwner } from '../client/owners';
import { isOfItsType, type Answer } from '../client/workflow-runs';
import type { Owner, OwnerQuestion, OwnersFound } from '../task-state';
import { askWhetherOpen, listOpen } from './open-workflows';

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
    const found = await findOwners(workflows, (owner) => this.ask(owner));
    const remembered = stillRemembered(found, workflows);
    const isNews = JSON.stringify(remembered) !== JSON.stringify(workflows);
    const rivals = rivalsOf(found);
    return {
      ...(found.every(({ end }) => end !== undefined) && endOf(found, heartbeat)),
      ...(isNews && { owners: remembered }),
      ...(rivals.length > 1 && { rivals }),
    };
  }

  private ask(owner: Owner): Promise<Answer> {
    // Of two tasks the owners may have one id after the other, each with its type.
    const key = JSON.stringify([owner.namespace, owner.workflowId, owner.workflowType]);
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

/** All have ended, as the newest did; where that has not failed, as its parent or root that did. */
function endOf(found: FoundOwner[], heartbeat: boolean): OwnersFound {
  const [newest] = found;
  if (!newest) return {};
  const failed = failedOf(found);
  // A report that has waited still arrives where its owner has gone without reporting how.
  if (!failed) return heartbeat ? { ownerEnd: newest.end } : {};
  return { ownerEnd: failed.end, ...(failed !== newest && { endedOwner: failed.owner.workflowId }) };
}

/** Those that are open, in the order in which they reported, behind those that started others; the newest in any case. */
function stillRemembered(found: FoundOwner[], asked: Owner[]): Owner[] {
  const reporters = found.slice(0, asked.length).reverse();
  const starters = found.slice(asked.length).map(ofItsType);
  const kept = [...starters, ...reporters].filter((each) => each.end === undefined || each === found[0]);
  return kept.map(({ owner }) => owner);
}

/** Who started others has told nobody its type: it is the one that it was found with. */
const ofItsType = (found: FoundOwner): FoundOwner =>
  found.workflowType === undefined ? found : { ...found, owner: { ...found.owner, workflowType: found.workflowType } };

/** The roots of the trees of those that are open. */
function rivalsOf(found: FoundOwner[]): string[] {
  const open = found.filter(({ end, unanswered }) => end === undefined && !unanswered);
  return [...new Set(open.map(({ owner, root }) => root ?? owner.workflowId))].reverse();
}
