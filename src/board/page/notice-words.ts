import { MOST_BROWSERS } from '../wire';
import type { TaskStore } from './task-store';
import { clockTime } from './words';

/** Something that is wrong with the data. */
export interface Notice {
  /** Tells it from the others. */
  about: 'link' | 'temporal' | 'tasks' | 'workers';
  /** What is wrong, and what follows: the same words as long as it is so. */
  text: string;
  /** In the words of who said so. */
  why?: string;
}

const LINK = {
  lost: 'The board does not answer. The data on this page is old. Trying again …',
  full: `${MOST_BROWSERS} browsers show this board, the most that it serves. Close it in one of them: this page then connects by itself.`,
};

/** What is wrong, the worst first. */
export function noticesOf({ status, link }: Pick<TaskStore, 'status' | 'link'>): Notice[] {
  const notices: Notice[] = [];
  if (link === 'lost' || link === 'full') notices.push({ about: 'link', text: LINK[link] });
  const { unreadable, leftOut, unserved = [] } = status ?? {};
  if (unreadable)
    notices.push({
      about: 'temporal',
      text: `Reading from Temporal has failed since ${clockTime(unreadable.since)}. The data on this page is old.`,
      why: unreadable.why,
    });
  if (leftOut)
    notices.push({
      about: 'tasks',
      text: `The tasks of ${leftOut.workflowIds} cannot be read, and are missing here or shown as they were before.`,
      why: leftOut.why,
    });
  if (unserved.length > 0)
    notices.push({
      about: 'workers',
      text: `No worker polls the task queue ${unserved.join(' or ')}. Nothing is sent to Migration Hub. This page reads Event Histories and needs no worker.`,
    });
  return notices;
}
