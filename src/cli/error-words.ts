import { ConfigurationError } from '../report/configuration-error';
import { InvalidReportError } from '../report';
import { CliError, EXIT } from './cli-error';
import type { TemporalSettings } from './temporal-settings';

/**
 * What a gRPC status, or what is below it, means to the person at the terminal, and what to do. In this order. Node and the native
 * part of the SDK each have their own names for the same.
 */
const MEANINGS: [pattern: RegExp, words: string][] = [
  [
    /^HTTP\/1|no.?application.?protocol/i,
    'a web server answers there, not Temporal: use the gRPC port, usually 7233, not that of the UI',
  ],
  [/ECONNREFUSED|ConnectionRefused/, 'nothing listens there: start the server, or correct the port'],
  [/ENOTFOUND|EAI_AGAIN|Name resolution failed|dns error/, 'no such host: check --address and DNS'],
  [/Port should be /, 'the port must be an integer from 1 to 65535: correct it'],
  [/Invalid address for Temporal/, 'it must be host:port, such as localhost:7233'],
  // The error has the value in it, which may be a key.
  [/Metadata string value/, 'the API key or a header has a character that is not printable ASCII: correct it'],
  [
    /CertificateRequired|certificate required/i,
    'it requires a client certificate: set --tls-cert-path and --tls-key-path',
  ],
  [
    /alert:? (bad ?certificate|unknown ?ca|certificate ?(expired|revoked|unknown)|unsupported ?certificate|access ?denied|decrypt ?error|handshake ?failure)/i,
    'it refuses the client certificate, or requires one: check --tls-cert-path and --tls-key-path',
  ],
  [/ALTNAME_INVALID|NotValidForName|not valid for name/, 'its certificate is for another name: set --tls-server-name'],
  [/CERT_HAS_EXPIRED|certificate:? (has )?expired/i, 'its certificate has expired: renew it'],
  [
    /self.signed|unable to (verify|get)|CERT_|certificate/i,
    'its certificate is not trusted: set --tls-ca-path to its CA',
  ],
  [
    /WRONG_VERSION_NUMBER|packet length too long|InvalidContentType/,
    'it does not use TLS: remove the TLS settings and the API key',
  ],
  [
    /socket disconnected before secure TLS|ECONNRESET|ConnectionReset|BrokenPipe|Connection dropped/,
    'it closed the connection: it may need TLS, an API key or a client certificate',
  ],
  [
    /UNAUTHENTICATED|^16 |valid authentication credentials/i,
    'it does not accept the API key or the certificate: check the API key and the TLS settings',
  ],
  [
    /PERMISSION_?DENIED|^7 |does not have permission/i,
    'the API key or certificate has no permission for this namespace: grant it, or use another namespace',
  ],
  [
    /no answer within|Failed to connect before the deadline|DEADLINE_?EXCEEDED|Timeout expired|Deadline expired|^4 /i,
    'it does not answer: check --address, proxy and firewall; a server with TLS needs the TLS settings or an API key',
  ],
  [/UNAVAILABLE|^14 /i, 'it cannot be reached: check --address, proxy and firewall'],
];

/** All messages of an error and its causes: what the SDK wraps says more than the SDK. */
function messagesOf(error: unknown): string {
  const messages: string[] = [];
  for (let each = error as Error | undefined; each instanceof Error && messages.length < 5; each = each.cause as Error)
    messages.push(`${(each as { code?: unknown }).code ?? ''} ${each.message}`.trim());
  return messages.join(': ');
}

/** Why Temporal cannot be used, in words. */
export function inWords(error: unknown): string {
  const { cause, mend } = causeInWords(error);
  return mend ? `${cause}: ${mend}` : cause;
}

/** The same in its two parts; without `mend` where nobody knows one. */
export function causeInWords(error: unknown): { cause: string; mend?: string } {
  if (error instanceof CliError) return { cause: error.message };
  const said = messagesOf(error);
  const words = MEANINGS.find(([pattern]) => pattern.test(said))?.[1];
  if (!words) return { cause: said.split('\n')[0] ?? '' };
  const [cause = '', ...mend] = words.split(': ');
  return { cause, mend: mend.join(': ') || undefined };
}

/** What was asked for did not come about, and nothing is set wrong. */
const OUTCOMES = ['ReopenRefusedError', 'ReportRefusedError', 'DeliveryTimeoutError', 'ApplicationStateError'];

/** What a payload cannot be read for, as this package and the Temporal SDK say it. */
const UNREADABLE = /lack a codec of the workers|Unknown encoding: /;

/** The server cannot be used. */
export const unusable = ({ address, addressFrom }: TemporalSettings, error: unknown): CliError =>
  new CliError(`Temporal at ${address} (${addressFrom}): ${inWords(error)}`);

/** The server has no such namespace. */
export const noNamespace = ({ address, namespace, namespaceFrom }: TemporalSettings): CliError =>
  new CliError(
    `Temporal at ${address} has no namespace ${namespace} (${namespaceFrom}): name another with --namespace, or create it`,
  );

/** An error of a command as one line; a bug keeps its stack. */
export function whatItMeans(error: Error, settings: TemporalSettings): Error {
  if (error.name === 'NamespaceNotFoundError') return noNamespace(settings);
  if (OUTCOMES.includes(error.name)) return new CliError(error.message, EXIT.outcome);
  if (error instanceof ConfigurationError || error instanceof InvalidReportError) return new CliError(error.message);
  if (UNREADABLE.test(error.message))
    return new CliError(
      `${error.message.split('\n')[0]}: set --plugins to the module that exports the plugin with the codec of your workers`,
    );
  if (['ServiceError', 'TimeoutError'].includes(error.name) || /^\d+ [A-Z_]+:/.test(error.message))
    return unusable(settings, error);
  return error;
}
