import { getHomeRegion } from '../../migration-hub/get-home-region';
import { isNotPermitted } from '../../migration-hub/errors';
import { isThrottled, notChecked, ok, problem, THROTTLED, type Check, type Finding } from '../check';
import type { Setup } from '../setup';
import { awsSignIn } from './aws-sign-in';

const SET_ONE =
  'set it once, in the console of Migration Hub or with: aws migrationhub-config create-home-region-control --target Type=ACCOUNT --home-region REGION --region REGION';

/** Has the account a home region, and is it ours? */
export const homeRegion: Check = {
  name: 'home region',
  needs: [awsSignIn.name],
  limitSeconds: 8,
  async ask(setup, signal) {
    const { aws, asked, firstSaid } = setup;
    const said = await aws.say(signal, ({ abortSignal }) => getHomeRegion(aws.client, abortSignal));
    const { type, answer, message } = said;
    if (type !== 'answer') return byFirstCall(setup, type, message);
    if (!answer) return problem('the account has no home region, so Migration Hub accepts nothing', SET_ONE);
    if (!aws.region) {
      await aws.home.ready();
      aws.region = answer;
      return ok(`${answer}: calls go there, since no region is set`);
    }
    if (answer !== aws.region)
      return problem(
        `calls go to ${aws.region}, but the home region of the account is ${answer}`,
        asked.region ? `give --region ${answer}` : `set AWS_REGION=${answer}`,
      );
    return firstSaid?.type === 'HomeRegionNotSetException'
      ? problem(`GetHomeRegion says ${answer}, but Migration Hub says that none is set`, SET_ONE)
      : ok(`${answer}, and calls go there`);
  },
};

/** Where the home region is not told, the first call has shown whether this is it. */
function byFirstCall({ aws, firstSaid }: Setup, type: string, message: string): Finding {
  if (firstSaid?.type === 'HomeRegionNotSetException')
    return problem('the account has no home region, so Migration Hub accepts nothing', SET_ONE);
  if (!aws.region)
    return problem(
      `no region is set, and the home region cannot be asked for (${type}: ${message})`,
      `${isNotPermitted(type) ? 'allow mgh:GetHomeRegion, or ' : ''}set AWS_REGION to the home region of the account`,
    );
  if (firstSaid?.type === 'InvalidInputException')
    return problem(
      `calls go to ${aws.region}, which is probably not the home region of the account`,
      'run aws migrationhub-config get-home-region --region us-west-2, and set AWS_REGION to the region that it prints',
    );
  if (isThrottled(type)) return THROTTLED;
  return isNotPermitted(type)
    ? notChecked('the credentials lack mgh:GetHomeRegion; only this check needs it')
    : notChecked(
        `GetHomeRegion failed: ${type}: ${message}`,
        'set AWS_ENDPOINT_URL_MIGRATIONHUB_CONFIG to the endpoint of AWS Migration Hub Config',
      );
}
