import { attachmentsLeftOut, bytesOf, condensed, fitPayload, labelsLeftOut, PAYLOAD_BYTES } from './fit-payload';
import type { TaskRecord } from './record';

/** Room for tasks that have left, where those that have not leave so much: for some 700, so that no group of the usual size forgets any. */
const LEFT_BYTES = 800_000;

/** What a run hands on to the next one. */
export interface Carried {
  /** The tasks, fitted to a payload. */
  tasks: TaskRecord[];
  /** Those that have left, condensed, the oldest first. */
  left: TaskRecord[];
  /** What the next run does not know any more. */
  leftOut: LeftOut;
}

/** Numbers of what there was no room for. */
export interface LeftOut {
  /** Tasks, all of them at their end or given up. */
  tasks: number;
  /** Tasks that lose their labels. */
  labels: number;
  /** Names, descriptions and details of attachments of the group's tasks that Migration Hub does not have yet. */
  attachments: number;
}

/** The tasks of a group come first; those that have left have what room remains, the newest of them first. */
export function carried(records: TaskRecord[], left: TaskRecord[]): Carried {
  const tasks = fitPayload(records);
  const staying = new Set(tasks.map(({ migrationTaskName }) => migrationTaskName));
  // What gave way among the tasks has ended later than what had left.
  const gone = [...left, ...records.filter(({ migrationTaskName: name }) => !staying.has(name))];
  const newest = newestWithin(gone, Math.min(LEFT_BYTES, PAYLOAD_BYTES - bytesOf(tasks)));
  const leftOut = {
    tasks: gone.length - newest.length,
    labels: labelsLeftOut(records, tasks),
    // Of a task that has left nothing is sent any more; of those that had left before the log has told.
    attachments: attachmentsLeftOut(records, tasks),
  };
  return { tasks, left: newest, leftOut };
}

function newestWithin(records: TaskRecord[], room: number): TaskRecord[] {
  const newest: TaskRecord[] = [];
  let bytes = 0;
  for (const record of records.toReversed()) {
    const short = condensed(record);
    bytes += bytesOf(short) + 1;
    if (bytes > room) break;
    newest.push(short);
  }
  return newest.reverse();
}
