/**
 * What may be the token of a link with `#token=`, the likeliest first: a browser writes some characters of a fragment as `%22` and the
 * like, and so does who makes links.
 */
export function tokensIn(hash: string): string[] {
  const [, written] = /^#token=(.+)$/.exec(hash) ?? [];
  return written === undefined ? [] : [...new Set([written, decoded(written)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
