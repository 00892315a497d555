import type { ResourceAttribute } from '../report';

/** A file of servers: a wave file, an inventory, or both in one. */
export interface InventoryFile {
  /** For messages. */
  name: string;
  /** Its bytes, from the beginning, in pieces of any size; what it throws is thrown on. */
  open(): AsyncIterable<Uint8Array>;
}

/** How files are read. */
export interface InventoryOptions {
  /**
   * The encoding of files without a byte order mark: a label of the WHATWG Encoding Standard, such as `windows-1252`. A byte order mark
   * decides before it. What is not valid in the encoding is an error; so is UTF-8 without a mark where another one is named.
   * @default 'utf-8'
   */
  encoding?: string;
  /** Is told of each row, in the order of files and lines, once all files are read: what became of it, and why. */
  onRow?: (row: RowOutcome) => void;
}

/** What the files say, and what is wrong in them. */
export interface Inventory {
  /** In the order given; a file whose format is not known has no entry. */
  files: ReadFile[];
  /** The servers to migrate, without those that have an error; each has a task name of its own. In the order of files and lines. */
  servers: InventoryServer[];
  /** Errors, in the order of files and lines: while there is one, nothing should be registered. */
  problems: InventoryProblem[];
  /** What may be wrong, in the same order. */
  warnings: InventoryProblem[];
}

/** What a file gives: servers with their waves, what is known of servers, or both. */
export type FileRole = 'wave' | 'identity' | 'both';

/** A file whose format is known. */
export interface ReadFile {
  /** As it was given. */
  name: string;
  /** For people: `Cloud Migration Factory intake form`. */
  format: string;
  /** What it gives. */
  role: FileRole;
  /** What stands between its cells: `,`, `;`, `|` or a tab. */
  delimiter: string;
  /** With something in them, without the header. */
  rows: number;
  /** For people: what cannot be known from this file, and what was skipped. */
  notes: string[];
  /** The headers of columns that are not read, in the order of the file. */
  ignoredColumns: string[];
}

/** A server to migrate. */
export interface InventoryServer {
  /** By the rule of `toTaskName`; no other server has it, nor one that differs only in case. */
  migrationTaskName: string;
  /** Absent where the file has none. */
  wave?: string;
  /** Absent where the file has none; several are joined by `, `. */
  application?: string;
  /** By which Migration Hub finds the server: 0–100. */
  resourceAttributes: ResourceAttribute[];
  /** Its id in Application Discovery Service: `d-server-…`. */
  discoveredResource?: string;
  /** Its fully qualified domain name. */
  fqdn?: string;
  /** The rows that tell of it; the one that names it is first. */
  from: RowPlace[];
}

/** A row of a file. */
export interface RowPlace {
  /** The name of the file. */
  file: string;
  /** On which it begins, 1-based. */
  line: number;
}

/** What is wrong, or may be, at a place of a file. */
export interface InventoryProblem {
  /** The name of the file. */
  file: string;
  /** 1-based. */
  line: number;
  /** In characters, 1-based. */
  column: number;
  /** What stands there, shortened. */
  cell?: string;
  /** What is wrong or was expected, and what to do. */
  message: string;
  /** The file cannot be used as a whole: no row of it yields a server. */
  isOfFile?: true;
}

/** What became of a row. */
export interface RowOutcome extends RowPlace {
  /** `task`: it names a server. `joined`: it tells more of one that another row names. `error`: see the problems. */
  outcome: 'task' | 'joined' | 'skipped' | 'error';
  /** That of its server. */
  migrationTaskName?: string;
  /** For people. */
  why: string;
}
