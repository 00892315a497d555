import { match, type Doubt } from './match';
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

  constructor(tasks: ServerRecord[], sources: Source[]) {
    for (const { records } of sources)
      for (const record of records) record.claimedBy = record.joinedTo ? rootOf(record) : undefined;
    for (const task of tasks) task.claimedBy = task;
    for (const task of tasks) this.claim(task, sources);
  }

  private claim(task: ServerRecord, sources: Source[]): void {
    const rows = sources.map((source) => source.rowOf(task));
    sources.forEach(({ index }, i) => {
      const own = rows[i];
      if (own && !task.joined) return;
      const others = sources.filter((_, j) => j !== i && rows[j] !== undefined).map((source) => source.index);
      const matched = match(task, index, own, others);
      if (!matched) return;
      if ('fault' in matched) return void this.doubts.push([task, matched]);
      const { found, how } = matched;
      this.take(found, task);
      if (found === own) return;
      // What finds one row of two finds the other one, too.
      if (!found.joinedTo) found.how = how;
      task.how ??= how;
    });
  }

  private take(record: ServerRecord, task: ServerRecord): void {
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
