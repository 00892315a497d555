import type { Format } from './format';

/** The file that Azure Migrate imports; the asterisks of what it demands are part of its headers. */
export const AZURE_MIGRATE: Format = {
  name: 'Azure Migrate import',
  source: 'Azure Migrate',
  role: () => 'identity',
  isOf: (columns) => columns.has('*Server name'),
  columns: { name: ['*Server name'], addresses: ['IP addresses'] },
};
