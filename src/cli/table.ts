/** Control characters would let what somebody reported write over the terminal. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Text of a reporter's, safe to show. */
export const plain = (text: string): string => text.replace(CONTROL, ' ');

/** Columns as wide as their widest cell, two spaces apart; the last one is not filled. */
export function tableOf(titles: string[], rows: string[][]): string {
  const all = [titles, ...rows].map((row) => row.map(plain));
  const widths = titles.map((_, column) => all.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
