import { paginateListProgressUpdateStreams } from '@aws-sdk/client-migration-hub';
import { isNotPermitted } from '../../migration-hub/errors';
import { isThrottled, notChecked, ok, problem, THROTTLED, warning, type Check } from '../check';
import type { AwsAccess } from '../aws-access';
import { homeRegion } from './home-region';
import { stream } from './stream';
import { workers } from './workers';
import { permissions } from './permissions';

/** Does Migration Hub know the stream? */
export const streamAtHub: Check = {
  name: 'stream at Migration Hub',
  needs: [stream.name, workers.name, homeRegion.name, permissions.name],
  applies: ({ asked }) => asked.stream !== undefined,
  async ask({ aws, asked }, signal) {
    const name = asked.stream ?? '';
    const said = await aws.say(signal, ({ abortSignal }) => isListed(aws, name, abortSignal));
    if (said.answer) return ok(`${name} is there`);
    if (said.type === 'answer')
      return warning(
        `Migration Hub in ${aws.region} has no stream ${name}`,
        'the next notification creates it; if it was there before, it was deleted, or the worker uses another account',
      );
    if (isThrottled(said.type)) return THROTTLED;
    return isNotPermitted(said.type)
      ? notChecked('the credentials lack mgh:ListProgressUpdateStreams; only this check needs it')
      : problem(`${said.type}: ${said.message}`, said.mend);
  },
};

async function isListed({ client }: AwsAccess, name: string, abortSignal: AbortSignal): Promise<boolean> {
  const pages = paginateListProgressUpdateStreams({ client, pageSize: 100 }, {}, { abortSignal } as never);
  for await (const { ProgressUpdateStreamSummaryList: rows } of pages)
    if (rows?.some(({ ProgressUpdateStreamName }) => ProgressUpdateStreamName === name)) return true;
  return false;
}
