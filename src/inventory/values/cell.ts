import { SHOWN_VALUE_LENGTH } from '../../report';

/** What a spreadsheet shows in place of a value that it could not compute. */
const ERROR = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!)$/i;
/** What stands for no value; RVTools has exports with the text `VM` in the columns of guests. */
const FILLER = /^(?:n\/?a|none|null|\(null\)|nan|unknown|-+|vm)$/i;
/** A formula by which people keep a spreadsheet from making a number of a text. */
const AS_TEXT = /^="(.*)"$/;

/** A cell's text, trimmed; empty where a spreadsheet shows an error. */
export function textOf(cell: string | undefined): string {
  const text = cell?.trim() ?? '';
  if (text.length > 100 || (text[0] !== '#' && text[0] !== '=')) return text;
  return ERROR.test(text) ? '' : (AS_TEXT.exec(text)?.[1] ?? text).trim();
}

/** Whether the text stands for no value where an address or an id is wanted. */
export const isFiller = (text: string): boolean => text.length < 10 && FILLER.test(text);

/** The parts of a list in a cell, as AWS writes them (`a, b`), and others (`a;b`, a line each). */
export const listOf = (text: string): string[] => text.split(/[\s,;|]+/).filter((part) => part !== '');

/** Whether a spreadsheet has made a number of an id: `1.11E+11`. */
export const isRewritten = (text: string): boolean => /^\d(?:[.,]\d+)?E\+\d+$/i.test(text);

/** For messages: at most 60 characters, in quotes. */
export const quoted = (text: string): string => JSON.stringify(shortened(text));

/** At most 60 characters. */
export function shortened(text: string): string {
  if (text.length <= SHOWN_VALUE_LENGTH) return text;
  const characters = [...text.slice(0, 2 * SHOWN_VALUE_LENGTH + 2)];
  return characters.length > SHOWN_VALUE_LENGTH ? `${characters.slice(0, SHOWN_VALUE_LENGTH).join('')}…` : text;
}

/** As spreadsheets write them in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech, Hungarian, … */
const TRUE = new Set([
  ...['true', '1', 'yes', 'wahr', 'vrai', 'verdadero', 'vero', 'verdadeiro', 'waar', 'prawda', 'pravda', 'igaz'],
  ...['sant', 'sand', 'sann', 'tosi', 'tõene', 'doğru', 'adevărat', 'cert', 'истина', 'істина', 'αληθης'],
]);
const FALSE = new Set([
  ...['', 'false', '0', 'no', 'falsch', 'faux', 'falso', 'onwaar', 'fałsz', 'nepravda', 'hamis', 'falskt', 'falsk'],
  // Without its own language, the lower case of YANLIŞ has another i.
  ...['usann', 'epätosi', 'väär', 'yanlış', 'yanliş', 'fals', 'ложь', 'хибність', 'ψευδης'],
]);

/** What a cell says that is true or false, also as spreadsheets in other languages write it; undefined where it says neither. */
export function truthOf(text: string): boolean | undefined {
  const word = text.normalize('NFC').toLowerCase();
  return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
}
