const PROFILE = () => `AWS profile "${process.env['AWS_PROFILE'] || 'default'}"`;

/** Where credentials come from, by the step of the AWS SDK that gave them. In this order. */
const SOURCES: [step: RegExp, words: () => string][] = [
  [/^credential_process/, () => ''],
  [/fromEnv/, () => 'the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  [/web-?identity|WebToken|TokenFile/i, () => 'a web identity (AWS_WEB_IDENTITY_TOKEN_FILE)'],
  [/AssumeRole/, () => `a role of the ${PROFILE()}`],
  [/fromProcess/, () => `credential_process of the ${PROFILE()}`],
  [/fromSSO/, () => `single sign-on of the ${PROFILE()}`],
  [/fromIni|StaticCredentials/, () => `the ${PROFILE()}`],
  [/fromHttp|ContainerMetadata/, () => 'the role of this container'],
  [/InstanceMetadata|remoteProvider/, () => 'the role of this machine'],
];

/** `source`: as `Credentials` tells it. */
export function sourceInWords(source: string): string {
  const words = SOURCES.find(([step]) => step.test(source))?.[1]();
  return words || source;
}

/** All sources were asked, down to the last, the machine. */
export const isNobody = (source: string, { message }: Error): boolean =>
  /remoteProvider|InstanceMetadata/.test(source) || message.includes('Could not load credentials from any providers');
