/** The columns of a file, by their headers. */
export class Columns {
  /** How each header is compared, by its column. */
  private readonly names: string[];
  /** The first column of each name. */
  private readonly indices = new Map<string, number>();
  /** How many columns there are up to the last one with a name. */
  readonly named: number;

  constructor(
    /** As they stand in the file. */
    readonly headers: string[],
  ) {
    this.names = headers.map(columnName);
    this.named = this.names.findLastIndex((name) => name !== '') + 1;
    this.names.forEach((name, index) => {
      if (name !== '' && !this.indices.has(name)) this.indices.set(name, index);
    });
  }

  /** Whether there is such a column. */
  has(name: string): boolean {
    return this.indices.has(columnName(name));
  }

  /** Whether there are all of these columns. */
  hasAll(...names: string[]): boolean {
    return names.every((name) => this.has(name));
  }

  /** Whether a column's name suits. */
  some(suits: (name: string) => boolean): boolean {
    return this.names.some(suits);
  }

  /** Whether the name of the column at this place suits. */
  isAt(index: number, suits: (name: string) => boolean): boolean {
    return suits(this.names[index] ?? '');
  }

  /** The place of a column among the others, from 0; undefined where there is none. */
  index(name: string): number | undefined {
    return this.indices.get(columnName(name));
  }

  /** The place of a second column of this name. */
  second(name: string): number | undefined {
    const index = this.names.indexOf(columnName(name), (this.index(name) ?? Infinity) + 1);
    return index === -1 ? undefined : index;
  }
}

const TAG = /^mgn:[a-z]+:tag:/i;

/**
 * How a header is compared: without case, blanks around it, line ends inside it, and a `[schema]` before it, which Cloud Migration
 * Factory allows. The key of a tag (`mgn:server:tag:Name`) keeps its case.
 */
function columnName(header: string): string {
  const name = header
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\[[^\]]*\] ?/, '');
  const tag = TAG.exec(name)?.[0];
  return tag === undefined ? name.toLowerCase() : tag.toLowerCase() + name.slice(tag.length);
}
