import type { BoardStatus, Changes, Snapshot } from '../wire';
import type { TaskStore } from './task-store';

/** The server says something at least each 10 s. */
const SILENCE_MS = 30_000;
const AGAIN_MS = 3000;
const ASK_MS = 5000;

/** What is fetched from the board. @throws Error with what it said */
async function ask(path: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(path, { headers });
  const said = (await response.json()) as { error?: string };
  if (!response.ok) throw new Error(said.error ?? `the board answered ${response.status}`);
  return said;
}

/** GET of JSON. @throws Error with what the board said, or the browser */
export const fetchJson = <T>(path: string): Promise<T> => ask(path) as Promise<T>;

/** Shows the board the token, for which it gives a cookie. False where it is not the right one. */
export async function signIn(token: string): Promise<boolean> {
  try {
    await ask('api/session', { authorization: `Bearer ${token.trim()}` });
    return true;
  } catch {
    return false;
  }
}

/** Whether the board wants a token; undefined where it does not answer. */
async function needsToken(): Promise<boolean | undefined> {
  const response = await fetch('api/session', { signal: AbortSignal.timeout(ASK_MS) }).catch(() => undefined);
  return response && response.status === 401;
}

/** Keeps the store true, until what it gives is called. */
export function follow(store: TaskStore): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout>;

  const later = (ms: number, what: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(what, ms);
  };
  const isHeard = () => {
    store.setLink('connected');
    later(SILENCE_MS, lose);
  };
  const on = <T>(name: string, take: (data: T) => void) =>
    source?.addEventListener(name, (event: MessageEvent<string>) => {
      take(JSON.parse(event.data) as T);
      isHeard();
    });

  const open = () => {
    source?.close();
    source = new EventSource('api/events');
    on<BoardStatus>('status', (status) => store.setStatus(status));
    on<Snapshot>('snapshot', (snapshot) => store.replace(snapshot));
    on<Changes>('changes', (changes) => store.change(changes));
    source.addEventListener('error', lose);
    later(SILENCE_MS, lose);
  };
  const lose = () => {
    source?.close();
    clearTimeout(timer);
    void needsToken().then((isNeeded) => {
      store.setLink(isNeeded ? 'needs-token' : 'lost');
      if (!isNeeded) later(AGAIN_MS, open);
    });
  };

  open();
  return () => {
    source?.close();
    clearTimeout(timer);
  };
}
