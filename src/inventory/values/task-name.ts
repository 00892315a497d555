import { MAX_TASK_NAME_LENGTH } from '../../report';

/**
 * The name of the migration task of a server with this name. Migration Hub takes 1–256 characters without `:` and `|`. The rule:
 *
 * 1. Unicode composed (NFC); characters that do not show (controls, zero widths, marks of direction) are left out; a run of blanks, or
 *    what looks like one, is one blank, and none at the ends.
 * 2. Each `:` and each `|` becomes `-`.
 *
 * Nothing else changes; upper and lower case stay. Nothing is cut: a name that is empty or too long then, or that has a line end in it,
 * is an error. So are two names that are the same then, or differ only in case: no two servers share a task.
 */
export const toTaskName = (name: string): string => toPlainText(name).replace(/[:|]/g, '-');

/** Most texts are plain already. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** The first step of that rule, which holds for the names of waves and applications, and for all that rows are joined by, too. */
export const toPlainText = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text
        .normalize('NFC')
        .replace(/[\p{Cf}\p{Cc}]/gu, (character) => (/\s/.test(character) && character !== '\uFEFF' ? ' ' : ''))
        .replace(/\s+/g, ' ')
        .trim();

/** Why this cannot be the name of a server, and what to do; undefined where it can. */
export function nameFault(name: string, taskName: string): string | undefined {
  if (/[\r\n]/.test(name)) return 'has a line end in it. A name is one line: look for a quote that is missing.';
  const length = taskName.length > MAX_TASK_NAME_LENGTH ? [...taskName].length : taskName.length;
  if (length > MAX_TASK_NAME_LENGTH)
    return `has ${length} characters. Migration Hub takes ${MAX_TASK_NAME_LENGTH}: shorten it.`;
  return undefined;
}

/** How names are compared, so that none is taken for another one. */
export const folded = (name: string): string => name.toLowerCase();
