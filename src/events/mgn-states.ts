import type { TaskState } from '../report';

/**
 * What events say of a source server of AWS Application Migration Service (MGN): the values of `LifeCycleState` in its API
 * (2020-02-26), and those of its events on launches and data replication.
 */
export type MgnState =
  | 'NOT_STALLED'
  | 'STALLED'
  | 'DISCOVERED'
  | 'PENDING_INSTALLATION'
  | 'STOPPED'
  | 'NOT_READY'
  | 'READY_FOR_TEST'
  | 'TESTING'
  | 'TEST_LAUNCH_FAILED'
  | 'TEST_LAUNCH_SUCCEEDED'
  | 'READY_FOR_CUTOVER'
  | 'CUTTING_OVER'
  | 'CUTOVER_LAUNCH_FAILED'
  | 'CUTOVER_LAUNCH_SUCCEEDED'
  | 'DISCONNECTED'
  | 'CUTOVER';

/** What is reported in a state. */
export interface MgnStateReport extends TaskState {
  /** Absent where the state says nothing of it: the percent then stays as it was. */
  progressPercent?: number;
  /** For people; most are the words of the MGN console. */
  statusDetail: string;
  /** Somebody works on the server: where its task has ended, a new attempt begins. */
  beginsAttempt?: true;
  /** It says nothing of the lifecycle, and has an order of its own: it replaces no lifecycle state that comes late. */
  isReplication?: true;
}

/** By state. Of two events of the same second the one further down counts. docs/mgn-events.md has the same table. */
export const MGN_STATES: Readonly<Record<MgnState, MgnStateReport>> = {
  NOT_STALLED: { status: 'IN_PROGRESS', statusDetail: 'Data replication goes on', isReplication: true },
  STALLED: { status: 'IN_PROGRESS', statusDetail: 'Data replication is stalled', isReplication: true },
  DISCOVERED: { status: 'NOT_STARTED', progressPercent: 0, statusDetail: 'Discovered' },
  PENDING_INSTALLATION: { status: 'NOT_STARTED', progressPercent: 0, statusDetail: 'Waits for the replication agent' },
  STOPPED: { status: 'IN_PROGRESS', statusDetail: 'Data replication was stopped' },
  NOT_READY: { status: 'IN_PROGRESS', progressPercent: 10, statusDetail: 'Initial sync', beginsAttempt: true },
  READY_FOR_TEST: {
    status: 'IN_PROGRESS',
    progressPercent: 30,
    statusDetail: 'Ready for testing',
    beginsAttempt: true,
  },
  TESTING: { status: 'IN_PROGRESS', progressPercent: 40, statusDetail: 'Test in progress', beginsAttempt: true },
  TEST_LAUNCH_FAILED: { status: 'IN_PROGRESS', progressPercent: 40, statusDetail: 'Test launch failed' },
  TEST_LAUNCH_SUCCEEDED: { status: 'IN_PROGRESS', progressPercent: 50, statusDetail: 'Test instance launched' },
  READY_FOR_CUTOVER: {
    ...{ status: 'IN_PROGRESS', progressPercent: 60, statusDetail: 'Ready for cutover' },
    beginsAttempt: true,
  },
  CUTTING_OVER: {
    status: 'IN_PROGRESS',
    progressPercent: 75,
    statusDetail: 'Cutover in progress',
    beginsAttempt: true,
  },
  CUTOVER_LAUNCH_FAILED: { status: 'IN_PROGRESS', progressPercent: 75, statusDetail: 'Cutover launch failed' },
  CUTOVER_LAUNCH_SUCCEEDED: { status: 'IN_PROGRESS', progressPercent: 90, statusDetail: 'Cutover instance launched' },
  DISCONNECTED: { status: 'FAILED', statusDetail: 'Disconnected from AWS before the cutover was finalized' },
  CUTOVER: { status: 'COMPLETED', progressPercent: 100, statusDetail: 'Cutover complete', beginsAttempt: true },
};

/** Those that `LifeCycleState` has. */
export const LIFECYCLE_STATES = (Object.keys(MGN_STATES) as MgnState[]).filter(
  (state) => !MGN_STATES[state].isReplication && !state.includes('_LAUNCH_'),
);
