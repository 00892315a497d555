/** An error as Migration Hub answers it: the name on the wire, the HTTP status, further body members. */
export class MigrationHubError extends Error {
  constructor(
    /** `__type` on the wire, without a namespace. */
    readonly type: string,
    message: string,
    /** 400 for the caller's errors and 500 for the service's, as the AWS documentation says. */
    readonly httpStatus = 400,
    /** Members of the body beside `__type` and `Message`. */
    readonly members: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = type;
  }

  /** The JSON body: a bare `__type`, `Message` with a capital M as in the model. */
  body(): string {
    return JSON.stringify({ __type: this.type, Message: this.message, ...this.members });
  }
}

/** The input breaks a constraint of the model; the message names the member. */
export const invalidInput = (message: string) => new MigrationHubError('InvalidInputException', message);

/** An unknown stream or task. */
export const resourceNotFound = (message: string) => new MigrationHubError('ResourceNotFoundException', message);

/** The body is not a JSON object. Not in the model, but what awsJson services answer. */
export const serialization = (message: string) => new MigrationHubError('SerializationException', message);

/** An operation that is not in the models, or not emulated. */
export const unknownOperation = (message: string, httpStatus = 400) =>
  new MigrationHubError('UnknownOperationException', message, httpStatus);

/** The answer to a successful dry run; the text is that of the AWS documentation. */
export const dryRun = () => new MigrationHubError('DryRunOperation', 'Dry Run was a success!');
