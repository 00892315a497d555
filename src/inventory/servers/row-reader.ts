import { MAX_LABELS_LENGTH, type ResourceAttribute } from '../../report';
import type { Columns } from '../formats/columns';
import type { Meaning } from '../formats/format';
import type { Row } from '../text/rows';
import { addressOf } from '../values/address';
import { isValue, MAX_VALUE_LENGTH } from '../values/attributes';
import { isFiller, isRewritten, listOf, quoted, textOf } from '../values/cell';
import { folded, toPlainText } from '../values/task-name';
import { ApplicationWaves } from './application-waves';
import type { ColumnPlaces } from './header';
import { ServerRecord } from './record';
import type { RecordFile } from './record-file';
import { RowShape } from './row-shape';
import { Truths, type Cell } from './truths';

/** Of Cloud Migration Factory: those of rows that are not migrated, and the others. */
const STAYING = ['Retire', 'Retain'];
const MIGRATED = ['Relocate', 'Rehost', 'Repurchase', 'Replatform', 'Rearchitect', 'TBC'];
/** Further ones: of its help text, of AWS, and with what an installation has added (`Replatform - A2C`). */
const ALSO_MIGRATED =
  /^((reachitect|refactor)$|(relocate|rehost|repurchase|replatform|rearchitect|reachitect|refactor|tbc) )/;
const SERVER_ID = /^d-server-[0-9a-z]+$/i;
/** Values that are attributes as they stand. */
const PLAIN: [meaning: Meaning, type: string][] = [
  ['managerId', 'VM_MANAGER_ID'],
  ['vmId', 'VM_MANAGED_OBJECT_REFERENCE'],
  ['vmName', 'VM_NAME'],
  ['vmPath', 'VM_PATH'],
  ['biosId', 'BIOS_ID'],
];

/** Of which many servers have the same. */
const SHARED: Meaning[] = ['managerId', 'vmPath'];
/** What a person has typed, with any blanks; the others are ids. */
const TYPED: Meaning[] = ['vmName', 'vmPath'];

/** Lists that a row fills. */
class Found {
  readonly names: string[] = [];
  readonly hosts: string[] = [];
  readonly attributes: ResourceAttribute[] = [];

  /** As copies: a list that has grown holds memory for more. */
  giveTo(record: ServerRecord): void {
    for (const key of ['names', 'hosts'] as const) if (this[key].length > 0) record[key] = this[key].slice();
    if (this.attributes.length > 0) record.attributes = this.attributes.slice();
  }
}

/** Reads what each row says of a server. */
export class RowReader {
  private readonly shape: RowShape;
  private readonly truths: Truths;
  private readonly waves?: ApplicationWaves;
  /** Columns in which each text is a name. */
  private readonly asTheyStand: readonly number[];
  /** Host names without a domain. */
  private shortNames = 0;

  constructor(
    columns: Columns,
    private readonly places: ColumnPlaces,
    private readonly file: RecordFile,
  ) {
    const { isOfWave, applicationsApartBy = [] } = file.format ?? {};
    if (isOfWave) this.waves = new ApplicationWaves(columns, file, isOfWave, applicationsApartBy);
    this.shape = new RowShape(columns, file);
    this.truths = new Truths(file);
    this.asTheyStand = file.format?.isNamedAsItStands ? (places.name ?? []) : [];
  }

  /** A row with something in it. */
  read(row: Row): void {
    this.file.rows++;
    const { text: name, index } = this.nameIn(row);
    const record = new ServerRecord(this.file, row.line, name, row.at(index));
    this.shape.check(row, record);
    const why = record.fault === undefined ? this.whyNoServer(row, record) : undefined;
    if (why !== undefined) return this.file.skip(row.line, why);
    if (record.fault === undefined) this.leaveStaying(row, record);
    const found = new Found();
    this.readNames(row, record, found);
    if (!record.isLeft) this.readLabels(row, record);
    if (this.waves?.take(row, record, this.first(row, 'wave')?.index)) return;
    this.readHosts(row, record, found);
    this.readAddresses(row, record, found);
    this.readPlain(row, record, found);
    found.giveTo(record);
    this.file.records.push(record);
  }

