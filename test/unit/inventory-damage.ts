import { linesOf, rowText, type SoundFile } from './inventory-corpus';

/** A number from 0 up to, not including, this one. */
export type Pick = (below: number) => number;

/** A file with something done to it. */
type Damage = (file: SoundFile, pick: Pick) => Buffer;

const join = (lines: string[], { end }: SoundFile): Buffer => Buffer.from(lines.join(end) + end);
const textOf = (file: SoundFile) => join(linesOf(file), file);
const onText =
  (change: (text: Buffer, pick: Pick) => Buffer): Damage =>
  (file, pick) =>
    change(textOf(file), pick);
const onLines =
  (change: (lines: string[], pick: Pick, file: SoundFile) => void): Damage =>
  (file, pick) => {
    const lines = linesOf(file);
    change(lines, pick, file);
    return join(lines, file);
  };
/** Replaces one of the places in a text where a character stands. */
function replaceOne(text: Buffer, character: string, by: string, pick: Pick): Buffer {
  const code = character.charCodeAt(0);
  const places = [...text.keys()].filter((at) => text[at] === code);
  const at = places[pick(Math.max(1, places.length))] ?? -1;
  return at === -1 ? text : Buffer.concat([text.subarray(0, at), Buffer.from(by), text.subarray(at + 1)]);
}
const order = (length: number, pick: Pick): number[] => {
  const left = Array.from({ length }, (_, i) => i);
  return Array.from({ length }, () => left.splice(pick(left.length), 1)[0] ?? 0);
};
const rowOf = (lines: string[], pick: Pick) => 1 + pick(lines.length - 1);

/** What changes nothing of what the file says: all servers must be there as before. */
export const HARMLESS: Record<string, Damage> = {
  'columns moved': (file, pick) => {
    const columns = order(file.header.length, pick);
    const moved = (cells: string[]) =>
      rowText(
        file,
        columns.map((column) => cells[column] ?? ''),
      );
    return join([moved(file.header), ...file.rows.map(({ cells }) => moved(cells))], file);
  },
  'rows moved': onLines((lines, pick) => {
    const rows = lines.splice(1);
    lines.push(...order(rows.length, pick).map((row) => rows[row] ?? ''));
  }),
  'other line ends': (file, pick) => join(linesOf(file), { ...file, end: ['\n', '\r\n', '\r'][pick(3)] ?? '\n' }),
  'no end of the last line': (file) => textOf(file).subarray(0, -file.end.length),
  'a byte order mark': (file) => Buffer.concat([Buffer.from('\uFEFF'), textOf(file)]),
  'all cells in quotes': (file) => {
    const all = (cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(file.delimiter);
    return join([all(file.header), ...file.rows.map(({ cells }) => all(cells))], file);
  },
  'empty rows': onLines((lines, pick, { header, delimiter }) => {
    lines.splice(rowOf(lines, pick), 0, '', delimiter.repeat(header.length - 1));
  }),
  'UTF-16': (file) => Buffer.from(`\uFEFF${textOf(file).toString()}`, 'utf16le'),
};

/** What changes what the file says. */
export const DAMAGES: Record<string, Damage> = {
  cut: onText((text, pick) => text.subarray(0, pick(text.length))),
  'bits flipped': onText((text, pick) => {
    for (let i = 0; i <= pick(3); i++) {
      const at = pick(text.length);
      text[at] = (text[at] ?? 0) ^ (1 << pick(8));
    }
    return text;
  }),
  'bytes inserted': onText((text, pick) => {
    const at = pick(text.length);
    const bytes = Buffer.from(Array.from({ length: 1 + pick(4) }, () => pick(256)));
    return Buffer.concat([text.subarray(0, at), bytes, text.subarray(at)]);
  }),
  'a part removed': onText((text, pick) => {
    const at = pick(text.length);
    return Buffer.concat([text.subarray(0, at), text.subarray(at + 1 + pick(40))]);
  }),
  'a delimiter swapped': (file, pick) =>
    replaceOne(textOf(file), file.delimiter, [',', ';', '\t', '|', ''][pick(5)] ?? '', pick),
  'all delimiters of a line swapped': onLines((lines, pick, { delimiter }) => {
    const at = pick(lines.length);
    lines[at] = (lines[at] ?? '').replaceAll(delimiter, [',', ';', '\t', '|'][pick(4)] ?? '');
  }),
  'a delimiter added': onText((text, pick) => {
    const at = pick(text.length);
    return Buffer.concat([text.subarray(0, at), Buffer.from([',', ';'][pick(2)] ?? ''), text.subarray(at)]);
  }),
  'a quote removed': onText((text, pick) => replaceOne(text, '"', '', pick)),
  'a quote added': onText((text, pick) => {
    const at = pick(text.length);
    return Buffer.concat([text.subarray(0, at), Buffer.from('"'), text.subarray(at)]);
  }),
  'two quotes added': onText((text, pick) => {
    const [a = 0, b = 0] = [pick(text.length), pick(text.length)].sort((x, y) => x - y);
    return Buffer.concat([
      text.subarray(0, a),
      Buffer.from('"'),
      text.subarray(a, b),
      Buffer.from('"'),
      text.subarray(b),
    ]);
  }),
  'a row doubled': onLines((lines, pick) => {
    lines.splice(rowOf(lines, pick), 0, lines[rowOf(lines, pick)] ?? '');
  }),
  'a row removed': onLines((lines, pick) => void lines.splice(rowOf(lines, pick), 1)),
  'the header removed': onLines((lines) => void lines.shift()),
  'the header twice': onLines((lines, pick) => void lines.splice(rowOf(lines, pick), 0, lines[0] ?? '')),
  'a line end removed': onText((text, pick) => replaceOne(text, '\n', '', pick)),
  'a line end added': onText((text, pick) => {
    const at = pick(text.length);
    return Buffer.concat([text.subarray(0, at), Buffer.from('\n'), text.subarray(at)]);
  }),
  'headers swapped': (file, pick) => {
    const header = [...file.header];
    const [a, b] = [pick(header.length), pick(header.length)];
    [header[a], header[b]] = [header[b] ?? '', header[a] ?? ''];
    return join([rowText(file, header), ...linesOf(file).slice(1)], file);
  },
  'cells swapped': (file, pick) => {
    const rows = file.rows.map(({ cells }) => [...cells]);
    const [one = [], other = []] = [rows[pick(rows.length)], rows[pick(rows.length)]];
    const column = pick(file.header.length);
    [one[column], other[column]] = [other[column] ?? '', one[column] ?? ''];
    return join(
      [file.header, ...rows].map((cells) => rowText(file, cells)),
      file,
    );
  },
  'a row not migrated': (file, pick) => {
    const strategy = file.header.indexOf('r_type');
    const server = pick(file.rows.length);
    const rows = file.rows.map(({ cells }, i) =>
      cells.map((cell, column) => (i === server && column === strategy ? 'Retire' : cell)),
    );
    return join(
      [file.header, ...rows].map((cells) => rowText(file, cells)),
      file,
    );
  },
  'rows joined with others': onLines((lines, pick) => {
    const at = rowOf(lines, pick);
    lines[at] = `${(lines[at] ?? '').slice(0, pick(40))}${(lines[rowOf(lines, pick)] ?? '').slice(pick(40))}`;
  }),
};
