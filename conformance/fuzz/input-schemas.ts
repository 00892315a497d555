import { model } from '../../src/emulator/generated/schemas';

/** A schema as the emulator's generator writes it. */
export interface Schema {
  type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
}

/** An operation with the schema of its input. */
export interface Operation {
  service: string;
  operation: string;
  schema: Schema;
}

/** The operations of both services. */
export const OPERATIONS: readonly Operation[] = Object.entries(model).flatMap(([service, operations]) =>
  Object.entries(operations).map(([operation, { input }]) => ({ service, operation, schema: input as Schema })),
);