  /** For people, once all rows are read. */
  end(): void {
    this.shape.end();
    this.truths.end();
    this.waves?.end();
    const { shortNames, file } = this;
    if (shortNames === 0) return;
    const have = shortNames === 1 ? '1 row has' : `${shortNames} rows have`;
    file.notes.push(`${have} a host name without a domain: it is not an FQDN, and is used only to join rows`);
  }

  /** Where there is none, what stands in its place. */
  private nameIn(row: Row): Cell {
    const places = this.places.name ?? [];
    const filler = places.find((index) => textOf(row.cells[index]) !== '') ?? places[0] ?? 0;
    return this.first(row, 'name') ?? { text: textOf(row.cells[filler]), index: filler };
  }

  /** What a cell says; empty where it has only what stands for no value. */
  private textAt(row: Row, index: number): string {
    const text = textOf(row.cells[index]);
    return isFiller(text) && !this.asTheyStand.includes(index) ? '' : text;
  }

  /** The first of these columns that the row fills in. */
  private first(row: Row, meaning: Meaning): Cell | undefined {
    for (const index of this.places[meaning] ?? []) {
      const text = this.textAt(row, index);
      if (text !== '') return { text, index };
    }
    return undefined;
  }

  /** All of these columns that the row fills in. */
  private filled(row: Row, meaning: Meaning): Cell[] {
    const cells = (this.places[meaning] ?? []).map((index) => ({ text: this.textAt(row, index), index }));
    return cells.filter(({ text }) => text !== '');
  }

  /** A template is no server, and a placeholder is another one's. */
  private whyNoServer(row: Row, record: ServerRecord): string | undefined {
    for (const [meaning, why] of [
      ['template', 'a template'],
      ['placeholder', 'a placeholder of Site Recovery Manager'],
    ] as const) {
      const cell = this.first(row, meaning);
      const truth = cell ? this.truths.read(row, record, cell) : false;
      if (truth === undefined) return undefined;
      if (truth) return why;
    }
    return undefined;
  }

  /**
   * A server that is not migrated is one all the same: no other one may have its name, nor its row in an inventory. What is no known
   * strategy may mean that, too (`Retired`): Migration Hub cannot delete a task.
   */
  private leaveStaying(row: Row, record: ServerRecord): void {
    const cell = this.first(row, 'strategy');
    const text = toPlainText(cell?.text ?? '');
    if (!cell || text === '') return;
    const isOneOf = (strategies: string[]) => strategies.some((each) => folded(each) === folded(text));
    if (isOneOf(MIGRATED) || ALSO_MIGRATED.test(folded(text))) return;
    if (!isOneOf(STAYING)) {
      record.fault = `${quoted(text)} is no migration strategy. Write one of ${[...STAYING, ...MIGRATED].join(', ')}.`;
      return this.file.error(row.at(cell.index), record.fault, cell.text);
    }
    record.isLeft = true;
    this.file.skip(row.line, `${text}: the server is not migrated`);
  }

  private readNames(row: Row, record: ServerRecord, found: Found): void {
    for (const cell of this.filled(row, 'name')) {
      const name = folded(toPlainText(cell.text));
      if (name !== '') found.names.push(name);
      this.checkNumber(row, record, cell);
    }
    const cell = this.first(row, 'discoveredResource');
    const id = toPlainText(cell?.text ?? '');
    if (cell && !SERVER_ID.test(id)) {
      const message = `${quoted(id)} is not an id of Application Discovery Service (d-server-…): left out.`;
      this.warn(row, record, cell, message);
    }
    const given = [id, toPlainText(record.name)].find((text) => SERVER_ID.test(text))?.toLowerCase();
    if (given === undefined) return;
    record.discoveredResource = given;
    if (!found.names.includes(given)) found.names.push(given);
  }

