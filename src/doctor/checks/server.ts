import { ListDiscoveredResourcesCommand } from '@aws-sdk/client-migration-hub';
import { isOfAws } from '../../migration-hub/endpoint';
import type { AttachmentKind } from '../../report';
import { isNotPermitted } from '../../migration-hub/errors';
import { notChecked, ok, warning, type Check } from '../check';
import { namesIn } from '../../report/names-in';
import { untakenOf } from '../task-causes';
import { homeRegion } from './home-region';
import { stream } from './stream';
import { UNKNOWN } from './task';

/** PutResourceAttributes answers 200 whether or not something matches, and maps later. */
const MAP_IT =
  'mapping takes some minutes: look again; then compare the values with the server in the Migration Hub console (attributes VM_… need a VM_MANAGER_ID), or associate the server by its configuration id, d-server-…';
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
    const { why, mend } = untakenOf(state, MAPPING);
    if (why) return warning(why, mend);
    const said = await aws.say(signal, (o) => aws.client.send(new ListDiscoveredResourcesCommand(keys), o));
    const servers = (said.answer?.DiscoveredResourceList ?? []).map(({ ConfigurationId }) => ConfigurationId ?? '');
    if (servers.length > 0) return ok(`mapped to ${namesIn(servers)}`);
    const attributes = (held?.ResourceAttributeList ?? []).map(({ Type, Value }) => `${Type} ${Value}`);
    const has = attributes.length > 0 ? `it has the attributes ${namesIn(attributes)}` : 'it has no attributes';
    if (said.type !== 'answer')
      return isNotPermitted(said.type)
        ? notChecked(`${has}; the credentials lack mgh:ListDiscoveredResources`, 'allow it; only this check needs it')
        : notChecked(`${said.type}: ${said.message}`, said.mend);
    if (attributes.length === 0)
      return warning('Migration Hub has neither attributes nor a server for it', REPORT_THEM);
    // Emulators have no servers that attributes could match.
    return isOfAws(aws.endpoint)
      ? warning(`${has}, but Migration Hub has not mapped it to a server (ListDiscoveredResources)`, MAP_IT)
      : ok(`${has}; no server is associated, and only AWS maps by attributes`);
  },
};
