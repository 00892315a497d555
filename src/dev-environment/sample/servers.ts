/** The task queue of the sample's own worker. */
export const SAMPLE_TASK_QUEUE = 'migration-hub-sample';
/** The ProgressUpdateStream of the sample. */
export const SAMPLE_STREAM = 'SampleProgramme';

/** A server of the sample. */
export interface SampleServer {
  /** The MigrationTaskName. */
  name: string;
  /** A label. */
  wave: string;
  /** A label. */
  application: string;
  /** Seconds until it begins. */
  startSeconds: number;
  /** How much longer than others each step takes: from 1 on. */
  pace: number;
  /** The percent at which it fails. @default it does not */
  failsAt?: number;
}

/** Seconds between the waves, and between two servers of a wave. */
const WAVE_SECONDS = 45;
const SERVER_SECONDS = 2;
const APPLICATIONS: [wave: number, application: string, servers: string[]][] = [
  [1, 'web-shop', ['shop-web-01', 'shop-web-02', 'shop-app-01', 'shop-db-01']],
  [1, 'intranet', ['intranet-web-01', 'intranet-app-01', 'intranet-db-01', 'mail-01']],
  [2, 'billing', ['billing-web-01', 'billing-app-01', 'billing-app-02', 'billing-db-01']],
  [2, 'crm', ['crm-web-01', 'crm-app-01', 'crm-db-01', 'crm-reports-01']],
  [3, 'archive', ['archive-files-01', 'archive-files-02', 'archive-db-01', 'archive-search-01']],
];
const FAILURES: Record<string, number> = { 'mail-01': 70, 'crm-reports-01': 85 };

/** Three waves of servers. */
export const SAMPLE_SERVERS: SampleServer[] = APPLICATIONS.flatMap(([wave, application, names], row) =>
  names.map((name, column) => ({
    name,
    wave: `wave-${wave}`,
    application,
    startSeconds: (wave - 1) * WAVE_SECONDS + column * SERVER_SECONDS,
    pace: 1 + ((row + 2 * column) % 5) / 5,
    failsAt: FAILURES[name],
  })),
);
