import type { Place } from './place';

/** One kind of project in which the package is used. */
export interface Row {
  name: string;
  /** Part of `--short`. */
  inShort?: true;
  /** Gives what to note, where it is as it must be. @throws Error where it is not */
  run(place: Place): Promise<string>;
}

/** @throws Error unless a text has a part */
export function mustSay(said: string, part: string): void {
  if (!said.includes(part)) throw new Error(`it must say "${part}", but says: ${said.slice(-1000)}`);
}
