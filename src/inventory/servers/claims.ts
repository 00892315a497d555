import { match, type Doubt, type Finding } from './match';
import { rootOf, type ServerRecord } from './record';
import { listOf, type Rows } from './record-index';
import type { Source } from './source';

/**
 * Which rows of the sources each server finds, all asked with what was joined before: the order of servers and sources decides nothing.
 * A server that is not migrated or has an error takes what it finds, too: it is none of another one's.
 */
export class Claims {
  /** Rows that several servers have found, and these; that which has the row is among them. */
  readonly contested = new Map<ServerRecord, Set<ServerRecord>>();
  /** Servers of which it is not clear which row is theirs, each with why. */
  readonly doubts: [task: ServerRecord, doubt: Doubt][] = [];

  /** What each server has found in each source, one after the other: of many servers that takes least memory. */
  private readonly found: (ServerRecord | undefined)[] = [];
  /** Where a server is in `tasks`, once that is asked for. */
  private positions?: Map<ServerRecord, number>;

  constructor(
    /** Rows that name servers. */
    readonly tasks: ServerRecord[],
    private readonly sources: Source[],
  ) {
    for (const { records } of sources)
      for (const record of records) record.claimedBy = record.joinedTo ? rootOf(record) : undefined;
    for (const task of tasks) task.claimedBy = task;
    for (const task of tasks) this.claim(task);
  }

  /** What a server has found. `position`: where it is in `tasks`, if that is known. */
  foundBy(task: ServerRecord, position?: number): ServerRecord[] {
    const at = position ?? (this.positions ??= new Map(this.tasks.map((each, i) => [each, i]))).get(task);
    if (at === undefined) return [];
    const { length } = this.sources;
    return this.found.slice(at * length, (at + 1) * length).filter((row) => row !== undefined);
  }

  private claim(task: ServerRecord): void {
    const rows = this.sources.map((source) => source.rowOf(task));
    const matches = this.sources.map(({ index }, i) => {
      const others = this.sources.filter((_, j) => j !== i && rows[j] !== undefined).map((source) => source.index);
      return rows[i] && !task.joined ? undefined : match(task, index, rows[i], others);
    });
    const doubts = matches.filter((each) => each !== undefined && 'fault' in each);
    for (const doubt of doubts) this.doubts.push([task, doubt]);
    matches.forEach((matched, i) => {
      const found = matched && 'found' in matched && matched.found !== rows[i] ? matched : undefined;
      const doubt = found && doubts.find(({ findings }) => isLeftOpenBy(findings, found.findings));
      this.found.push(doubt ? undefined : found?.found);
      // Of two servers with its name, this source may have only the other one.
      if (doubt) this.doubts.push([task, { ...doubt, rows: [found.found] }]);
      else if (found) this.take(found.found, task, found.how);
    });
  }

  private take(record: ServerRecord, task: ServerRecord, how?: string): void {
    if (how !== undefined && !record.joinedTo) record.how = how;
    // What finds one row of two finds the other one, too.
    task.how ??= how;
    record.claimedBy ??= task;
    if (record.claimedBy === task) return;
    const claiming = this.contested.get(record);
    if (claiming) claiming.add(task);
    else this.contested.set(record, new Set([record.claimedBy, task]));
  }

  /** Of several rows one may be that of a server: no other server has any of them. */
  takeDoubtful(): void {
    const taken = new Set<Rows>();
    for (const [task, { rows: each }] of this.doubts)
      for (const rows of each) {
        // Many servers may find the same many rows.
        if (taken.has(rows)) continue;
        taken.add(rows);
        for (const row of listOf(rows)) this.take(row, task);
      }
  }
}

/** Whether each key that found a row is among those that leave open which row of another source is meant. */
const isLeftOpenBy = (open: Finding[], found: Finding[]): boolean =>
  found.every(({ key }) => open.some((each) => each.key === key));
