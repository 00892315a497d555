import type { ResourceAttribute } from '../../report';
import type { Place } from '../text/place';
import type { SourceFile } from './source-file';

/** What a row says of a server, and the rows joined to it. */
export interface ServerRecord {
  /** In which the row stands. */
  file: SourceFile;
  /** On which the row begins. */
  line: number;
  /** Of its name. */
  place: Place;
  /** As it stands there; empty where the row names none. */
  name: string;
  /** Absent where the row has none. */
  wave?: string;
  /** Absent where the row has none. */
  application?: string;
  /** With a domain. */
  fqdn?: string;
  /** `d-server-…` */
  discoveredResource?: string;
  /** Whether Migration Hub takes all of them is decided when the rows of a server are together. */
  attributes: ResourceAttribute[];
  /** What it is called, each folded: names, ids. */
  names: string[];
  /** What it is called in DNS, each folded, with and without a domain. */
  hosts: string[];
  /** The vCenter and the id in it: two rows with the same are of the same virtual machine. */
  vm?: string;
  /** The id in its vCenter. */
  vmId?: string;
  /** Rows that tell more of it. */
  joined?: ServerRecord[];
  /** How it was joined to another row. */
  how?: string;
  /** It has an error; in short what. */
  fault?: string;
  /** Its cells may stand under wrong headers: that is its error. */
  isShifted?: true;
  /** It is of no server to migrate, since no other file names it. */
  isLeft?: true;
}

/** `vInfo.csv, line 3`, for messages. */
export const placeOf = ({ file, line }: ServerRecord): string => `${file.name}, line ${line}`;

const SHOWN = 3;

/** The places of some rows, for messages. */
export function someOf(records: ServerRecord[]): string {
  const places = records.slice(0, SHOWN).map(placeOf).join('; ');
  return records.length > SHOWN ? `${places}; …` : places;
}

/** Joins a row to the one that it tells more of. */
export function join(to: ServerRecord, record: ServerRecord, how: string): void {
  record.how = how;
  (to.joined ??= []).push(record);
}

/** The row and all that are joined to it, theirs included. */
export const allOf = (record: ServerRecord): ServerRecord[] => [record, ...(record.joined ?? []).flatMap(allOf)];

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
