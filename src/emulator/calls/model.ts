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
