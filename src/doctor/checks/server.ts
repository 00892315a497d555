import { ListDiscoveredResourcesCommand } from '@aws-sdk/client-migration-hub';
import type { AttachmentKind } from '../../report';
import { attachmentInWords } from '../../task-state';
import { isNotPermitted } from '../../migration-hub/errors';
import { splitMend } from '../../migration-hub/mends';
import { notChecked, ok, warning, type Check } from '../check';
import { namesIn } from '../names-in';
import { homeRegion } from './home-region';
import { stream } from './stream';
import { UNKNOWN } from './task';

const REPORT_THEM =
  'report resourceAttributes, such as FQDN or IPV4_ADDRESS, or discoveredResource: without a server the console shows no details of the task';

/** What maps a task to a server. */
const MAPPING: AttachmentKind[] = ['resourceAttributes', 'discoveredResource'];

/** Is the task mapped to a server? */
export const server: Check = {
  name: 'server',
  needs: [stream.name, homeRegion.name],
  applies: ({ asked }) => asked.task !== undefined,
  async ask({ aws, asked, held, state }, signal) {
    if (!state) return UNKNOWN;
    const keys = { ProgressUpdateStream: asked.stream, MigrationTaskName: asked.task };
    const refused = state.attachments?.find(({ kind, failure }) => failure && MAPPING.includes(kind));
    if (refused?.failure) {
      const { said, mend } = splitMend(refused.failure.message);
      return warning(
        `Migration Hub did not accept ${attachmentInWords(refused)}: ${refused.failure.type}: ${said}`,
        mend,
      );
    }
    const attributes = (held?.ResourceAttributeList ?? []).map(({ Type, Value }) => `${Type} ${Value}`);
    const said = await aws.say(signal, (o) => aws.client.send(new ListDiscoveredResourcesCommand(keys), o));
    const servers = (said.answer?.DiscoveredResourceList ?? []).map(({ ConfigurationId }) => ConfigurationId ?? '');
    if (servers.length > 0) return ok(`mapped to ${namesIn(servers)}`);
    if (attributes.length > 0) return ok(`Migration Hub maps it by its attributes: ${namesIn(attributes)}`);
    if (said.type === 'answer') return warning('Migration Hub has neither attributes nor a server for it', REPORT_THEM);
    return isNotPermitted(said.type)
      ? notChecked('it has no resource attributes, and the credentials lack mgh:ListDiscoveredResources')
      : notChecked(`${said.type}: ${said.message}`, said.mend);
  },
};
