import type { Measurement } from './goals';

/** What a figure is told. */
export interface FigureContext {
  /** Small numbers, for CI. */
  short: boolean;
  /** A line of progress. */
  log: (line: string) => void;
  /** Keeps a figure from the moment it is known, so that a later failure does not take it along. */
  add: (...measurements: Measurement[]) => void;
}

/** One or more figures that are measured together. */
export interface Figure {
  about: string;
  /** Left out of a short run unless it is named: nothing in it is judged there but times. */
  longOnly?: boolean;
  run: (context: FigureContext) => Promise<void>;
}
