import type { Columns } from '../formats/columns';
import type { Row } from '../text/rows';
import { quoted } from '../values/cell';
import type { ServerRecord } from './record';
import type { RecordFile } from './record-file';

/** The wave of an application. */
interface Told {
  wave: string;
  /** Of the first row that tells it. */
  line: number;
  /** Another row tells another one: so. */
  fault?: string;
}

/** The waves of applications, in files where one row may tell that of all servers of its application. */
export class ApplicationWaves {
  private readonly byApplication = new Map<string, Told>();
  /** The application of each server, with what keeps it apart from others of its name. */
  private readonly applications = new Map<ServerRecord, string>();

  constructor(
    private readonly columns: Columns,
    private readonly file: RecordFile,
    private readonly isOfWave: (header: string) => boolean,
    /** Columns that keep applications of one name apart. */
    private readonly apart: readonly string[],
  ) {}

  /** Returns whether the row is of no server: then all is told of it. `column`: that of its wave. */
  take(row: Row, record: ServerRecord, column = 0): boolean {
    if (record.fault !== undefined) return false;
    const fault = this.faultOf(row, record);
    const isServer = row.cells.some((cell, index) => cell.trim() !== '' && !this.columns.isAt(index, this.isOfWave));
    if (fault !== undefined) {
      record.fault = fault;
      this.file.error(row.at(column), fault, record.wave);
      if (!isServer) this.file.other(row.line, 'error', fault);
    } else if (!isServer) this.file.skip(row.line, 'it tells only of a wave or an application');
    return !isServer;
  }

  private faultOf({ line, cells }: Row, record: ServerRecord): string | undefined {
    const { wave, application } = record;
    if (application === undefined) return undefined;
    const places = this.apart.map((name) => this.columns.index(name) ?? -1);
    const key = JSON.stringify([application, ...places.map((place) => cells[place]?.trim() ?? '')]);
    this.applications.set(record, key);
    if (wave === undefined) return undefined;
    const told = this.byApplication.get(key);
    if (!told) this.byApplication.set(key, { wave, line });
    if (!told || told.wave === wave) return undefined;
    const what = `the application ${quoted(application)} is in the wave ${quoted(told.wave)} on line ${told.line}`;
    told.fault ??= `${what}, but in ${quoted(wave)} on line ${line}`;
    return `${what}, but in ${quoted(wave)} here. Correct the wrong one: an application is in one wave.`;
  }

  /** Once all rows are read. Of an application with two waves no row is taken: which of them is right cannot be told. */
  end(): void {
    for (const [record, key] of this.applications) {
      const told = record.isShifted ? undefined : this.byApplication.get(key);
      record.wave ??= told?.wave;
      record.fault ??= told?.fault;
    }
  }
}
