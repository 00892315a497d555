import { model, type ModelledOperation } from '../generated/schemas';

/**
 * An operation of one of the two models; undefined when neither has it.
 * @param service the prefix in X-Amz-Target
 */
export function modelled(service: string, operation: string): ModelledOperation | undefined {
  const operations = Object.hasOwn(model, service) ? model[service] : undefined;
  return operations && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
}

/** Whether an operation is a write: every one whose name does not begin with Get, List or Describe. */
export const isWrite = (operation: string): boolean => !/^(Get|List|Describe)/.test(operation);

/** Whether a call is a dry run: its input says so, and its operation has dry runs. Others do not know the member. */
export function isDryRun({ input: schema }: ModelledOperation, input: Record<string, unknown>): boolean {
  const { properties = {} } = schema as { properties?: object };
  return input.DryRun === true && Object.hasOwn(properties, 'DryRun');
}
