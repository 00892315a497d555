const PERMISSION_DENIED = 7;
const INVALID_ARGUMENT = 3;
const UNIMPLEMENTED = 12;

const codeOf = (error: unknown): number | undefined => {
  const { code, cause } = error as { code?: number; cause?: { code?: number } };
  return code ?? cause?.code;
};

/** The server says that this may not be asked. */
export const isDenied = (error: unknown): boolean => codeOf(error) === PERMISSION_DENIED;

/** The server does not know what is asked for. */
export const isUnknownToServer = (error: unknown): boolean =>
  [INVALID_ARGUMENT, UNIMPLEMENTED].includes(codeOf(error) ?? -1);
