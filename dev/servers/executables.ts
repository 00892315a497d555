import { downloadRoute } from '../../src/temporal-cli/download';
import { firstExecutable, type Route } from '../../src/temporal-cli/route';
import { pathRoute } from '../../src/temporal-cli/routes';
import { goInstallRoute } from './go-install';
import { javaTestServerRoute } from './java-test-server';
import { logToStderr } from './log';

/** An executable as `@temporalio/testing` takes it. */
export interface Executable {
  type: 'existing-path';
  path: string;
}

/** The ways to a dev server, best first. */
export function devServerRoutes(): Route[] {
  return [
    {
      provide: 'Set TEMPORAL_ADDRESS (host:port) to a server that runs, and TEMPORAL_NAMESPACE if it is not "default".',
      closed: 'TEMPORAL_ADDRESS is not set',
    },
    pathRoute(),
    downloadRoute('dev server'),
    goInstallRoute(),
  ];
}

/** The ways to a time-skipping server, best first. */
export function timeSkippingRoutes(): Route[] {
  return [downloadRoute('time-skipping server'), javaTestServerRoute()];
}

/** The Temporal CLI, whose `server start-dev` is a real Temporal server on SQLite. */
export async function devServerExecutable(log = logToStderr): Promise<Executable> {
  return { type: 'existing-path', path: await firstExecutable('dev server', devServerRoutes(), log) };
}

/** The test server whose clock can be moved. */
export async function timeSkippingExecutable(log = logToStderr): Promise<Executable> {
  return { type: 'existing-path', path: await firstExecutable('time-skipping server', timeSkippingRoutes(), log) };
}
