import type { Format } from './format';

const IS_MGN = /^mgn:/i;
const KNOWN = new Set(
  [
    ...['account-id', 'region', 'wave:name', 'wave:id', 'wave:description', 'app:name', 'app:id', 'app:description'],
    ...['server:user-provided-id', 'server:fqdn-for-action-framework', 'server:id', 'server:platform'],
    ...['server:lifecycle-state', 'server:replication-type', 'server:replication-state'],
  ].map((name) => `mgn:${name}`),
);
/** Columns whose last part is free: tags of any key, and the many launch settings. */
const OPEN_ENDED = /^mgn:(?:(?:wave|app|server):tag|launch):./i;

/** Each wave and application is told once; `account-id` and `region` are in each row. */
const OF_WAVE = /^mgn:(?:(?:wave|app):|account-id$|region$)/i;

/** The file that AWS Application Migration Service imports and exports: any subset of its columns, in any order. */
export const MGN: Format = {
  name: 'AWS Application Migration Service import',
  source: 'MGN',
  role: () => 'wave',
  isOf: (columns) => columns.some((name) => IS_MGN.test(name)),
  columns: {
    name: ['mgn:server:user-provided-id', 'mgn:server:tag:Name', 'mgn:server:fqdn-for-action-framework'],
    wave: ['mgn:wave:name'],
    application: ['mgn:app:name'],
    fqdn: ['mgn:server:fqdn-for-action-framework'],
  },
  isOfWave: (header) => OF_WAVE.test(header),
  applicationsApartBy: ['mgn:account-id', 'mgn:region'],
  isOwnHeader: (header) => IS_MGN.test(header) && !KNOWN.has(header.toLowerCase()) && !OPEN_ENDED.test(header),
  unused: {
    'mgn:server:lifecycle-state': 'tasks begin as NOT_STARTED',
    'mgn:server:id': 'it is no id of Application Discovery Service',
  },
};
