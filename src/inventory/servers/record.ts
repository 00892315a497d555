import type { ResourceAttribute } from '../../report';
import type { Place } from '../text/place';
import type { SourceFile } from './source-file';

const NONE: never[] = [];

/** What a row says of a server, and the rows joined to it. There may be many: each field is there from the start, which saves memory. */
export class ServerRecord {
  /** Absent where the row has none. */
  wave?: string = undefined;
  /** Absent where the row has none. */
  application?: string = undefined;
  /** With a domain. */
  fqdn?: string = undefined;
  /** `d-server-…` */
  discoveredResource?: string = undefined;
  /** Whether Migration Hub takes all of them is decided when the rows of a server are together. */
  attributes: readonly ResourceAttribute[] = NONE;
  /** What it is called, each folded: names, ids. */
  names: readonly string[] = NONE;
  /** What it is called in DNS, each folded, with and without a domain. */
  hosts: readonly string[] = NONE;
  /** The vCenter of a virtual machine, folded. */
  managerId?: string = undefined;
  /** The id of a virtual machine in its vCenter, folded. */
  vmId?: string = undefined;
  /** Rows that tell more of it. */
  joined?: ServerRecord[] = undefined;
  /** The row that it tells more of. */
  joinedTo?: ServerRecord = undefined;
  /** How it was joined to that. */
  how?: string = undefined;
  /** It has an error; in short what. */
  fault?: string = undefined;
  /** Its cells may stand under wrong headers: that is its error. */
  isShifted = false;
  /** The first row that names a server and may be of the same one: no other server has it. */
  claimedBy?: ServerRecord = undefined;
  /** It is counted as skipped, since it is of no server to migrate. */
  isLeft = false;
  private readonly placeLine: number;
  private readonly placeColumn: number;

  constructor(
    /** In which the row stands. */
    readonly file: SourceFile,
    /** On which the row begins. */
    readonly line: number,
    /** As it stands there; empty where the row names none. */
    readonly name: string,
    place: Place,
  ) {
    this.placeLine = place.line;
    this.placeColumn = place.column;
  }

  /** Of its name. */
  get place(): Place {
    return { line: this.placeLine, column: this.placeColumn };
  }

  /** Two rows with the same are of the same virtual machine. */
  get vm(): string | undefined {
    return this.managerId === undefined || this.vmId === undefined ? undefined : `${this.managerId} ${this.vmId}`;
  }
}

/** `vInfo.csv, line 3`, for messages. */
export const placeOf = ({ file, line }: ServerRecord): string => `${file.name}, line ${line}`;

/** Whether a row that names a server is to become a task. */
export const isToMigrate = ({ fault, isLeft }: ServerRecord): boolean => fault === undefined && !isLeft;

/** So many places are told in a message. */
export const SHOWN = 3;

/** The places of some rows, for messages. */
export function someOf(records: ServerRecord[]): string {
  const places = records.slice(0, SHOWN).map(placeOf).join('; ');
  return records.length > SHOWN ? `${places}; …` : places;
}

/** Joins a row to the one that it tells more of. */
export function join(to: ServerRecord, record: ServerRecord, how = record.how): void {
  record.joinedTo = to;
  record.how = how;
  if (to.joined) to.joined.push(record);
  else to.joined = [record];
}

/** The row that it tells more of, or itself: that names a server. */
export function rootOf(record: ServerRecord): ServerRecord {
  let root = record;
  while (root.joinedTo) root = root.joinedTo;
  return root;
}

/** Visits the row and all that are joined to it, theirs included. */
export function forEachRow(record: ServerRecord, visit: (row: ServerRecord) => void): void {
  visit(record);
  for (const each of record.joined ?? NONE) forEachRow(each, visit);
}

/** The row and all that are joined to it, theirs included. */
export function allOf(record: ServerRecord): ServerRecord[] {
  const all: ServerRecord[] = [];
  forEachRow(record, (row) => all.push(row));
  return all;
}

/** Leaves out a row, and those joined to it. */
export function leave(record: ServerRecord, why: string): void {
  for (const each of allOf(record)) {
    each.isLeft = true;
    each.file.skip(each.line, why);
  }
}

/** An error with the row: it yields no server. */
export function refuse(record: ServerRecord, message: string, cell = record.name): void {
  record.fault ??= message;
  record.file.error(record.place, message, cell);
}
