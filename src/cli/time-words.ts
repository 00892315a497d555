import type { TimeFormat } from './output';

const UNITS: [seconds: number, letter: string][] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
];

/** "2h 5m", of the two largest units. */
export function durationInWords(seconds: number): string {
  let left = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [size, letter] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count}${letter}`);
    else if (parts.length > 0) break;
  }
  return parts.join(' ') || '0s';
}

/** A time in epoch seconds: "5m ago", "in 20m", or as ISO 8601. */
export function timeInWords(at: number | undefined, format: TimeFormat, now = Date.now() / 1000): string | undefined {
  if (at === undefined) return undefined;
  if (format === 'iso') return new Date(at * 1000).toISOString().replace('.000Z', 'Z');
  return at > now ? `in ${durationInWords(at - now)}` : `${durationInWords(now - at)} ago`;
}
