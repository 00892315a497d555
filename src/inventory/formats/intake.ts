import type { Format } from './format';

/** The intake form of Cloud Migration Factory on AWS, versions 1 to 4; columns of users' own are usual. */
export const INTAKE: Format = {
  name: 'Cloud Migration Factory intake form',
  source: 'CMF',
  role: () => 'wave',
  isOf: (columns) => columns.hasAll('server_name', 'app_name'),
  columns: {
    name: ['server_name'],
    wave: ['wave_name', 'wave_id'],
    application: ['app_name'],
    fqdn: ['server_fqdn'],
    strategy: ['r_type'],
  },
};
