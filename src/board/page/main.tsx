import { render } from 'preact';
import { App } from './app';
import { signIn } from './feed';
import { TaskStore } from './task-store';
import { tokensIn } from './tokens';

/** A link may bring the token behind `#token=`: it is shown to the board once, and does not stay in the URL. */
async function takeToken(): Promise<void> {
  const tokens = tokensIn(location.hash);
  if (tokens.length === 0) return;
  history.replaceState(null, '', location.pathname + location.search);
  for (const token of tokens) if (await signIn(token)) return;
}

void takeToken().then(() => render(<App store={new TaskStore()} />, document.getElementById('board') as HTMLElement));
