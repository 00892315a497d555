import type { TaskIdentity, TaskState } from './types';

/** @module Summaries for Temporal's UI and command line: one line each, in the histories as payloads, so codecs encrypt them. */

/** Of a summary, in bytes as JSON: servers may refuse more than 400 (`limit.userMetadataSummarySize`), and a codec may add to it. */
const MAX_SUMMARY_BYTES = 100;

const bytesOf = (text: string): number => new TextEncoder().encode(JSON.stringify(text)).length;

/** One line of a name and what is said of it; where both are too long together, the name is cut. */
export function summaryOf(name: string, said = ''): string {
  const line = name.replace(/\s+/g, ' ');
  if (bytesOf(line + said) <= MAX_SUMMARY_BYTES) return line + said;
  const points = [...line];
  while (points.length > 0 && bytesOf(`${points.join('')}…${said}`) > MAX_SUMMARY_BYTES) points.pop();
  return `${points.join('')}…${said}`;
}

/** A state in few words, such as "IN_PROGRESS 40 %". */
export const stateInWords = ({ status, progressPercent }: TaskState): string =>
  progressPercent === undefined ? status : `${status} ${progressPercent} %`;

/** Such as "web-12 IN_PROGRESS 40 %"; `more` follows. */
export const stateSummary = (report: Pick<TaskIdentity, 'migrationTaskName'> & TaskState, more = ''): string =>
  summaryOf(report.migrationTaskName, ` ${stateInWords(report)}${more}`);

/** Of a heartbeat workflow: "DatacenterExit/web-12", or "DatacenterExit: group 3 of 8", numbered as in its id. */
export function heartbeatSummary(
  workflowId: string,
  { progressUpdateStream, migrationTaskName }: TaskIdentity,
): string {
  const [, groups, group] = /^mgh-group:[^:]*:(\d+):(\d+)$/.exec(workflowId) ?? [];
  return groups === undefined
    ? summaryOf(`${progressUpdateStream}/${migrationTaskName}`)
    : summaryOf(progressUpdateStream, `: group ${group} of ${groups}`);
}
