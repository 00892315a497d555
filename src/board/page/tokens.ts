/** Which characters of a fragment browsers write in another way. */
const WRITTEN = /%(22|3C|3E|60)/g;

/** What may be the token of a link with `#token=`, the likeliest first: as it is, as a browser has written it, as who encodes parts of URLs. */
export function tokensIn(hash: string): string[] {
  const [, written] = /^#token=(.+)$/.exec(hash) ?? [];
  if (written === undefined) return [];
  return [...new Set([written, written.replace(WRITTEN, (code) => decodeURIComponent(code)), decoded(written)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
