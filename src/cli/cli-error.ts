/** What a command ends with: 0 is success. */
export const EXIT = { outcome: 1, usage: 2 } as const;

/** One line for the person at the terminal, without a stack trace: what is wrong, and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    /** 1: what was asked for did not come about. 2: the command, or a setting, is wrong. */
    readonly exitCode: (typeof EXIT)[keyof typeof EXIT] = EXIT.usage,
  ) {
    super(message);
  }
}

/** Of a file that the command was given. */
export function cannotRead(file: string, error: unknown): CliError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = { ENOENT: 'no such file', EISDIR: 'it is a folder', EACCES: 'no permission' }[code ?? ''];
  return new CliError(`${file} cannot be read: ${why ?? message}`);
}
