import type { HistoryJson } from './files';

/** Stands where a process and host name stood. */
export const IDENTITY = 'recorder';
/** Stands where the name of a worker's own queue stood: it begins with the worker's identity. */
const STICKY_QUEUE = 'sticky';

/** The history without what names the machine: identities, queues named by them, and the paths of stack traces. */
export function anonymous(history: HistoryJson): HistoryJson {
  return JSON.parse(JSON.stringify(history), (key, value: unknown) => {
    if (key === 'identity') return IDENTITY;
    if (key === 'stackTrace') return '';
    return isStickyQueue(value) ? { ...value, name: STICKY_QUEUE } : value;
  }) as HistoryJson;
}

const isStickyQueue = (value: unknown): value is { name: string; kind: string } =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'TASK_QUEUE_KIND_STICKY';

/** One line for each event: small, and readable in a diff. */
export const toText = ({ events }: HistoryJson): string =>
  `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
