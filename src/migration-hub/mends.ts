const CREDENTIALS =
  'give the worker credentials that hold: files of an AWS profile, credential_process and roles are read again by themselves; variables, and what belongs to a client of your own, only when the worker is restarted';
const SKEW = `set the clock of the worker right, or ${CREDENTIALS}`;
const ACCESS =
  'allow the credentials of the worker mgh:CreateProgressUpdateStream, ImportMigrationTask, DescribeMigrationTask, NotifyMigrationTaskState and PutResourceAttributes on this stream';
const NOT_AWS =
  'a proxy or a load balancer in between has answered, not Migration Hub: look at the endpoint and the network';

const NO_ANSWER = 'look at the network between the worker and the endpoint: proxy, firewall, VPC endpoint';

/** What to do about a failure, by its type. */
const MENDS: Record<string, string> = {
  ExpiredTokenException: CREDENTIALS,
  ExpiredToken: CREDENTIALS,
  CredentialsProviderError: CREDENTIALS,
  UnrecognizedClientException: CREDENTIALS,
  InvalidClientTokenId: CREDENTIALS,
  MissingAuthenticationTokenException: CREDENTIALS,
  IncompleteSignatureException: CREDENTIALS,
  InvalidSignatureException: SKEW,
  SignatureDoesNotMatch: SKEW,
  RequestTimeTooSkewed: 'set the clock of the worker right',
  RequestExpired: 'set the clock of the worker right',
  AccessDenied: ACCESS,
  AccessDeniedException: ACCESS,
  UnauthorizedOperation: ACCESS,
  HomeRegionNotSetException:
    'set the home region of the account: `aws migrationhub-config create-home-region-control --target Type=ACCOUNT --home-region us-west-2 --region us-west-2`, with the region of your choice, or in the Migration Hub console',
  InvalidInputException:
    'AWS answers so outside of the home region, too: `aws migrationhub-config get-home-region --region us-west-2` tells it, AWS_REGION must be it',
  UnparseableAnswer: NOT_AWS,
  TlsError:
    'name the CA that signed it in AWS_CA_BUNDLE=/path/to/ca.pem and restart the worker (a client of your own: NODE_EXTRA_CA_CERTS, since the AWS SDK for JavaScript does not read AWS_CA_BUNDLE)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'call the host by a name that its certificate has: look at the endpoint',
  CERT_HAS_EXPIRED: 'the certificate of the host must be renewed, or the clock of the worker set right',
  PolicyErrorException: 'look at the role migrationhub-discovery of the account and its policy',
  TimeoutError: NO_ANSWER,
  ETIMEDOUT: NO_ANSWER,
  EHOSTUNREACH: NO_ANSWER,
  ENOTFOUND: 'look at AWS_REGION, the endpoint (AWS_ENDPOINT_URL_MIGRATION_HUB), AWS_USE_FIPS_ENDPOINT and DNS',
  EAI_AGAIN: 'look at DNS and the network',
  ECONNREFUSED: 'nothing listens there: look at the endpoint (AWS_ENDPOINT_URL_MIGRATION_HUB)',
  EPROTO: 'https is spoken to what answers http: look at the endpoint (AWS_ENDPOINT_URL_MIGRATION_HUB)',
};

/** More is not kept of a message: of many tasks they must fit one payload. */
const MESSAGE_LENGTH = 500;

/** A message, cut to a bound, with what to do about it: by the first of the names that something is known for. */
export function withMend(message: string, ...names: string[]): string {
  const name = names.find((each) => Object.hasOwn(MENDS, each));
  if (name === undefined) return message.slice(0, MESSAGE_LENGTH);
  return withOwnMend(message, MENDS[name] ?? '');
}

/** The same with a mend for this one failure. */
export function withOwnMend(message: string, mend: string): string {
  const end = `; ${mend}`;
  return message.replace(/\.$/, '').slice(0, MESSAGE_LENGTH - end.length) + end;
}
