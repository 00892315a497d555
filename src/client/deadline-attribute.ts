import type { Client } from '@temporalio/client';
import { DEADLINE_ATTRIBUTE } from '../report';
import { ConfigurationError } from '../report/configuration-error';
import { temporalFlags } from '../report/temporal-flags';
import { neverLists, whyOf } from './heartbeat-workflows';

/** IndexedValueType of the API, in its order. */
const TYPES = ['Unspecified', 'Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'];
/** For messages: what the setting is called where it is set, and where the server is, if that is known. */
export interface SetWhere {
  /** A flag or a variable. @default 'deadlineSearchAttribute' */
  setting?: string;
  /** Host and port. */
  address?: string;
}

const ANSWER_MS = 10_000;

/**
 * A heartbeat workflow that sets an attribute which its namespace does not have, or has with another type, stands still until it has it.
 * `onUnknown` is told where the server does not tell which it has.
 * @throws ConfigurationError that says how to make it; ServiceError where the server does not answer
 */
export async function checkDeadlineAttribute(
  client: Client,
  onUnknown: (message: string) => void,
  { setting = 'deadlineSearchAttribute', address }: SetWhere = {},
): Promise<void> {
  const { namespace } = client.options;
  const withName = `${temporalFlags(namespace, address)} --name ${DEADLINE_ATTRIBUTE}`;
  const create = `temporal operator search-attribute create ${withName} --type Datetime`;
  const needed = `${setting} is set, but the search attribute ${DEADLINE_ATTRIBUTE}`;
  let type: number | undefined;
  try {
    const list = () => client.connection.operatorService.listSearchAttributes({ namespace });
    const { customAttributes } = await client.withDeadline(Date.now() + ANSWER_MS, list);
    type = customAttributes[DEADLINE_ATTRIBUTE];
  } catch (error) {
    if (!neverLists(error)) throw error;
    return onUnknown(
      `the search attributes of the namespace ${namespace} could not be listed (${whyOf(error)}): without ${DEADLINE_ATTRIBUTE} heartbeat workflows stand still; make it with ${create}`,
    );
  }
  if (type === undefined) throw new ConfigurationError(`${needed} is not in the namespace ${namespace}: ${create}`);
  if (TYPES[type] !== 'Datetime')
    throw new ConfigurationError(
      `${needed} of the namespace ${namespace} has the type ${TYPES[type] ?? type}, not Datetime: temporal operator search-attribute remove ${withName}, then ${create}`,
    );
}
