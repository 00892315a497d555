import { MAX_STATUS_DETAIL_LENGTH } from './limits';

/**
 * StatusDetail as Migration Hub takes it: one line (the model's pattern `.` excludes line ends) of at most
 * 2,500 code points, cut between characters.
 */
export function toStatusDetail(text: string): string {
  const line = text
    .split(/[\r\n\u0085\u2028\u2029]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
  // A code point has at most two units: cutting those first bounds the work for a 5 MB text.
  const points = [...line.slice(0, MAX_STATUS_DETAIL_LENGTH * 2 + 1)];
  const cut = points.length > MAX_STATUS_DETAIL_LENGTH ? points.slice(0, MAX_STATUS_DETAIL_LENGTH) : points;
  // A lone surrogate is no character and would not survive UTF-8.
  return cut.map((point) => (/^[\ud800-\udfff]$/.test(point) ? '\ufffd' : point)).join('');
}