  private readLabels(row: Row, record: ServerRecord): void {
    const [wave, application] = [this.first(row, 'wave'), this.first(row, 'application')];
    if (wave) record.wave = this.file.shared(toPlainText(wave.text));
    if (application) record.application = this.file.shared(toPlainText(application.text));
    const lengths = [record.wave?.length ?? 0, record.application?.length ?? 0] as const;
    const labels = { wave: record.wave, application: record.application };
    if (lengths[0] + lengths[1] < MAX_LABELS_LENGTH / 6 || JSON.stringify(labels).length <= MAX_LABELS_LENGTH) return;
    const longer = lengths[0] > lengths[1] ? wave : application;
    record.fault = `the names of wave and application are too long for labels. As JSON they may have ${MAX_LABELS_LENGTH} characters together.`;
    this.file.error(row.at(longer?.index ?? 0), record.fault, longer?.text);
  }

  private readHosts(row: Row, record: ServerRecord, found: Found): void {
    for (const cell of this.filled(row, 'fqdn')) {
      const parts = listOf(toPlainText(cell.text));
      for (const part of parts) {
        const address = addressOf(part);
        if (address.kind === 'host' && parts.length === 1) {
          found.hosts.push(folded(address.name));
          if (!record.isLeft) this.shortNames++;
        } else if (address.kind === 'attribute') this.addAddress(record, found, address.attribute);
        else if (address.kind !== 'local' && !this.places.name?.includes(cell.index)) {
          const message = `${quoted(part)} is not a fully qualified domain name: left out. Correct it if it should be one.`;
          this.warn(row, record, cell, message);
        }
      }
    }
  }

  private readAddresses(row: Row, record: ServerRecord, found: Found): void {
    for (const cell of this.filled(row, 'addresses'))
      for (const part of listOf(toPlainText(cell.text))) {
        const address = addressOf(part);
        if (address.kind === 'attribute') this.addAddress(record, found, address.attribute);
        else if (address.kind !== 'local') {
          const message = `${quoted(part)} is not an IP or MAC address: left out. Correct it if it should be one.`;
          this.warn(row, record, cell, message);
        }
      }
  }

  private addAddress(record: ServerRecord, found: Found, attribute: ResourceAttribute): void {
    found.attributes.push(attribute);
    if (attribute.type !== 'FQDN') return;
    record.fqdn ??= attribute.value;
    found.hosts.push(folded(attribute.value));
  }

  private readPlain(row: Row, record: ServerRecord, found: Found): void {
    for (const [meaning, type] of PLAIN) {
      const cell = this.first(row, meaning);
      if (!cell) continue;
      if (!isValue(cell.text)) {
        const message = `the ${type} is left out: one line of at most ${MAX_VALUE_LENGTH} characters was expected.`;
        this.warn(row, record, cell, message);
        continue;
      }
      const text = TYPED.includes(meaning) ? cell.text : toPlainText(cell.text);
      if (text === '') continue;
      const value = SHARED.includes(meaning) ? this.file.shared(text) : text;
      found.attributes.push({ type, value });
      if (meaning === 'managerId') record.managerId = this.file.shared(folded(value));
      if (meaning === 'vmId') record.vmId = folded(value);
      if (meaning === 'biosId') this.checkNumber(row, record, cell);
    }
  }

  private checkNumber(row: Row, record: ServerRecord, cell: Cell): void {
    if (!isRewritten(cell.text)) return;
    const mend = 'In the spreadsheet format the column as text, and enter the id again.';
    const message = `${quoted(cell.text)} looks like a number that a spreadsheet made of an id. ${mend}`;
    this.warn(row, record, cell, message);
  }

  /** Of a row that is skipped nothing is used. */
  private warn(row: Row, { isLeft }: ServerRecord, { index, text }: Cell, message: string): void {
    if (!isLeft) this.file.warn(row.at(index), message, text);
  }
}
