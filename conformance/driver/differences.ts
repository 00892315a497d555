import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { differs, type Judgement } from './compare';
import type { Expectation, Result } from './types';

/** One reason why a client sees something else than the table expects, and what it sees, row by row. */
interface Difference {
  client: string;
  reason: string;
  rows: Record<string, Expectation>;
}

/** What became of a difference: the reason it has, or none. */
export type Explained = Exclude<Judgement, { kind: 'differing' }> | { kind: 'differing'; how: string; reason?: string };

/** The differences that are known, from `differences.json`. */
export class Differences {
  constructor(private readonly known: readonly Difference[]) {}

  static load(): Differences {
    const file = resolve(__dirname, '../differences.json');
    return new Differences(JSON.parse(readFileSync(file, 'utf8')) as Difference[]);
  }

  /**
   * Gives a difference its reason, if what the client saw is what the table says it sees. A difference that is in the
   * table but no longer there is one without a reason, so that the table stays true.
   */
  explain(client: string, judgement: Judgement, id: string, result: Result | undefined): Explained {
    const known = this.known.find((each) => each.client === client && Object.hasOwn(each.rows, id));
    const seen = known?.rows[id];
    if (!known || !seen || judgement.kind === 'not-expressible') return judgement;
    if (judgement.kind === 'agreed')
      return { kind: 'differing', how: `agrees, but differences.json says: ${known.reason}` };
    if (!result || differs(seen, result) !== undefined) return judgement;
    return { ...judgement, reason: known.reason };
  }

  /** Rows and clients that the table names. */
  named(): { client: string; row: string }[] {
    return this.known.flatMap(({ client, rows }) => Object.keys(rows).map((row) => ({ client, row })));
  }
}
