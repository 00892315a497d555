import { isNoNamespace } from '../../client/heartbeat-workflows';
import { causeInWords } from '../../cli/error-words';
import { durationInWords } from '../../cli/time-words';
import { ok, problem, type Check } from '../check';
import { isDenied } from '../temporal-errors';
import { temporalServer } from './temporal-server';

/** Does the server have the namespace, and may we use it? */
export const namespace: Check = {
  name: 'namespace',
  needs: [temporalServer.name],
  async ask({ client, asked }) {
    const { namespace, namespaceFrom } = asked.temporal;
    const named = `${namespace} (${namespaceFrom})`;
    try {
      const { config } = await client.workflowService.describeNamespace({ namespace });
      const kept = config?.workflowExecutionRetentionTtl?.seconds;
      return ok(kept ? `${named}, retention ${durationInWords(Number(kept))}` : named);
    } catch (error) {
      if (isNoNamespace(error) || /not found/i.test((error as Error).message))
        return problem(`the server has no namespace ${named}`, 'name another with --namespace, or create it');
      // Whoever may use a namespace need not be allowed to look at its settings.
      if (isDenied(error)) {
        await client.workflowService.countWorkflowExecutions({ namespace });
        return ok(named);
      }
      const { cause, mend } = causeInWords(error);
      return problem(`${named}: ${cause}`, mend);
    }
  },
};
