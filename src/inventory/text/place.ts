/** A place in a file. */
export interface Place {
  /** 1-based. */
  line: number;
  /** In characters, 1-based. */
  column: number;
}

/** Why a file cannot be used as a whole: its text, its rows or its columns cannot be told. */
export class FileFault extends Error {
  override readonly name = 'FileFault';

  constructor(
    /** Where it shows. */
    readonly place: Place,
    message: string,
  ) {
    super(message);
  }
}
