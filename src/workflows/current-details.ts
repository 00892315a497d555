import { setCurrentDetails } from '@temporalio/workflow';
import type { ActivateInput, Next, WorkflowInternalsInterceptor } from '@temporalio/workflow';

/** What Temporal's UI and `temporal workflow metadata` ask. */
const METADATA_QUERY = '__temporal_workflow_metadata';

let details: (() => string) | undefined;

/** From now on the workflow's current details are what `tell` gives whenever somebody asks: no step makes them in vain. */
export function tellDetails(tell: () => string): void {
  details = tell;
}

/** Makes the current details when somebody asks. (The SDK calls no interceptor of queries for this one.) */
export class CurrentDetails implements WorkflowInternalsInterceptor {
  /** Called for each activation, so also for the query that the UI makes. */
  activate(input: ActivateInput, next: Next<WorkflowInternalsInterceptor, 'activate'>): void {
    const isAsked = input.activation.jobs?.some(({ queryWorkflow }) => queryWorkflow?.queryType === METADATA_QUERY);
    if (isAsked && details) setCurrentDetails(details());
    next(input);
  }
}
