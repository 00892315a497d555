import { statSync } from 'node:fs';
import { readHistory, recordedVersions, storedHistories } from './files';

/** Prints how many events of which type each stored history has. */
export function listHistories(): void {
  for (const stored of recordedVersions().flatMap(storedHistories)) {
    const counts = new Map<string, number>();
    for (const { eventType } of readHistory(stored).events) {
      const type = eventType.replace('EVENT_TYPE_', '').toLowerCase();
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    console.log(`${stored.version}/${stored.name} (${Math.ceil(statSync(stored.path).size / 1000)} kB)`);
    for (const [type, count] of counts) console.log(`  ${String(count).padStart(4)} ${type}`);
  }
}
