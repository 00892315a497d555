import { MAX_STATUS_DETAIL_LENGTH } from './limits';

/**
 * StatusDetail as Migration Hub takes it: one line (the model's pattern `.` excludes line ends) of at most
 * 2,500 code points, cut between characters.
 */
export function toStatusDetail(text: string): string {
  // Cutting code units first bounds the work for a 5 MB text; a code point has at most two units.
  const head = text.slice(0, MAX_STATUS_DETAIL_LENGTH * 4);
  const line = head.replace(/[\s\u0085]*[\r\n\u0085\u2028\u2029]+[\s\u0085]*/g, ' ').trim();
  const points = [...line];
  const cut = points.length > MAX_STATUS_DETAIL_LENGTH ? points.slice(0, MAX_STATUS_DETAIL_LENGTH) : points;
  // A lone surrogate is no character and would not survive UTF-8.
  return cut.map((point) => (/^[\ud800-\udfff]$/.test(point) ? '\ufffd' : point)).join('');
}
