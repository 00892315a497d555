import { note } from './output';
import { plain } from './table';

/** Who reads stdout may be gone, as after `| head`, or the terminal closed: nobody is left to tell. */
const READER_GONE = ['EPIPE', 'EIO'];

function onError(error: NodeJS.ErrnoException): void {
  if (READER_GONE.includes(error.code ?? '')) process.exit(0);
  throw error;
}

/** Ends the process without a word when nobody reads what it writes any more. */
export function endQuietly(): void {
  for (const stream of [process.stdout, process.stderr]) stream.off('error', onError).on('error', onError);
}

/** Warnings are one line of stderr; Node would add its own words and the number of the process. Those to programmers are left out. */
export function noteWarnings(say: (text: string) => void = (text) => note(plain(text))): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'DeprecationWarning') say(message);
  });
}

/** Runs `work` with a signal that Ctrl-C, and the like, or `end` aborts; the process then ends when the work does. */
export async function untilEnded<T>(work: (signal: AbortSignal, end: () => void) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, end);
  try {
    return await work(ending.signal, end);
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}
