import { Client, Connection } from '@temporalio/client';
import { MigrationHubClient } from '../../client/migration-hub-client';
import { causeInWords } from '../../cli/error-words';
import { connecting } from '../../cli/probe-tls';
import { ok, problem, type Check } from '../check';

/** With the probe before it within the limit. */
const CONNECT_MS = 6000;

/** Is there a Temporal server at the address, and does it let us in? */
export const temporalServer: Check = {
  name: 'Temporal server',
  limitSeconds: 15,
  async ask(setup) {
    const { temporal, plugins } = setup.asked;
    const { connectionOptions, address, addressFrom, namespace } = temporal;
    const where = `${address} (${addressFrom})`;
    const fails = (error: unknown) => {
      const { cause, mend } = causeInWords(error);
      return problem(`${where}: ${cause}`, mend);
    };
    try {
      const options = { ...connectionOptions, address, connectTimeout: CONNECT_MS, plugins };
      const connection = await connecting(temporal, plugins ?? [], () => Connection.connect(options));
      setup.connection = connection;
      setup.client = new Client({ connection, namespace });
      setup.hub = new MigrationHubClient({ client: setup.client });
      const { serverVersion } = await connection.workflowService.getSystemInfo({});
      return ok(`${where} answers${serverVersion ? `, version ${serverVersion}` : ''}`);
    } catch (error) {
      return fails(error);
    }
  },
};
