import { page, type Paged } from './paging';
import type { Operation } from './operation';

interface Named {
  ProgressUpdateStreamName: string;
}

/** The operations on progress update streams. */
export const streamOperations: Record<string, Operation> = {
  CreateProgressUpdateStream: {
    refusedWhileDeleting: true,
    run({ account }, input: Named) {
      account.store.createStream(input.ProgressUpdateStreamName);
      return {};
    },
  },

  DeleteProgressUpdateStream: {
    needs: 'stream',
    allowedElsewhere: true,
    run({ account }, input: Named) {
      account.store.deleteStream(input.ProgressUpdateStreamName);
      return {};
    },
  },

  ListProgressUpdateStreams: {
    run({ account, switches }, input: Paged) {
      const { items, ...next } = page('streams', account.store.streamList(), input, switches);
      return { ProgressUpdateStreamSummaryList: items.map((s) => ({ ProgressUpdateStreamName: s.name })), ...next };
    },
  },
};
