import type { Client } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { LOADED_MACHINE } from '../../worker/loaded-machine';
import { sampleCode } from './bundle';
import { SAMPLE_SERVERS, SAMPLE_TASK_QUEUE } from './servers';
import type { sampleProgramme } from './workflows';

/** The worker of the sample: apart from ours, as that of a user is. */
export async function createSampleWorker(connection: NativeConnection, namespace: string): Promise<Worker> {
  return Worker.create({
    ...LOADED_MACHINE,
    connection,
    namespace,
    taskQueue: SAMPLE_TASK_QUEUE,
    workflowBundle: await sampleCode(),
    stickyQueueScheduleToStartTimeout: '5s',
  });
}

/** Starts the programme, or lets one go on that an earlier `dev` has left. Once at its end it begins anew. */
export async function startSample(client: Client): Promise<void> {
  await client.workflow.start<typeof sampleProgramme>('sampleProgramme', {
    workflowId: 'sample-programme',
    taskQueue: SAMPLE_TASK_QUEUE,
    args: [SAMPLE_SERVERS],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}
