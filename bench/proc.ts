/** CPU time and memory of a process from /proc, so that every side is measured alike. Linux only. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** USER_HZ: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const KB_PER_MB = 1024;

/** Memory in MB: what the process has now, and the most it had since its start or since `resetPeak`. */
export interface Memory {
  rssMb: number;
  peakMb: number;
}

/** Whether processes can be measured here. */
export const hasProc = (): boolean => existsSync('/proc/self/stat');

/** User and system CPU seconds in the text of /proc/PID/stat. The name in parentheses may hold anything, so fields count from behind it. */
export function cpuSecondsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** VmRSS and VmHWM in the text of /proc/PID/status. */
export function memoryOf(status: string): Memory {
  const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / KB_PER_MB;
  return { rssMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}

/** CPU seconds a process has used so far, all its threads together. */
export const cpuSeconds = (pid: number): number => cpuSecondsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** What a process has in memory. */
export const memory = (pid: number): Memory => memoryOf(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** Makes the peak start anew: bundling workflows at the start of a worker takes more than the worker does later. */
export const resetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');
