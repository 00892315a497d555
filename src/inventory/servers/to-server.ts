import type { InventoryServer } from '../types';
import { MAX_ATTRIBUTES, mergedAttributes } from '../values/attributes';
import type { Task } from './name-tasks';
import { allOf } from './record';

/** The server of a task, from all rows that tell of it; what the row that names it says comes first. */
export function toServer({ record, name }: Task): InventoryServer {
  const all = allOf(record);
  const first = (key: 'wave' | 'application' | 'discoveredResource' | 'fqdn'): string | undefined =>
    all.find((each) => each[key] !== undefined)?.[key];
  const wave = first('wave');
  const application = first('application');
  const discoveredResource = first('discoveredResource');
  const fqdn = first('fqdn');
  const attributes = mergedAttributes(all.flatMap(({ attributes: each }) => each));
  if (attributes.length > MAX_ATTRIBUTES)
    record.file.warn(
      record.place,
      `the server has ${attributes.length} attributes, and Migration Hub takes ${MAX_ATTRIBUTES}: the last ${attributes.length - MAX_ATTRIBUTES} addresses are left out.`,
      record.name,
    );
  return {
    migrationTaskName: name,
    ...(wave !== undefined && { wave }),
    ...(application !== undefined && { application }),
    resourceAttributes: attributes.slice(0, MAX_ATTRIBUTES),
    ...(discoveredResource !== undefined && { discoveredResource }),
    ...(fqdn !== undefined && { fqdn }),
    from: all.map(({ file, line }) => ({ file: file.name, line })),
  };
}
