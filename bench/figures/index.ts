import type { Figure } from '../figure';
import { counts } from './counts';
import { rate } from './rate';

/** All figures, in the order in which they are measured. */
export const FIGURES: Readonly<Record<string, Figure>> = { counts, rate };
