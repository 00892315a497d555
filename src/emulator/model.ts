import { model, type ModelledOperation } from './generated/schemas';

/** The operation as one of the two models has it; undefined where neither does. */
export function modelled(service: string, operation: string): ModelledOperation | undefined {
  const operations = Object.hasOwn(model, service) ? model[service] : undefined;
  return operations && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
}

/** Operations that change something can be asked for a dry run, or have no other name for it. */
export const isWrite = (operation: string): boolean => !/^(Get|List|Describe)/.test(operation);
