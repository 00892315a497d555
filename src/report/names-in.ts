const SHOWN = 3;

/** The first of them; how many more there are. */
export function namesIn(names: string[], shown = SHOWN): string {
  const more = names.length - shown;
  return names.slice(0, shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
