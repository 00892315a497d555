import { ConfigurationError } from '../report/configuration-error';
import { lineBreakIn } from '../report/line-break';

/** Regions that can be a home region (AWS general reference, Migration Hub endpoints). */
export const HOME_REGIONS = [
  'us-east-1',
  'us-west-2',
  'ap-southeast-2',
  'ap-northeast-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
];

/** us-west-2, us-gov-east-1, … */
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** How the region can be given. */
export const SET_THE_REGION = `set AWS_REGION, the option region, or the region of the AWS profile to the Migration Hub home region, one of ${HOME_REGIONS.join(', ')}`;

/** @throws ConfigurationError for what no AWS region is called, whether AWS or something else is called. `name`: of the setting */
export function checkRegionName(name: string, region: string): void {
  if (!REGION.test(region))
    throw new ConfigurationError(`${name} is "${region}", which is no AWS region: ${SET_THE_REGION}`);
}

/** @throws ConfigurationError unless it is an http or https URL. `name`: of the setting */
export function checkEndpointUrl(name: string, url: string): void {
  if (!(/^https?:\/\/./i.test(url) && URL.canParse(url)))
    throw new ConfigurationError(
      `${name} is "${withoutUser(url)}", but it must be an http or https URL: write it as http://127.0.0.1:4599`,
    );
}

/** Those of the AWS client that a user sets. */
const AWS_VARIABLES = [
  ...['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'REGION', 'DEFAULT_REGION', 'PROFILE', 'ROLE_ARN'],
  ...['WEB_IDENTITY_TOKEN_FILE', 'CA_BUNDLE', 'ENDPOINT_URL', 'ENDPOINT_URL_MIGRATION_HUB'],
].map((name) => `AWS_${name}`);

/** @throws ConfigurationError for a value that ends with a line break */
export function checkLineEnd(name: string, value: string | undefined): void {
  const saying = lineBreakIn(name, value);
  if (saying) throw new ConfigurationError(saying);
}

/** Of variables that the AWS client takes as they are. @throws ConfigurationError */
export function checkAwsVariables(): void {
  for (const name of AWS_VARIABLES) checkLineEnd(name, process.env[name]);
}

/** A URL, or what should be one, without the user and password in it. Of what is no URL all before the last @ may be a password. */
export function withoutUser(text: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][\w+.-]*:\/\/)?(.*)$/is.exec(text) ?? [];
  const isUrl = scheme !== '' && URL.canParse(text);
  return scheme + rest.replace(isUrl ? /^[^/?#]*@/ : /.*@/s, '');
}
