import { emitKeypressEvents } from 'node:readline';
import type { ReportedState } from '../../task-state';
import type { Colors } from '../color';
import type { TimeFormat } from '../output';
import type { Key, LiveTable } from './live-table';

/** Alternate screen and hidden cursor, as every terminal since xterm has them; and back. */
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** What comes together is drawn together. */
const TOGETHER_MS = 50;
/** Countdowns move. */
const TICK_MS = 1000;

/** As much of the process's streams as is used. */
export interface Terminal {
  /** Keys; without a terminal there are none. */
  input: NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  /** The terminal. */
  output: NodeJS.WritableStream & { columns?: number; rows?: number };
}

/** How it is shown. */
export interface LiveOptions {
  /** Of the terminal. */
  colors: Colors;
  /** `--time-format` */
  timeFormat: TimeFormat;
  /** Ends it. */
  signal: AbortSignal;
  /** Is called when a key ends it. */
  end: () => void;
}

/** Shows the table until the states end; whatever happens, the terminal is then as it was. */
export async function showLive(
  states: AsyncIterable<ReportedState>,
  table: LiveTable,
  { input, output }: Terminal,
  { colors, timeFormat, signal, end }: LiveOptions,
): Promise<void> {
  let drawing: NodeJS.Timeout | undefined;
  const draw = () => {
    drawing = undefined;
    // A terminal that does not tell its size has the classic one.
    const size = { columns: output.columns || 80, rows: output.rows || 24 };
    const frame = table.frame({ ...size, now: Date.now() / 1000, colors, timeFormat });
    output.write(HOME + frame.map((line) => line + CLEAR_LINE).join('\r\n') + CLEAR_BELOW);
  };
  const drawSoon = () => void (drawing ??= setTimeout(draw, TOGETHER_MS));
  const onKey = (text: string | undefined, key: Key) => (table.press(text, key) ? end() : draw());
  const leave = () => output.write(LEAVE);
  const hasKeys = input.isTTY === true;
  output.write(ENTER);
  process.once('exit', leave);
  output.on('resize', draw);
  if (hasKeys) {
    emitKeypressEvents(input);
    input.setRawMode?.(true);
    input.on('keypress', onKey);
    input.resume();
  }
  const ticking = setInterval(draw, TICK_MS);
  draw();
  try {
    for await (const state of states) {
      if (signal.aborted) break;
      table.set(state);
      drawSoon();
    }
  } finally {
    clearInterval(ticking);
    clearTimeout(drawing);
    output.off('resize', draw);
    if (hasKeys) {
      input.off('keypress', onKey);
      input.setRawMode?.(false);
      input.pause();
    }
    process.off('exit', leave);
    leave();
  }
}
