import { applicationWorkflowId } from '../../../src/client/application-states';
import { reporter } from './reporting';
import type { Scenario } from './scenario';

const ID = 'd-application-recorded';

/** The workflow by which a client tells the state of an application. */
const application: Scenario = {
  name: 'application',
  async play(stage) {
    const { hub } = reporter(stage, this.name);
    await hub.notifyApplicationState({ applicationId: ID, status: 'IN_PROGRESS' });
    return applicationWorkflowId(ID);
  },
};

export const applicationScenarios = [application];
