import stringWidth from 'string-width';

/** Control characters would let what somebody reported write over the terminal; some others turn its line around, or are not seen. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;

/** Text of a reporter's, safe to show, in one line. */
export const plain = (text: string): string => text.replace(UNSAFE, ' ');

/** The same of several lines. */
export const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

/** Characters without a width that `string-width` counts. It must see what makes an emoji of several. */
const WIDTHLESS = /(?!\ufe0f)[\p{Mn}\p{Me}]|\u200c/gu;
const ASCII = /^[ -~]*$/;

/** Columns of a terminal that a text takes. */
export const widthOf = (text: string): number =>
  ASCII.test(text) ? text.length : stringWidth(text.replace(WIDTHLESS, ''));

const characters = new Intl.Segmenter();

/** The text, cut to so many columns of a terminal where it is longer. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let clipped = '';
  let left = columns - 1;
  for (const { segment } of characters.segment(text)) {
    left -= widthOf(segment);
    if (left < 0) break;
    clipped += segment;
  }
  return columns > 0 ? `${clipped}…` : '';
}

/** Gives a cell its colour; row -1 has the titles. */
export type Paint = (text: string, row: number, column: number) => string;

/** Columns as wide as their widest cell, two spaces apart; the last one is not filled. */
export function tableOf(titles: string[], rows: string[][], paint: Paint = (text) => text): string {
  const all = [titles, ...rows].map((row) => row.map(plain));
  const widths = titles.map((_, column) => all.reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), 0));
  const isLast = (column: number) => column === titles.length - 1;
  const filled = (cell: string, row: number, column: number) => {
    const space = isLast(column) ? 0 : (widths[column] ?? 0) - widthOf(cell);
    return (cell === '' ? '' : paint(cell, row - 1, column)) + ' '.repeat(space);
  };
  return all
    .map((row, i) =>
      row
        .map((cell, column) => filled(cell, i, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
