import { attributesLost, attributesPut } from './attributes';
import { stableHash } from '../report/names';
import { beginHandOver } from './hand-over';
import { delivered, failed, registered, registrationFailed, sentAt } from './notify';
import { ownerEnded } from './owner';
import type { TaskRecord } from './record';
import type { AttributesOutcome, Outcome, Registration } from './results';
import type { ResourceAttribute } from '../report';
import type { NotifyFailure } from './types';

/** What an activity answered, one result for each task; or why there is no answer. */
export type Answers<T> = T[] | NotifyFailure;

const unknown = (message: string): NotifyFailure => ({ type: 'UnknownError', message, retryable: true });
const answerOf = <T>(answers: Answers<T>, index: number): T | { failure: NotifyFailure } =>
  Array.isArray(answers) ? (answers[index] ?? { failure: unknown('no outcome') }) : { failure: answers };

/**
 * From 0 to 1, the same for all tasks of a round, other for each round: what failed together is tried again together, and
 * not at the same moment as everybody else.
 */
const spreadOf = ([first]: TaskRecord[]): number =>
  first ? (stableHash(`${first.migrationTaskName}:${first.lastStamp}:${first.failures}`) % 1000) / 1000 : 0;

/** Books what became of registering the tasks. */
export function bookRegistrations(records: TaskRecord[], answers: Answers<Registration>, now: number): void {
  const spread = spreadOf(records);
  records.forEach((record, i) => {
    const answer = answerOf(answers, i);
    if ('failure' in answer) registrationFailed(record, answer.failure, now, spread);
    // Where the holder has handed the task over meanwhile, it is known here by now.
    else if ('heldBy' in answer) {
      if (!record.registered) beginHandOver(record, answer.heldBy, now);
    } else registered(record, answer.found, now);
  });
}

/** Books what became of the notification that each task has in flight. */
export function bookOutcomes(records: TaskRecord[], answers: Answers<Outcome>, now: number): void {
  const spread = spreadOf(records);
  records.forEach((record, i) => {
    const outcome = answerOf(answers, i);
    if ('updateDateTime' in outcome) sentAt(record, outcome.updateDateTime);
    if ('failure' in outcome)
      return failed(record, outcome.failure, now, 'attempts' in outcome ? outcome.attempts : 1, spread);
    if ('ownerEnd' in outcome) return ownerEnded(record, outcome.ownerEnd, now);
    delivered(record, now, outcome.attempts);
    if (outcome.registeredAnew) attributesLost(record);
  });
}

/** Books what became of the attributes `sent`, one list for each task. */
export function bookAttributes(
  records: TaskRecord[],
  sent: ResourceAttribute[][],
  answers: Answers<AttributesOutcome>,
  now: number,
): void {
  records.forEach((record, i) => attributesPut(record, sent[i] ?? [], answerOf(answers, i).failure, now));
}
