/** Edits that are taken for slips, in a name of this length: one in four letters, at most three. */
const slipsIn = (name: string): number => Math.min(3, Math.floor(name.length / 4));

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/**
 * Which of the known names was meant by one that is unknown, or none: `progress_percent`, `ProgressPercent`, `progresPercent`
 * and `percent` all mean `progressPercent`. A name that could mean two means none.
 */
export function meant(field: string, known: string[]): string | undefined {
  const given = lettersOf(field.slice(0, 100));
  const near = known
    .map((name) => ({ name, edits: editsBetween(given, lettersOf(name)) }))
    .filter(({ name, edits }) => edits <= slipsIn(name))
    .sort((a, b) => a.edits - b.edits);
  if (near[0]) return near[0].name;
  const longer = given.length < 4 ? [] : known.filter((name) => lettersOf(name).includes(given));
  return longer.length === 1 ? longer[0] : undefined;
}

/** How many letters must be added, left out, changed or swapped with the next to make one name of the other (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(changed, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
