import { InvalidReportError, validateReport, type TaskReport } from '../../report';
import type { InventoryServer } from '../types';
import type { Task } from './name-tasks';
import { allOf, isToMigrate, refuse, someOf } from './record';
import { toServer } from './to-server';

/** What registers a task; of which stream is told by who registers it. */
export function registrationOf(server: InventoryServer): Omit<TaskReport, 'progressUpdateStream'> {
  const { migrationTaskName, wave, application, resourceAttributes, discoveredResource } = server;
  const labels = { ...(wave !== undefined && { wave }), ...(application !== undefined && { application }) };
  return {
    migrationTaskName,
    status: 'NOT_STARTED',
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(resourceAttributes.length > 0 && { resourceAttributes }),
    ...(discoveredResource !== undefined && { discoveredResource }),
  };
}

/**
 * The servers of these tasks. Each row may be right and what all rows of a server say together not: a server that could not be registered
 * is an error of the row that names it.
 */
export const serversOf = (tasks: Task[]): InventoryServer[] =>
  tasks.flatMap((task) => {
    if (!isToMigrate(task.record)) return [];
    const server = toServer(task);
    const fault = faultOf(server);
    if (fault === undefined) return [server];
    const rows = allOf(task.record);
    const what = rows.length > 1 ? `together with the rows that are joined to it (${someOf(rows.slice(1))}), ` : '';
    refuse(task.record, `${what}the server cannot be registered: ${fault}. Correct or shorten that.`);
    return [];
  });

function faultOf(server: InventoryServer): string | undefined {
  try {
    // The stream is checked by itself.
    validateReport({ progressUpdateStream: 'any', ...registrationOf(server) });
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidReportError)) throw error;
    return error.message;
  }
}
