import { ok, problem, type Check } from '../check';
import { sourceInWords } from '../credential-sources';
import { clock } from './clock';
import { migrationHub } from './migration-hub';

const EXPIRED = /^ExpiredToken/;
const UNKNOWN = /^(UnrecognizedClient|InvalidClientTokenId|AuthFailure|MissingAuthenticationToken|IncompleteSignature)/;
const WRONG_SECRET = /^(InvalidSignature|SignatureDoesNotMatch)/;

/** Does AWS take the credentials? */
export const awsSignIn: Check = {
  name: 'AWS sign-in',
  needs: [migrationHub.name, clock.name],
  ask({ aws, firstSaid }) {
    const { type = '' } = firstSaid ?? {};
    const from = sourceInWords(aws.credentials?.source() ?? '');
    const refused = (why: string, mend: string) =>
      Promise.resolve(problem(`${why} (${type}); they come from ${from}`, mend));
    if (EXPIRED.test(type))
      return refused(
        'the credentials have expired',
        'get new ones: sign in again (aws sso login), or replace the variables; then restart workers that got them as variables',
      );
    if (UNKNOWN.test(type))
      return refused(
        'AWS does not know the credentials',
        'check the access key, which may be deleted or inactive, and AWS_SESSION_TOKEN',
      );
    if (WRONG_SECRET.test(type))
      return refused(
        'AWS refuses the signature',
        'correct AWS_SECRET_ACCESS_KEY, or the secret in the profile: it does not belong to the access key',
      );
    return Promise.resolve(ok('AWS accepts the credentials'));
  },
};
