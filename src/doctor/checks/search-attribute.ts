import { checkDeadlineAttribute } from '../../client/deadline-attribute';
import { DEADLINE_ATTRIBUTE } from '../../report';
import { ok, notChecked, type Check, type Finding } from '../check';
import { namespace } from './namespace';

/** Does the namespace have the search attribute that the workers are told to keep? */
export const searchAttribute: Check = {
  name: 'search attribute',
  needs: [namespace.name],
  applies: ({ asked }) => asked.deadlineSearchAttribute !== undefined,
  async ask({ client, asked }) {
    let unknown: Finding | undefined;
    const onUnknown = (message: string) => (unknown = notChecked(message));
    const { deadlineSearchAttribute: setting, temporal } = asked;
    await checkDeadlineAttribute(client, onUnknown, { setting, address: temporal.address });
    return unknown ?? ok(`${DEADLINE_ATTRIBUTE} is there, in namespace ${asked.temporal.namespace}`);
  },
};
