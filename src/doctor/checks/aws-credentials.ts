import { bounded, CallTimeoutError } from '../../async/bounded';
import { durationInWords } from '../../cli/time-words';
import { ok, problem, warning, type Check } from '../check';
import { isNobody, sourceInWords } from '../credential-sources';
import { awsSettings } from './aws-settings';

const LOAD_MS = 8000;
const SOON_SECONDS = 300;
const GIVE_SOME = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in (aws sso login)';
const GIVE_OTHERS = 'get new ones: sign in again (aws sso login), or replace the key';

/** Are there credentials, from where, and do they still hold? */
export const awsCredentials: Check = {
  name: 'AWS credentials',
  needs: [awsSettings.name],
  limitSeconds: LOAD_MS / 1000 + 1,
  async ask({ aws }) {
    const asked = () => aws.credentials?.source() ?? '';
    try {
      const load = aws.client.config.credentials;
      const { accessKeyId, expiration } = await bounded(LOAD_MS, undefined, () => load());
      const whose = `key ${shown(accessKeyId)} from ${sourceInWords(asked())}`;
      if (!expiration) return ok(whose);
      const left = (expiration.getTime() - Date.now()) / 1000;
      if (left <= 0) return problem(`${whose} expired ${durationInWords(-left)} ago`, GIVE_OTHERS);
      const until = `${whose}, valid for ${durationInWords(left)}`;
      return left < SOON_SECONDS ? warning(until, GIVE_OTHERS) : ok(until);
    } catch (error) {
      if (isNobody(asked(), error as Error))
        return problem(
          `none found: not in variables, not in the AWS profile "${process.env['AWS_PROFILE'] || 'default'}", not from a role of this machine`,
          GIVE_SOME,
        );
      const { message } = error as Error;
      const why = error instanceof CallTimeoutError ? message : message.split('\n')[0];
      return problem(`none: ${sourceInWords(asked())}: ${why}`, 'check this source of credentials');
    }
  },
};

const shown = (accessKeyId: string): string => (accessKeyId.length > 8 ? `…${accessKeyId.slice(-4)}` : accessKeyId);
