import type { FileRole } from '../types';
import type { Columns } from './columns';

/** What a column says of a server. */
export type Meaning =
  | 'name'
  | 'wave'
  | 'application'
  | 'fqdn'
  | 'addresses'
  | 'managerId'
  | 'vmId'
  | 'vmName'
  | 'vmPath'
  | 'biosId'
  | 'discoveredResource'
  | 'template'
  | 'placeholder'
  | 'strategy';

/** A format of files. */
export interface Format {
  /** For people. */
  name: string;
  /** Files of one source tell of the same servers, each of others; files of two sources tell of the same ones twice. */
  source: string;
  /** What a file of these columns gives. */
  role: (columns: Columns) => FileRole;
  /** Whether these are the columns of such a file. */
  isOf: (columns: Columns) => boolean;
  /** The headers of the columns that are read, in order of choice: the first that a row fills in counts; of `name` all are keys. */
  columns: Partial<Record<Meaning, string[]>>;
  /** Each text is a name, also one that stands for no value elsewhere: somebody has typed `none` into vCenter. */
  isNamedAsItStands?: true;
  /** A row is a network adapter, not a server. */
  isOfAdapters?: true;
  /**
   * Columns of waves and applications, and of where they are. A row that fills in nothing else is of no server. An application is in one
   * wave, which one of its rows tells.
   */
  isOfWave?: (header: string) => boolean;
  /** Columns that keep applications of one name apart. */
  applicationsApartBy?: readonly string[];
  /** Headers with which people mean other columns are wrong; others may be the user's own. */
  isOwnHeader?: (header: string) => boolean;
  /** Columns that a reader may think are used, and what to know of them. */
  unused?: Record<string, string>;
}
