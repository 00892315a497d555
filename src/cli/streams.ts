import { note } from './output';
import { onStopSignal } from '../on-stop-signal';

/** Who reads may be gone, as after `| head`, or the terminal closed: nobody is left to tell. */
const READER_GONE = ['EPIPE', 'EIO'];
let endsUnread = true;

function onDataError(error: NodeJS.ErrnoException): void {
  onNoteError(error);
  if (endsUnread) process.exit(0);
}

/** Notes are not what a command is run for. */
function onNoteError(error: NodeJS.ErrnoException): void {
  if (!READER_GONE.includes(error.code ?? '')) throw error;
}

/** Ends the process without a word when nobody reads its data any more. */
export function endQuietly(): void {
  endsUnread = true;
  process.stdout.off('error', onDataError).on('error', onDataError);
  process.stderr.off('error', onNoteError).on('error', onNoteError);
}

/** From now on it does not end then: its exit code says what became of what it was run for. */
export function finishUnread(): void {
  endsUnread = false;
}

/** Warnings are one line of stderr; Node would add its own words and the number of the process. Those to programmers are left out. */
export function noteWarnings(say: (text: string) => void = (text) => note(text)): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'DeprecationWarning') say(message);
  });
}

/** Runs `work` with a signal that Ctrl-C, and the like, or `end` aborts; the process then ends when the work does. */
export async function untilEnded<T>(work: (signal: AbortSignal, end: () => void) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const off = onStopSignal(end);
  try {
    return await work(ending.signal, end);
  } finally {
    off();
  }
}
