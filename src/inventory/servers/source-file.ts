import type { Format } from '../formats/format';
import type { Place } from '../text/place';
import type { FileRole, InventoryProblem } from '../types';
import { shortened } from '../values/cell';

/** Texts that are remembered. */
const MAX_SHARED = 10_000;

/** A file while it is read: what it gives, and what is wrong in it. */
export class SourceFile {
  /** Undefined until it is known. */
  format?: Format;
  /** What it gives; undefined as long as the format. */
  role?: FileRole;
  /** What stands between its cells. */
  delimiter = ',';
  /** With something in them, without the header. */
  rows = 0;
  /** For people. */
  readonly notes: string[] = [];
  /** The headers of columns that are not read. */
  ignoredColumns: string[] = [];
  /** The header of the column that names servers first. */
  nameColumn = '';
  /** Rows that say nothing of a server: those of none to migrate, and those that cannot be read. */
  readonly others: { line: number; outcome: 'skipped' | 'error'; why: string }[] = [];
  /** Errors. */
  readonly errors: InventoryProblem[] = [];
  /** What may be wrong. */
  readonly warnings: InventoryProblem[] = [];
  /** It cannot be used as a whole. */
  isBroken = false;

  constructor(
    /** As it was given. */
    readonly name: string,
    /** What becomes of each row is told to people, and must be remembered. */
    readonly remembersRows: boolean,
  ) {}

  /** An error of one row. */
  error(place: Place, message: string, cell?: string): void {
    this.errors.push(this.problem(place, message, cell));
  }

  /** An error for which the whole file cannot be used. */
  fail(place: Place, message: string, cell?: string): void {
    this.isBroken = true;
    this.errors.push({ ...this.problem(place, message, cell), isOfFile: true });
  }

  /** Quotes are wrong: the row cannot be read, and the file cannot be used, since where its rows begin is not certain. */
  failRow(place: Place, message: string): void {
    this.fail(place, message);
    this.other(place.line, 'error', message);
  }

  /** What becomes of a row that says nothing of a server. */
  other(line: number, outcome: 'skipped' | 'error', why: string): void {
    if (this.remembersRows) this.others.push({ line, outcome, why });
  }

  /** What may be wrong. */
  warn(place: Place, message: string, cell?: string): void {
    this.warnings.push(this.problem(place, message, cell));
  }

  private problem({ line, column }: Place, message: string, cell?: string): InventoryProblem {
    return { file: this.name, line, column, ...(cell !== undefined && { cell: shortened(cell) }), message };
  }

  private readonly texts = new Map<string, string>();

  /** The text, or one like it that an earlier row has: of what many rows have the same, one is enough. */
  shared(text: string): string {
    const there = this.texts.get(text);
    if (there === undefined && this.texts.size < MAX_SHARED) this.texts.set(text, text);
    return there ?? text;
  }

  private readonly skipCounts = new Map<string, number>();

  /** A row of no server to migrate. */
  skip(line: number, why: string): void {
    this.skipCounts.set(why, (this.skipCounts.get(why) ?? 0) + 1);
    this.other(line, 'skipped', why);
  }

  /** For people: how many rows were skipped, by reason. */
  get skipNotes(): string[] {
    return [...this.skipCounts].map(([why, count]) => `${count} ${count === 1 ? 'row' : 'rows'} skipped: ${why}`);
  }
}
