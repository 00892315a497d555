import { createHash } from 'node:crypto';
import { groupWorkflowId, hashedIdPrefix, ownWorkflowId, type TaskIdentity } from '../report';

/** Hexadecimal digits of the hash in place of a long name. */
const HASH_DIGITS = 32;

/**
 * The heartbeat workflow of a task, a contract with other languages: `mgh-group:<stream>:<N>:<k>` where tasks share N groups, else
 * `mgh:<stream>:<task>`; where that has more than 255 bytes in UTF-8, `mgh:<stream>:sha256:<hash>`, the first 32 hexadecimal digits of
 * the SHA-256 of the task's name. No `:` can occur in either name, so an id has one meaning.
 */
export function heartbeatWorkflowId(task: TaskIdentity, groups = 0): string {
  if (groups > 0) return groupWorkflowId(task, groups);
  return ownWorkflowId(task) ?? hashedIdPrefix(task.progressUpdateStream) + hashOf(task.migrationTaskName);
}

/** What stands in an id for a name that is too long. */
export const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS);
