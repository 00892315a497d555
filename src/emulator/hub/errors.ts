/** An error as Migration Hub returns it: its name, HTTP status, headers and further members of the body. */
export class MigrationHubError extends Error {
  constructor(
    /** The name in `__type`, without a namespace. */
    readonly type: string,
    /** The text in `Message`. */
    message: string,
    /**
     * The HTTP status: 400 for errors of the caller, 500 for errors of the service, as the API reference documents.
     * @default 400
     */
    readonly httpStatus = 400,
    /**
     * Members of the body beside `__type` and `Message`.
     * @default {}
     */
    readonly members: Record<string, unknown> = {},
    /**
     * HTTP headers.
     * @default {}
     */
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = type;
  }

  /** The JSON body. `Message` has a capital M, as in the model. */
  body(): string {
    return JSON.stringify({ __type: this.type, Message: this.message, ...this.members });
  }
}

/** InvalidInputException, 400: the input violates a constraint. The message names the member. */
export const invalidInput = (message: string) => new MigrationHubError('InvalidInputException', message);

/** ResourceNotFoundException, 400: the stream, task or application does not exist. */
export const resourceNotFound = (message: string) => new MigrationHubError('ResourceNotFoundException', message);

/** SerializationException, 400: the body is not a JSON object. Not in the model, but what awsJson services return. */
export const serialization = (message: string) => new MigrationHubError('SerializationException', message);

/**
 * UnknownOperationException: the operation is not in the models. Not in the models itself, but what awsJson services
 * return.
 * @default httpStatus 400
 */
export const unknownOperation = (message: string, httpStatus = 400) =>
  new MigrationHubError('UnknownOperationException', message, httpStatus);

/** DryRunOperation, 400: a dry run that succeeded. The text is that of the API reference. */
export const dryRun = () => new MigrationHubError('DryRunOperation', 'Dry Run was a success!');
