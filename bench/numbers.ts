/** The smallest value that at least `share` of all values do not exceed; NaN of none. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** The mean; NaN of none. */
export const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Three significant digits; integers from 100 up as they are. NaN is a dash. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
