import pc from 'picocolors';
import type { Freshness } from '../task-state';

/** When what is written has colours. */
export type ColorWhen = 'auto' | 'always' | 'never';

/** Functions that colour a text, or leave it alone. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a stream: with `auto` only on a terminal that shows them, and where `NO_COLOR` is not set. */
export function colorsFor(when: ColorWhen | undefined, stream: { isTTY?: boolean } = process.stdout): Colors {
  const { NO_COLOR, TERM } = process.env;
  const isShown = stream.isTTY === true && !NO_COLOR && TERM !== 'dumb';
  return pc.createColors(when === 'always' || (when !== 'never' && isShown));
}

/** The colour of a task, by how true is what Migration Hub shows of it. */
export function freshnessColor(colors: Colors, freshness: Freshness): (text: string) => string {
  switch (freshness) {
    case 'fresh':
      return colors.green;
    case 'at-risk':
      return colors.yellow;
    case 'stale':
    case 'unattended':
      return colors.red;
    case 'terminal':
    case 'never-delivered':
      return colors.dim;
  }
}
