import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anonymous, toText } from './anonymous';
import { HISTORIES, type HistoryJson } from './files';

/** @throws Error for a version whose histories must not be touched. */
export function checkMayRecord(version: string, force: boolean): void {
  if (!force && existsSync(join(HISTORIES, version)))
    throw new Error(
      `there are histories of ${version}, and those of a released version never change. ` +
        'For a new version, raise it in package.json; before the release, give --force',
    );
}

/** Writes the runs of each scenario. All or nothing: the folder of the version appears when it is complete. */
export function store(version: string, recorded: ReadonlyMap<string, HistoryJson[]>): void {
  mkdirSync(HISTORIES, { recursive: true });
  const folder = mkdtempSync(join(HISTORIES, '.recording-'));
  try {
    for (const [name, runs] of recorded)
      runs.forEach((history, i) => {
        const file = runs.length === 1 ? `${name}.json` : `${name}.${i + 1}.json`;
        writeFileSync(join(folder, file), toText(anonymous(history)));
      });
    rmSync(join(HISTORIES, version), { recursive: true, force: true });
    renameSync(folder, join(HISTORIES, version));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
