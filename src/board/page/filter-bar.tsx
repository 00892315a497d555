import type { RefObject } from 'preact';
import { FRESHNESS, type Freshness } from '../../task-state/view';
import { STATUSES, type Status } from '../../report/types';
import { isFiltered, NO_FILTERS, type Filters } from './filters';
import type { GroupKind, Sums } from './outline';
import { Shape } from './shapes';
import { FRESHNESS_WORDS, NAMELESS, STATUS_WORDS } from './words';

/** What the bar shows, and what it does. */
export interface FilterBarProps {
  /** As they are. */
  filters: Filters;
  /** Other ones are wanted. */
  onChange: (filters: Filters) => void;
  /** Of the tasks that all filters but the one of freshness, or status, let through. */
  counts: { freshness: Sums; status: Sums };
  /** What can be chosen. */
  choices: Record<GroupKind, string[]>;
  /** For the key `/`. */
  textBox: RefObject<HTMLInputElement | null>;
}

const without = <T,>(list: T[], value: T): T[] =>
  list.includes(value) ? list.filter((each) => each !== value) : [...list, value];

function Select({
  of,
  label,
  value,
  choices,
  onChange,
}: {
  of: GroupKind;
  label: string;
  value?: string;
  choices: string[];
  onChange: (value?: string) => void;
}) {
  // One that is chosen in the URL may not be there (any more).
  const all = value === undefined || choices.includes(value) ? choices : [...choices, value];
  if (all.length < 2 && value === undefined) return null;
  return (
    <select
      aria-label={label}
      value={value === undefined ? 'any' : `=${value}`}
      onChange={({ currentTarget }) =>
        onChange(currentTarget.value === 'any' ? undefined : currentTarget.value.slice(1))
      }
    >
      <option value="any">{label}: any</option>
      {all.map((each) => (
        <option key={each} value={`=${each}`}>
          {each || NAMELESS[of]}
        </option>
      ))}
    </select>
  );
}

function Chip({
  isOn,
  count,
  onClick,
  children,
}: {
  isOn: boolean;
  count: number;
  onClick: () => void;
  children: preact.ComponentChildren;
}) {
  return (
    <button type="button" class={count > 0 ? 'chip' : 'chip none'} aria-pressed={isOn} onClick={onClick}>
      {children} <b>{count.toLocaleString('en')}</b>
    </button>
  );
}

/** Counts of all that there is, each a filter; words, stream, wave and application. */
export function FilterBar({ filters, onChange, counts, choices, textBox }: FilterBarProps) {
  const set = (changed: Partial<Filters>) => onChange({ ...filters, ...changed });
  return (
    <search class="filters">
      <div class="chips" role="group" aria-label="Freshness">
        {FRESHNESS.map((each: Freshness) => (
          <Chip
            key={each}
            isOn={filters.freshness.includes(each)}
            count={counts.freshness.freshness[each] ?? 0}
            onClick={() => set({ freshness: without(filters.freshness, each) })}
          >
            <Shape of={each} />
            {FRESHNESS_WORDS[each][0]}
          </Chip>
        ))}
      </div>
      <div class="chips" role="group" aria-label="Status">
        {STATUSES.map((each: Status) => (
          <Chip
            key={each}
            isOn={filters.status.includes(each)}
            count={counts.status.status[each] ?? 0}
            onClick={() => set({ status: without(filters.status, each) })}
          >
            {STATUS_WORDS[each]}
          </Chip>
        ))}
      </div>
      <div class="choices">
        <input
          ref={textBox}
          type="search"
          aria-label="Filter by text"
          aria-keyshortcuts="/"
          placeholder="Name, detail, failure …  ( / )"
          value={filters.text}
          onInput={({ currentTarget }) => set({ text: currentTarget.value })}
        />
        <Select
          of="stream"
          label="Stream"
          value={filters.stream}
          choices={choices.stream}
          onChange={(stream) => set({ stream })}
        />
        <Select of="wave" label="Wave" value={filters.wave} choices={choices.wave} onChange={(wave) => set({ wave })} />
        <Select
          of="application"
          label="Application"
          value={filters.application}
          choices={choices.application}
          onChange={(application) => set({ application })}
        />
        {isFiltered(filters) && (
          <button type="button" class="plain" onClick={() => onChange(NO_FILTERS)}>
            Clear filters
          </button>
        )}
      </div>
    </search>
  );
}
