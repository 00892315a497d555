import { CreateProgressUpdateStreamCommand } from '@aws-sdk/client-migration-hub';
import { ok, problem, warning, type Check } from '../check';
import { CHECK_STREAM } from '../check-names';
import { awsCredentials } from './aws-credentials';

const NOT_REACHED = /^(NetworkError|TlsError|TimeoutError)$/;
const AWAY = /^(ServiceUnavailable|InternalServerError|InternalFailure)/;
const NOT_MIGRATION_HUB = /^(UnparseableAnswer|UnknownOperationException|answer)$/;

/** Does Migration Hub answer at the endpoint? One dry run; what it says of credentials, clock and region is for the checks that follow. */
export const migrationHub: Check = {
  name: 'Migration Hub',
  needs: [awsCredentials.name],
  limitSeconds: 8,
  async ask(setup, signal) {
    const { aws, asked } = setup;
    const command = new CreateProgressUpdateStreamCommand({
      ProgressUpdateStreamName: asked.stream ?? CHECK_STREAM,
      DryRun: true,
    });
    const said = (setup.firstSaid = await aws.say(signal, (o) => aws.client.send(command, o)));
    const { type, message, mend } = said;
    if (NOT_REACHED.test(type))
      return problem(`${aws.endpoint} cannot be reached (${/^[A-Z_]+(?=: )/.exec(message)?.[0] ?? message})`, mend);
    if (NOT_MIGRATION_HUB.test(type))
      return problem(
        `what answers at ${aws.endpoint} is not Migration Hub${type === 'UnparseableAnswer' ? ': it sends a page' : ''}`,
        'check --endpoint, AWS_ENDPOINT_URL_MIGRATION_HUB, AWS_ENDPOINT_URL, and proxies in between',
      );
    if (AWAY.test(type)) return problem(`${aws.endpoint} answers ${type}: ${message}`, 'wait: reports are kept');
    if (type === 'ThrottlingException')
      return warning(`${aws.endpoint} answers, but throttles`, 'wait: workers slow down by themselves');
    return ok(`${aws.endpoint} answers`);
  },
};
