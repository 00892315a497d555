import { model, type ModelledOperation } from '../generated/schemas';

/** The operation as one of the two models has it; undefined where neither does. */
export function modelled(service: string, operation: string): ModelledOperation | undefined {
  const operations = Object.hasOwn(model, service) ? model[service] : undefined;
  return operations && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
}

/** Whether an operation changes something: all do but those that are named Get, List or Describe. */
export const isWrite = (operation: string): boolean => !/^(Get|List|Describe)/.test(operation);
