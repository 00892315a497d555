const CREDENTIALS =
  'give the worker valid credentials: it rereads AWS profile files, credential_process and roles by itself; after a change of variables, or with a client of your own, restart it';
const SKEW = `correct the clock of the worker machine, or ${CREDENTIALS}`;
const ACCESS =
  'allow the credentials of the worker mgh:CreateProgressUpdateStream, ImportMigrationTask, DescribeMigrationTask, NotifyMigrationTaskState and PutResourceAttributes on this stream, for artifacts and resources also mgh:Associate* and mgh:Disassociate*';
const NOT_AWS = 'a proxy or load balancer answered, not Migration Hub: check the endpoint and the network';

const NO_ANSWER = 'check the network between the worker and the endpoint: proxy, firewall, VPC endpoint';

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
  RequestTimeTooSkewed: 'correct the clock of the worker machine',
  RequestExpired: 'correct the clock of the worker machine',
  AccessDenied: ACCESS,
  AccessDeniedException: ACCESS,
  UnauthorizedOperation: ACCESS,
  HomeRegionNotSetException:
    'set the home region of the account: `aws migrationhub-config create-home-region-control --target Type=ACCOUNT --home-region us-west-2 --region us-west-2`, with the region of your choice, or in the Migration Hub console',
  InvalidInputException:
    'either AWS is deleting the stream, or AWS_REGION is not the home region: run `aws migrationhub-config get-home-region --region us-west-2`, and set AWS_REGION to the region that it prints',
  UnparseableAnswer: NOT_AWS,
  TlsError:
    'set AWS_CA_BUNDLE=/path/to/ca.pem to the CA that signed it and restart the worker (a client of your own: NODE_EXTRA_CA_CERTS, since the AWS SDK for JavaScript does not read AWS_CA_BUNDLE)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'use a host name that is in the certificate: check the endpoint',
  CERT_HAS_EXPIRED: 'renew the certificate of the host, or correct the clock of the worker machine',
  PolicyErrorException: 'check the IAM role migrationhub-discovery of the account and its policy',
  TimeoutError: NO_ANSWER,
  ETIMEDOUT: NO_ANSWER,
  EHOSTUNREACH: NO_ANSWER,
  ENOTFOUND: 'check AWS_REGION, the endpoint (AWS_ENDPOINT_URL_MIGRATION_HUB), AWS_USE_FIPS_ENDPOINT and DNS',
  EAI_AGAIN: 'check DNS and the network',
  ECONNREFUSED: 'nothing listens there: check the endpoint (AWS_ENDPOINT_URL_MIGRATION_HUB)',
  EPROTO: 'the endpoint is https, but the server answers http: correct AWS_ENDPOINT_URL_MIGRATION_HUB',
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

/** A message of `withMend` in its two parts. */
export function splitMend(message: string): { said: string; mend?: string } {
  const mend = Object.values(MENDS).find((each) => message.endsWith(`; ${each}`));
  return mend === undefined ? { said: message } : { said: message.slice(0, -mend.length - 2), mend };
}
