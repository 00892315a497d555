import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { FilterBar } from './filter-bar';
import { labelOf, matcher, NO_FILTERS, type Filters } from './filters';
import { useFeed, useStore, useView } from './hooks';
import { List } from './list';
import { Age, Notices } from './notices';
import { compareNames, groupsAboveTasks, outlineOf, sumsOf } from './outline';
import { Panel } from './panel';
import { SignIn } from './sign-in';
import type { Entry, TaskStore } from './task-store';
import { countOf } from './words';

const ANNOUNCE_MS = 700;

const tasksOf = (entries: Entry[], matches: ReturnType<typeof matcher>) =>
  entries.filter(({ task, text }) => matches(task, text)).map(({ task }) => task);

const distinct = (names: string[]) => [...new Set(names)].sort(compareNames);

/** What of the store is shown. */
function useShown(store: TaskStore, filters: Filters, closed: ReadonlySet<string>) {
  const entries = store.sorted();
  const tasks = useMemo(() => tasksOf(entries, matcher(filters)), [store.version, filters]);
  const counts = useMemo(
    () => ({
      freshness: sumsOf(tasksOf(entries, matcher(filters, 'freshness'))),
      status: sumsOf(tasksOf(entries, matcher(filters, 'status'))),
    }),
    [store.version, filters],
  );
  const choices = useMemo(
    () => ({
      stream: distinct(entries.map(({ task }) => task.progressUpdateStream)),
      wave: distinct(entries.map(({ task }) => labelOf(task, 'wave'))),
      application: distinct(entries.map(({ task }) => labelOf(task, 'application'))),
    }),
    [store.version],
  );
  const lines = useMemo(() => outlineOf(tasks, closed), [tasks, closed]);
  return { all: entries.length, tasks, counts, choices, lines };
}

/** What a screen reader is told of the number of tasks, once all are read, and once somebody has stopped typing. */
function useAnnouncement(text: string, filters: Filters, isWhole: boolean): string {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!isWhole) return undefined;
    const timer = setTimeout(() => setSaid(text), ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }, [filters, isWhole]);
  return said;
}

/** The board. */
export function App({ store }: { store: TaskStore }) {
  const now = useStore(store);
  const [view, change] = useView();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [activeId, setActiveId] = useState(view.open);
  const signedIn = useFeed(store);
  const textBox = useRef<HTMLInputElement>(null);
  const { filters } = view;
  const { all, tasks, counts, choices, lines } = useShown(store, filters, closed);
  const shown =
    tasks.length === all ? countOf(all, 'task') : `${tasks.length.toLocaleString('en')} of ${countOf(all, 'task')}`;
  const said = useAnnouncement(`${shown} shown`, filters, store.isWhole);

  const focusList = () => document.getElementById('tasks')?.focus();
  const close = () => {
    change({ open: undefined });
    focusList();
  };
  // Before the next key, which may come before the next frame.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // Of a text that an input method makes: Enter and Escape are for that.
      if (event.isComposing) return;
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) textBox.current?.focus();
      else if (event.key === 'Escape' && event.target === textBox.current) {
        change({ filters: { ...filters, text: '' } });
        focusList();
      } else if (event.key === 'Escape' && view.open !== undefined) close();
      else if (event.key === 'Enter' && event.target === textBox.current) focusList();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  });

  const toggle = (id: string) => {
    const next = new Set(closed);
    if (!next.delete(id)) next.add(id);
    setClosed(next);
  };

  const isClosed = lines.some((line) => line.kind === 'group' && !line.isOpen);

  if (store.link === 'needs-token') return <SignIn onDone={signedIn} />;
  return (
    <div class={view.open === undefined ? 'page' : 'page with-panel'}>
      <header class="top">
        <h1>Migration tasks</h1>
        <p class="shown number">{shown}</p>
        <Age store={store} now={now} />
        <button
          type="button"
          class="plain"
          disabled={lines.length === 0}
          onClick={() => setClosed(new Set(isClosed ? [] : [...closed, ...groupsAboveTasks(tasks)]))}
        >
          {isClosed ? 'Expand all' : 'Collapse all'}
        </button>
      </header>
      <Notices store={store} />
      <FilterBar
        filters={filters}
        onChange={(next) => change({ filters: next })}
        counts={counts}
        choices={choices}
        textBox={textBox}
      />
      <main>
        <List
          lines={lines}
          now={now}
          activeId={activeId}
          onActive={setActiveId}
          onOpen={(key) => change({ open: key })}
          onToggle={toggle}
        />
        {lines.length === 0 && store.status && (
          <div class="empty">
            {all > 0 ? (
              <p>
                No task matches the filters.{' '}
                <button type="button" class="plain" onClick={() => change({ filters: NO_FILTERS })}>
                  Clear filters
                </button>
              </p>
            ) : store.isWhole ? (
              <p>No task was reported in this namespace within its Retention Period.</p>
            ) : (
              <p>Reading the tasks …</p>
            )}
          </div>
        )}
        {view.open !== undefined && <Panel key={view.open} id={view.open} store={store} now={now} onClose={close} />}
      </main>
      <p class="for-ears" role="status">
        {said}
      </p>
    </div>
  );
}
