import { AwsAccess } from '../aws-access';
import { ok, type Check } from '../check';

/** Can Migration Hub be where the settings say, and is a region set that has it? */
export const awsSettings: Check = {
  name: 'AWS settings',
  async ask(setup) {
    const { region, endpoint } = setup.asked;
    const aws = (setup.aws = await AwsAccess.of({ region, endpoint }));
    return ok(
      aws.region
        ? `region ${aws.region} (${regionFrom(region)}), calls go to ${aws.endpoint}`
        : 'no region is set, so calls go to the home region of the account',
    );
  },
};

function regionFrom(option: string | undefined): string {
  if (option) return '--region';
  const variable = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((name) => process.env[name]);
  return variable ?? `AWS profile "${process.env['AWS_PROFILE'] || 'default'}"`;
}
