import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { ConfigurationError } from '../report/configuration-error';

/**
 * For clients of the AWS SDK, which does not read `AWS_CA_BUNDLE` itself: an option of their agent that trusts the CAs named there beside
 * those that Node trusts; nothing where it is not set.
 * @throws ConfigurationError where no certificate can be read from it
 */
export function caBundle(): { secureContext?: SecureContext } {
  const path = process.env['AWS_CA_BUNDLE'];
  if (!path) return {};
  const own = certificatesIn(path);
  if (typeof own !== 'string')
    throw new ConfigurationError(
      `AWS_CA_BUNDLE is "${path}", but ${own.why}: name a file of certificates in PEM, or unset it`,
    );
  // What is given here takes the place of all that Node trusts.
  const extra = certificatesIn(process.env['NODE_EXTRA_CA_CERTS'] ?? '');
  const ca = [...rootCertificates, own, ...(typeof extra === 'string' ? [extra] : [])];
  // Made once: for each connection it would cost as much as the handshake.
  return { secureContext: createSecureContext({ ca }) };
}

/** Text with certificates in it, or why there is none. */
function certificatesIn(path: string): string | { why: string } {
  try {
    const text = readFileSync(path, 'utf8');
    return /-----BEGIN (\w+ )?CERTIFICATE-----/.test(text) ? text : { why: 'no certificate is in it' };
  } catch (error) {
    return { why: `it cannot be read (${(error as Error).message})` };
  }
}
