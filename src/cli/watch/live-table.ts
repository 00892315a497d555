import { isTerminal, type Freshness, type ReportedState } from '../../task-state';
import { freshnessColor, type Colors } from '../color';
import type { OutputFlags } from '../output';
import { clip, plain, tableOf } from '../table';
import { byName, percentInWords } from '../task-rows';
import { timeInWords } from '../time-words';

/** A key, as `node:readline` tells of it. */
export interface Key {
  /** `up`, `escape`, `q`, … */
  name?: string;
  /** With the control key. */
  ctrl?: boolean;
  /** With the alt key. */
  meta?: boolean;
}

/** What a frame is drawn for. */
export interface FrameOptions extends Pick<OutputFlags, 'timeFormat'> {
  /** Of the terminal. */
  columns: number;
  /** Of the terminal. */
  rows: number;
  /** Epoch seconds. */
  now: number;
  /** Of the terminal. */
  colors: Colors;
}

interface Shown {
  state: ReportedState;
  /** What the filter looks at, in small letters. */
  text: string;
}

/** The lines around the tasks: title, header, keys. */
const FRAME_LINES = 3;
/** A long name leaves room for what is said of it. */
const LONGEST_NAME_SHARE = 0.4;

/** What a person at a terminal sees of the tasks that are watched, and what the keys do. Draws nothing itself. */
export class LiveTable {
  private readonly tasks = new Map<string, Shown>();
  private sorted?: Shown[];
  private filter = '';
  private isTyping = false;
  private top = 0;
  private page = 1;
  /** Said in the last line, as of an outage. */
  notice = '';

  /** `title`: of what is watched. */
  constructor(private readonly title: string) {}

  /** Takes the newest state of a task. */
  set(state: ReportedState): void {
    this.notice = '';
    const known = this.tasks.get(state.migrationTaskName);
    const text = searchable(state);
    if (known) Object.assign(known, { state, text });
    else {
      this.tasks.set(state.migrationTaskName, { state, text });
      this.sorted = undefined;
    }
  }

  /** Takes a key; true where it ends the watch. */
  press(text: string | undefined, key: Key): boolean {
    if (key.ctrl && key.name === 'c') return true;
    if (this.isTyping) this.type(text, key);
    else if (key.name === 'q') return true;
    else if (text === '/') this.isTyping = true;
    else if (key.name === 'escape') this.setFilter('');
    else this.scroll(key.name);
    return false;
  }

  /** As many lines as the terminal has rows, none wider than it. */
  frame({ columns, rows, now, colors, timeFormat }: FrameOptions): string[] {
    const shown = this.matching();
    this.page = Math.max(1, rows - FRAME_LINES);
    this.top = Math.max(0, Math.min(this.top, shown.length - this.page));
    const visible = shown.slice(this.top, this.top + this.page).map(({ state }) => state);
    const table = tableOf(
      TITLES,
      visible.map((state) => cellsOf(state, now, timeFormat, Math.floor(columns * LONGEST_NAME_SHARE))),
    );
    const [header = '', ...lines] = table.split('\n').map((line) => clip(line, columns));
    const body = visible.map((state, i) => freshnessColor(colors, freshnessAt(state, now))(lines[i] ?? ''));
    const blank = Array<string>(Math.max(0, this.page - body.length)).fill('');
    const title = colors.bold(clip(this.titleLine(shown.length, now), columns));
    const footer = clip(this.footer(shown.length), columns);
    return [title, colors.dim(header), ...body, ...blank, this.isTyping ? footer : colors.dim(footer)].slice(-rows);
  }

