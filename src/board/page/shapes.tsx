import type { Freshness } from '../../task-state/view';
import type { Status } from '../../report/types';
import type { Sums } from './outline';
import { FRESHNESS_WORDS } from './words';

/** A shape for each: it must not be told by its colour alone. In a box of 12 by 12. */
const PATHS: Record<Freshness, string> = {
  fresh: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Z',
  'at-risk': 'M6 .8 11.6 11H.4Z',
  stale: 'M1.2 1.2h9.6v9.6H1.2Z',
  terminal: 'M1.2 6.4 4.6 9.8 10.8 2.6',
  'never-delivered': 'M6 1.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4Z',
  unattended: 'M6 .9 11.1 6 6 11.1.9 6Z',
};

/** The shape of a freshness; it goes beside its word. */
export const Shape = ({ of }: { of: Freshness }) => (
  <svg class={`shape ${of}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
    <path d={PATHS[of]} />
  </svg>
);

/** Shape and word. */
export const FreshnessMark = ({ of }: { of: Freshness }) => (
  <span class={`mark ${of}`} title={FRESHNESS_WORDS[of][1]}>
    <Shape of={of} />
    {FRESHNESS_WORDS[of][0]}
  </span>
);

/** A bar as long as the percent, which is written beside it. */
export const Bar = ({ percent, of }: { percent: number; of: string }) => (
  <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="6" />
    <rect class={of} width={Math.min(100, Math.max(0, percent))} height="6" />
  </svg>
);

const STACKED: Status[] = ['COMPLETED', 'FAILED', 'IN_PROGRESS', 'NOT_STARTED'];

/** As long as the mean percent of a group: what the tasks of each status add to it. */
export function StatusBar({ sums }: { sums: Sums }) {
  let from = 0;
  const parts = STACKED.map((status) => {
    const width = (sums.points[status] ?? 0) / Math.max(1, sums.tasks);
    const part = <rect key={status} class={status} x={from} width={width} height="6" />;
    from += width;
    return part;
  });
  return (
    <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="6" />
      {parts}
    </svg>
  );
}
