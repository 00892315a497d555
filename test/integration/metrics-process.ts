import { until, type Harness } from './harness';
import { scrapeOf } from './scrapes';
import { startWorkerProcess } from './worker-process';

/** A worker process that serves its metrics. */
export async function startMetricsProcess(h: Harness, variables: NodeJS.ProcessEnv = {}) {
  const worker = await startWorkerProcess(h, variables, ['--http-port', '0', '--count-tasks-every-seconds', '10']);
  const said = () =>
    /http:[^ ]+(?=\/healthz)/.exec(worker.lines().find(({ msg }) => msg.includes('/metrics'))?.msg ?? '');
  await until('it says where', () => said() !== null);
  const url = `${said()?.[0]}/metrics`;
  const get = async () => (await fetch(url)).text();
  return { url, text: get, scrape: async () => scrapeOf(await get()), stop: () => worker.stop() };
}
