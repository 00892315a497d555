import type { TaskIdentity } from '../report';
import { newTaskRecord, type TaskRecord } from './record';
import { RememberedTasks } from './remembered-tasks';

/** What a payload holds with room to spare; beyond it the group's oldest ended tasks leave, then new ones are turned away. */
const MAX_TASKS = 1000;
/** Why a task is turned away. */
export const FULL = `its group holds ${MAX_TASKS} open tasks, which is all it can: set a higher number of groups (the worker's setting "groups")`;

/** The tasks that a group knows: those that it holds, those that have left it, and those that it had no room for. */
export class KnownTasks {
  /** By name. */
  readonly held = new Map<string, TaskRecord>();
  /** Tasks that lingered out: whoever reports one again finds it as it was. */
  private readonly left: RememberedTasks;
  /** In this run. */
  private readonly turnedAway = new RememberedTasks(MAX_TASKS);

  /** `left`: of earlier runs, the oldest first. */
  constructor(held: TaskRecord[], left: TaskRecord[]) {
    for (const record of held) this.held.set(record.migrationTaskName, record);
    this.left = new RememberedTasks(MAX_TASKS, left);
  }

  /** One that is held, or has left. */
  find(name: string): TaskRecord | undefined {
    return this.held.get(name) ?? this.left.get(name);
  }

  /** The same, or one that was turned away. */
  findAny(name: string): TaskRecord | undefined {
    return this.find(name) ?? this.turnedAway.get(name);
  }

  /** All that are held or have left. */
  all(): TaskRecord[] {
    return [...this.held.values(), ...this.left.values()];
  }

  /** Those that have left, the oldest first. */
  leftOnes(): TaskRecord[] {
    return this.left.values();
  }

  /** It is one of those that are held. */
  isHeld(record: TaskRecord): boolean {
    return this.held.get(record.migrationTaskName) === record;
  }

  /** Holds a task, with all that is known of it where it has left. Undefined where there is no room, which `makeRoom` is asked for. */
  hold(task: TaskIdentity, makeRoom: () => void): TaskRecord | undefined {
    const name = task.migrationTaskName;
    const known = this.held.get(name);
    if (known) return known;
    const record = this.left.get(name) ?? newTaskRecord(task);
    if (this.held.size >= MAX_TASKS) makeRoom();
    if (this.held.size >= MAX_TASKS) return undefined;
    this.held.set(name, record);
    for (const memory of [this.turnedAway, this.left]) memory.delete(name);
    return record;
  }

  /** It is not held any more. */
  leave(record: TaskRecord): void {
    this.held.delete(record.migrationTaskName);
    this.left.add(record);
  }

  /** Where it is noted that something of a task was refused for lack of room. */
  turnAway(task: TaskIdentity): TaskRecord {
    const left = this.left.get(task.migrationTaskName);
    if (left) return left;
    const record = this.turnedAway.get(task.migrationTaskName) ?? newTaskRecord(task);
    this.turnedAway.add(record);
    return record;
  }
}
