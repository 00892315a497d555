import { render } from 'preact';
import { App } from './app';
import { signIn } from './feed';
import { TaskStore } from './task-store';

/** A link may bring the token behind `#token=`: it is shown to the board once, and does not stay in the URL. */
async function takeToken(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  await signIn(token);
}

void takeToken().then(() => render(<App store={new TaskStore()} />, document.getElementById('board') as HTMLElement));
