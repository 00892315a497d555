import { inspect } from 'node:util';
import type { LogEntry } from '@temporalio/worker';
import { BETWEEN_STEPS } from '../report';

/** Whether the SDK warns of what our workers do on purpose; it would only alarm. */
export function isByDesign({ level, message, meta }: Pick<LogEntry, 'level' | 'message' | 'meta'>): boolean {
  // True of the notify queue.
  if (message.startsWith('No workflows registered')) return true;
  // Our own guard at work: whoever asked asks again.
  return (level === 'WARN' || level === 'ERROR') && inspect(meta).includes(BETWEEN_STEPS);
}
