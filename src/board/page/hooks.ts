import { useEffect, useReducer, useState } from 'preact/hooks';
import { follow, takeToken } from './feed';
import type { TaskStore } from './task-store';
import { searchOf, viewFrom, type View } from './filters';

const SECOND_MS = 1000;

/** Draws again after each change of the store and each second. Gives the server's time. */
export function useStore(store: TaskStore): number {
  const [, draw] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    const stop = store.listen(() => draw());
    const timer = setInterval(() => {
      store.judge();
      draw();
    }, SECOND_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [store]);
  return store.now();
}

/** Keeps the store true. What it gives does so anew, for who has signed in. */
export function useFeed(store: TaskStore): () => void {
  const [visit, again] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => follow(store), [store, visit]);
  // A link with a token that is opened where the board is shown loads no page.
  useEffect(() => {
    const onHash = () => void takeToken().then((isTaken) => isTaken && again());
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, []);
  return again;
}

/** What the URL keeps. A panel that opens is a step for the browser's back button; filters are not. */
export function useView(): [View, (change: Partial<View>) => void] {
  const [view, setView] = useState(() => viewFrom(location.search));
  useEffect(() => {
    const onBack = () => setView(viewFrom(location.search));
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);
  const change = (changed: Partial<View>) => {
    const next = { ...view, ...changed };
    const url = location.pathname + searchOf(next);
    if (next.open !== undefined && view.open === undefined) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
    setView(next);
  };
  return [view, change];
}

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const onChange = () => setHolds(list.matches);
    list.addEventListener('change', onChange);
    return () => list.removeEventListener('change', onChange);
  }, [query]);
  return holds;
}
