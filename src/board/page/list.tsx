import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TargetedKeyboardEvent } from 'preact';
import { useMedia } from './hooks';
import type { OutlineLine } from './outline';
import { COLUMNS, GroupRow, TaskRow } from './rows';

/** Lines beyond what is seen, above and below. */
const SPARE = 8;
/** Heights in pixels; as `board.css` has them. */
const LINE = 34;
const PHONE_LINE = 58;
/** Below this width a line has two rows; as `board.css` has it. */
const PHONE = '(max-width: 719px)';

/** What the list shows, and what it does. */
export interface ListProps {
  /** All lines; only those that are seen are drawn. */
  lines: OutlineLine[];
  /** The server's time. */
  now: number;
  /** The id of the line that the keyboard is at. */
  activeId?: string;
  /** The keyboard goes to a line. */
  onActive: (id: string) => void;
  /** A task's panel is asked for. */
  onOpen: (key: string) => void;
  /** A group is to be opened, or closed. */
  onToggle: (id: string) => void;
}

/** The line that a key goes to; undefined for a key that goes nowhere. */
function target(key: string, at: number, lines: OutlineLine[], page: number): number | undefined {
  const last = lines.length - 1;
  const moves: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? 0 : at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: last,
  };
  const to = moves[key];
  return to === undefined ? undefined : Math.min(last, Math.max(0, to));
}

/** The nearest line above that is a group which has the line. */
function parentOf(lines: OutlineLine[], at: number): OutlineLine | undefined {
  const level = lines[at]?.level ?? 0;
  return lines.slice(0, at).findLast((line) => line.level < level);
}

/** Programme, waves, applications and tasks. */
export function List({ lines, now, activeId, onActive, onOpen, onToggle }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [{ top, height }, setSeen] = useState({ top: 0, height: 600 });
  const lineHeight = useMedia(PHONE) ? PHONE_LINE : LINE;
  const indexes = useMemo(() => new Map(lines.map(({ id }, i) => [id, i])), [lines]);
  const active = activeId === undefined ? -1 : (indexes.get(activeId) ?? -1);
  const headHeight = () => box.current?.querySelector<HTMLElement>('.head')?.offsetHeight ?? 0;

  const look = () => {
    const { scrollTop = 0, clientHeight = 600 } = box.current ?? {};
    setSeen((seen) =>
      seen.top === scrollTop && seen.height === clientHeight ? seen : { top: scrollTop, height: clientHeight },
    );
  };
  useLayoutEffect(look, [lines.length, lineHeight]);
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  const first = Math.max(0, Math.floor(top / lineHeight) - SPARE);
  const last = Math.min(lines.length, Math.ceil((top + height) / lineHeight) + SPARE);

  const go = (to: number) => {
    const line = lines[to];
    const element = box.current;
    if (!line || !element) return;
    const room = element.clientHeight - headHeight();
    const y = to * lineHeight;
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + lineHeight > element.scrollTop + room) element.scrollTop = y + lineHeight - room;
    look();
    onActive(line.id);
  };
  const act = (line: OutlineLine) => (line.kind === 'task' ? onOpen(line.id) : onToggle(line.id));

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const line = lines[active];
    const to = target(event.key, active, lines, Math.max(1, Math.floor(height / lineHeight) - 2));
    if (to !== undefined) go(to);
    else if (!line) return;
    else if (event.key === 'Enter' || event.key === ' ') act(line);
    else if (event.key === 'ArrowRight' && line.kind === 'group' && !line.isOpen) onToggle(line.id);
    else if (event.key === 'ArrowRight' && line.kind === 'group') go(active + 1);
    else if (event.key === 'ArrowLeft' && line.kind === 'group' && line.isOpen) onToggle(line.id);
    else if (event.key === 'ArrowLeft') go(indexes.get(parentOf(lines, active)?.id ?? '') ?? active);
    else return;
    event.preventDefault();
  };

  const drawn = lines.slice(first, last).map((line, i) => {
    const index = first + i;
    const props = {
      index,
      top: index * lineHeight,
      height: lineHeight,
      isActive: index === active,
      onClick: () => {
        onActive(line.id);
        act(line);
      },
    };
    return line.kind === 'task' ? (
      <TaskRow key={line.id} line={line} now={now} {...props} />
    ) : (
      <GroupRow key={line.id} line={line} {...props} />
    );
  });

  return (
    <div
      ref={box}
      id="tasks"
      class="list"
      role="treegrid"
      aria-label="Migration tasks"
      aria-rowcount={lines.length + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={active >= first && active < last ? `line-${active}` : undefined}
      tabIndex={0}
      onScroll={look}
      onKeyDown={onKeyDown}
    >
      <div role="row" class="line head" aria-rowindex={1}>
        {COLUMNS.map((title) => (
          <span key={title} role="columnheader" class={`cell ${title.toLowerCase()}`}>
            {title}
          </span>
        ))}
      </div>
      <div role="rowgroup" class="lines" style={{ height: `${lines.length * lineHeight}px` }}>
        {drawn}
      </div>
    </div>
  );
}
