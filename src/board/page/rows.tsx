import type { ComponentChildren } from 'preact';
import type { BoardTask } from '../wire';
import { percentOf, type GroupLine, type OutlineLine, type TaskLine } from './outline';
import { Bar, FreshnessMark, Shape, StatusBar } from './shapes';
import { countOf, deadlineText, FRESHNESS_WORDS, fromNow, NAMELESS, STATUS_WORDS, untilDue } from './words';

/** The titles of the columns. */
export const COLUMNS = ['Name', 'Status', 'Progress', 'Freshness', 'Heartbeat', 'Deadline', 'Detail'];

/** What is worth a look, the worst first. */
const TROUBLES = ['stale', 'unattended', 'at-risk', 'never-delivered'] as const;

/** What all lines need. */
interface LineProps {
  /** From 0, of all lines. */
  index: number;
  /** Its distance from the top, and its height, in pixels. */
  top: number;
  height: number;
  isActive: boolean;
  onClick: () => void;
}

function Line({
  line,
  index,
  top,
  height,
  isActive,
  onClick,
  children,
  ...aria
}: LineProps & { line: OutlineLine; children: ComponentChildren } & Record<`aria-${string}`, unknown>) {
  return (
    <div
      role="row"
      id={`line-${index}`}
      class={`line ${line.kind} level-${line.level} ${isActive ? 'active' : ''}`}
      style={{ transform: `translateY(${top}px)`, height: `${height}px` }}
      aria-level={line.level}
      aria-rowindex={index + 2}
      onClick={onClick}
      {...aria}
    >
      {children}
    </div>
  );
}

const Cell = ({ of, title, children }: { of: string; title?: string; children?: ComponentChildren }) => (
  <span role="gridcell" class={`cell ${of}`} title={title}>
    {children}
  </span>
);

/** A stream, a wave or an application with what its tasks come to. */
export function GroupRow({ line, ...rest }: LineProps & { line: GroupLine }) {
  const { sums, of } = line;
  const name = line.name || NAMELESS[of];
  return (
    <Line line={line} {...rest} aria-expanded={line.isOpen}>
      <Cell of="name" title={name}>
        <svg class={`twist ${line.isOpen ? 'open' : ''}`} viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
          <path d="M3 1.5 7 5 3 8.5" />
        </svg>
        <span class="kind">{of === 'stream' ? 'Stream' : of === 'wave' ? 'Wave' : 'Application'}</span>{' '}
        <bdi class="text">{name}</bdi>
      </Cell>
      <Cell of="status">{countOf(sums.tasks, 'task')}</Cell>
      <Cell of="progress">
        <StatusBar sums={sums} />
        <span class="number">{Math.floor(percentOf(sums))} %</span>
      </Cell>
      <Cell of="troubles">
        {TROUBLES.map((each) =>
          sums.freshness[each] ? (
            <span key={each} class={`mark ${each}`}>
              <Shape of={each} />
              {sums.freshness[each]} {FRESHNESS_WORDS[each][0].toLowerCase()}
            </span>
          ) : null,
        )}
      </Cell>
    </Line>
  );
}

/** What waits for Migration Hub, and why. */
export function waitingText({ pending, lastFailure, abandoned }: BoardTask, now: number): string | undefined {
  if (pending) {
    const { status, progressPercent, attempts, nextTryAt } = pending;
    const state = `${STATUS_WORDS[status] ?? status}${progressPercent === undefined ? '' : ` ${progressPercent} %`}`;
    const next = nextTryAt === undefined ? '' : `, next try ${nextTryAt > now ? fromNow(nextTryAt, now) : 'now'}`;
    const failed = attempts > 0 ? ` · ${lastFailure?.type ?? 'failed'}, ${countOf(attempts, 'failed try')}${next}` : '';
    return `Pending: ${state}${failed}`;
  }
  return abandoned && `No heartbeats: ${abandoned.reason}`;
}

/** A task. */
export function TaskRow({ line, now, ...rest }: LineProps & { line: TaskLine; now: number }) {
  const { task } = line;
  const { lastDelivered, nextHeartbeatAt } = task;
  const status = lastDelivered?.status;
  const waiting = waitingText(task, now);
  const detail = waiting ?? lastDelivered?.statusDetail;
  const deadline = task.freshness === 'terminal' ? undefined : lastDelivered?.deadline;
  const percent = lastDelivered?.progressPercent;
  return (
    <Line line={line} {...rest}>
      <Cell of="name" title={task.migrationTaskName}>
        <bdi class="text">{task.migrationTaskName}</bdi>
      </Cell>
      <Cell of="status">{status ? <span class={`state ${status}`}>{STATUS_WORDS[status] ?? status}</span> : '–'}</Cell>
      <Cell of="progress">
        <Bar percent={percent ?? 0} of={status ?? 'NOT_STARTED'} />
        <span class="number">{percent === undefined ? '–' : `${percent} %`}</span>
      </Cell>
      <Cell of="freshness">
        <FreshnessMark of={task.freshness} />
      </Cell>
      <Cell of="heartbeat">
        {nextHeartbeatAt === undefined ? '–' : nextHeartbeatAt > now ? untilDue(nextHeartbeatAt, now) : 'due'}
      </Cell>
      <Cell of="deadline">{deadline === undefined ? '–' : deadlineText(deadline, task.freshness, now)}</Cell>
      <Cell of={waiting ? 'detail waiting' : 'detail'} title={detail}>
        <bdi class="text">{detail}</bdi>
      </Cell>
    </Line>
  );
}
