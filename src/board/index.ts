/** @module The board: a page that shows all migration tasks of a namespace, and how true Migration Hub is of each. */
export { startBoard, type Board } from './start-board';
export { checkBoard, type BoardOptions } from './settings';
