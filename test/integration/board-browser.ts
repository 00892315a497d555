import { get, request, type IncomingMessage, type RequestOptions } from 'node:http';
import type { BoardStatus, BoardTask, Changes, Snapshot } from '../../src/board/wire';
import { until } from './harness';

/** An answer, whole. */
export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Sends a request as it is given: `fetch` would not send every Host, path or method. */
export function send(url: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

/** What a browser with the page has of the board: its events, taken in as the page does. */
export class Browser {
  readonly events: { name: string; data: unknown }[] = [];
  readonly tasks = new Map<string, BoardTask>();
  status?: BoardStatus;
  private rest = '';
  private readonly call;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.call = get(`${url}/api/events`, { agent: false, headers }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => this.take(chunk));
      response.on('error', () => undefined);
    }).on('error', () => undefined);
  }

  named(name: string): unknown[] {
    return this.events.filter((event) => event.name === name).map(({ data }) => data);
  }

  task(name: string): BoardTask | undefined {
    return [...this.tasks.values()].find((task) => task.migrationTaskName === name);
  }

  async untilTask(name: string, is: (task: BoardTask) => boolean): Promise<BoardTask> {
    await until(`${name} on the board`, () => {
      const task = this.task(name);
      return task !== undefined && is(task);
    });
    return this.task(name) as BoardTask;
  }

  async untilStatus(what: string, is: (status: BoardStatus) => boolean): Promise<void> {
    await until(what, () => this.status !== undefined && is(this.status));
  }

  close(): void {
    this.call.destroy();
  }

  private take(chunk: string): void {
    const whole = (this.rest + chunk).split('\n\n');
    this.rest = whole.pop() ?? '';
    for (const text of whole) {
      const [, name = '', json = ''] = /^event: (.*)\ndata: (.*)$/.exec(text) ?? [];
      if (name === '') continue;
      const data = JSON.parse(json) as Changes & Snapshot & BoardStatus;
      this.events.push({ name, data });
      if (name === 'status') this.status = data;
      if (name === 'snapshot') this.tasks.clear();
      for (const key of data.gone ?? []) this.tasks.delete(key);
      for (const task of data.tasks ?? [])
        this.tasks.set(`${task.progressUpdateStream}:${task.migrationTaskName}`, task);
    }
  }
}
