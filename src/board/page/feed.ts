import { TOKEN_HEADER, type BoardStatus, type Changes, type Session, type Snapshot } from '../wire';
import type { Link, TaskStore } from './task-store';
import { tokensIn } from './tokens';

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
    await ask('api/session', { [TOKEN_HEADER]: token.trim() });
    return true;
  } catch {
    return false;
  }
}

/** A link may bring the token behind `#token=`: it is shown to the board, and does not stay in the URL. True where the board has taken it. */
export async function takeToken(): Promise<boolean> {
  const tokens = tokensIn(location.hash);
  if (tokens.length === 0) return false;
  history.replaceState(null, '', location.pathname + location.search);
  for (const token of tokens) if (await signIn(token)) return true;
  return false;
}

/** Why there are no events: an `EventSource` does not tell what it was answered. */
async function whyLost(): Promise<Link> {
  try {
    const response = await fetch('api/session', { signal: AbortSignal.timeout(ASK_MS) });
    if (response.status === 401) return 'needs-token';
    return response.ok && ((await response.json()) as Session).isFull ? 'full' : 'lost';
  } catch {
    return 'lost';
  }
}

/** Keeps the store true, until what it gives is called. */
export function follow(store: TaskStore): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout>;
  let isOver = false;

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
    source.addEventListener('open', () => store.begin());
    on<BoardStatus>('status', (status) => store.setStatus(status));
    on<Snapshot>('snapshot', (snapshot) => store.replace(snapshot));
    on<Changes>('changes', (changes) => store.change(changes));
    source.addEventListener('error', lose);
    later(SILENCE_MS, lose);
  };
  const lose = () => {
    source?.close();
    clearTimeout(timer);
    void whyLost().then((link) => {
      if (isOver) return;
      store.setLink(link);
      if (link !== 'needs-token') later(AGAIN_MS, open);
    });
  };

  open();
  return () => {
    isOver = true;
    source?.close();
    clearTimeout(timer);
  };
}