  private titleLine(shown: number, now: number): string {
    const counts = new Map<Freshness, number>();
    for (const { state } of this.tasks.values()) {
      const freshness = freshnessAt(state, now);
      counts.set(freshness, (counts.get(freshness) ?? 0) + 1);
    }
    const { size } = this.tasks;
    const numbers = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, count]) => `${count} ${name}`);
    const filtered = this.filter === '' ? '' : `; ${shown} shown`;
    const tasks = `${size} task${size === 1 ? '' : 's'}: ${numbers.join(', ')}${filtered}`;
    return `${plain(this.title)}  ${size === 0 ? 'no task seen yet' : tasks}`;
  }

  private footer(shown: number): string {
    if (this.isTyping) return `/${plain(this.filter)}_   Enter keeps it, Esc clears it`;
    if (this.notice) return plain(this.notice);
    const filter = this.filter === '' ? '/ filter' : `/${plain(this.filter)}   Esc clears it`;
    const more =
      shown > this.page ? `   ${this.top + 1}-${Math.min(shown, this.top + this.page)} of ${shown}, arrows scroll` : '';
    return `${filter}${more}   q ends`;
  }

  private matching(): Shown[] {
    this.sorted ??= [...this.tasks.values()].sort((a, b) => byName(a.state, b.state));
    const words = this.filter.toLowerCase().split(/\s+/).filter(Boolean);
    return words.length === 0
      ? this.sorted
      : this.sorted.filter(({ text }) => words.every((word) => text.includes(word)));
  }

  private setFilter(filter: string): void {
    this.filter = filter;
    this.top = 0;
  }

  private type(text: string | undefined, key: Key): void {
    if (key.name === 'escape') this.setFilter('');
    if (key.name === 'escape' || key.name === 'return' || key.name === 'enter') this.isTyping = false;
    else if (key.name === 'backspace') this.setFilter([...this.filter].slice(0, -1).join(''));
    else if (key.ctrl && key.name === 'u') this.setFilter('');
    else if (text && !key.ctrl && !key.meta && plain(text) === text) this.setFilter(this.filter + text);
  }

  private scroll(name: string | undefined): void {
    const steps: Record<string, number> = {
      ...{ up: -1, k: -1, down: 1, j: 1 },
      ...{ pageup: -this.page, pagedown: this.page, space: this.page },
      ...{ home: -Infinity, end: Infinity },
    };
    this.top = Math.max(0, Math.min(this.tasks.size, this.top + (steps[name ?? ''] ?? 0)));
  }
}

const TITLES = ['TASK', 'STATUS', 'PERCENT', 'FRESHNESS', 'HEARTBEAT', 'DEADLINE', 'PENDING', 'DETAIL'];

function cellsOf(task: ReportedState, now: number, timeFormat: OutputFlags['timeFormat'], widest: number): string[] {
  const time = (at: number | undefined) => timeInWords(at, timeFormat, now) ?? '-';
  const { lastDelivered, pending, lastFailure } = task;
  const isOpen = lastDelivered !== undefined && !isTerminal(lastDelivered.status);
  return [
    clip(plain(task.migrationTaskName), Math.max(8, widest)),
    lastDelivered?.status ?? '-',
    percentInWords(lastDelivered?.progressPercent) ?? '-',
    freshnessAt(task, now),
    task.nextHeartbeatAt !== undefined && task.nextHeartbeatAt <= now ? 'due' : time(task.nextHeartbeatAt),
    isOpen ? time(lastDelivered.deadline) : '-',
    pending ? [pending.status, percentInWords(pending.progressPercent)].filter(Boolean).join(' ') : '',
    lastFailure ? `${lastFailure.type}: ${lastFailure.message}` : (lastDelivered?.statusDetail ?? ''),
  ];
}

/** Between two looks a deadline may pass. */
function freshnessAt({ freshness, lastDelivered }: ReportedState, now: number): Freshness {
  const holds = freshness === 'fresh' || freshness === 'at-risk';
  return holds && lastDelivered && now > lastDelivered.deadline ? 'stale' : freshness;
}

function searchable({ migrationTaskName, lastDelivered, pending, freshness, labels }: ReportedState): string {
  const values = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const status = [lastDelivered?.status, lastDelivered?.statusDetail, pending?.status];
  return [migrationTaskName, ...status, freshness, ...values].join('\n').toLowerCase();
}
