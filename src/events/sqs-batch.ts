import { inParallel } from '../async/in-parallel';
import { listOr, objectOr } from './mgn-event';

/** What AWS Lambda takes from a handler of an SQS queue with `ReportBatchItemFailures`. */
export interface SqsBatchResponse {
  /** The messages that stay in the queue, and are delivered again. */
  batchItemFailures: {
    /** The `messageId` of the message. */
    itemIdentifier: string;
  }[];
}

interface Message {
  messageId: string;
  body: unknown;
}

/** Messages that are worked on at once. */
const AT_ONCE = 10;

/** The messages of an SQS batch as Lambda hands it over; undefined for anything else. */
export function messagesOf(event: unknown): Message[] | undefined {
  const { Records: records } = objectOr(event);
  const isMessage = ({ eventSource, messageId }: Record<string, unknown>) => eventSource === 'aws:sqs' && messageId;
  const isBatch = Array.isArray(records) && listOr(records).map(objectOr).every(isMessage);
  return isBatch ? (records as Message[]) : undefined;
}

/** Works on each message by itself. One that fails is told to `onFailure`, and named in the response; the others are done. */
export async function eachMessage(
  messages: Message[],
  work: (body: unknown) => Promise<unknown>,
  onFailure: (error: unknown, messageId: string) => void,
): Promise<SqsBatchResponse> {
  const batchItemFailures: SqsBatchResponse['batchItemFailures'] = [];
  await inParallel(messages, AT_ONCE, async ({ messageId, body }) => {
    try {
      await work(body);
    } catch (error) {
      onFailure(error, messageId);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  });
  return { batchItemFailures };
}
