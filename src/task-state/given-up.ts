import { namesIn } from '../report/names-in';
import { pendingAttachments } from './attachments';
import { attachmentInWords } from './in-words';
import type { TaskRecord } from './record';
import type { Warning } from './types';

/** Of the attachments of a task so many are named, each by so many characters. */
const NAMED = 10;
const SHOWN_CHARACTERS = 200;

/** That what Migration Hub has not taken of a task is sent no more. Nothing of a task of which it has all. */
export function attachmentsGivenUp(record: TaskRecord): Warning[] {
  const pending = pendingAttachments(record);
  if (pending.length === 0) return [];
  const names = pending.map((each) => {
    const { type, message } = each.failure ?? {};
    const why = type === undefined ? '' : ` (${type}: ${message})`;
    return attachmentInWords(each).slice(0, SHOWN_CHARACTERS) + why;
  });
  return [
    {
      message: 'attachments of a task are given up, since Migration Hub has not taken them: give them again',
      migrationTaskName: record.migrationTaskName,
      reason: namesIn(names, NAMED),
    },
  ];
}
