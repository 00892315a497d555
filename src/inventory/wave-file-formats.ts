/** The neighbouring formats that people have, known by their headers. They are not read yet, only named. */
const FORMATS: { name: string; matches: (headers: Set<string>) => boolean }[] = [
  {
    name: 'Cloud Migration Factory intake',
    matches: (headers) => headers.has('server_name') && headers.has('app_name'),
  },
  { name: 'RVTools', matches: (headers) => headers.has('vm') && headers.has('powerstate') },
  { name: 'Azure Migrate import', matches: (headers) => headers.has('*server name') },
  {
    name: 'Application Discovery Service import',
    matches: (headers) => headers.has('externalid') || [...headers].some((name) => /^(?:server\.)?vmware\./.test(name)),
  },
  { name: 'CloudEndure blueprint', matches: (headers) => headers.size === 1 && headers.has('project:') },
];

/** The name of the format that these headers belong to, if it is one we know of. */
export function foreignFormat(headers: string[]): string | undefined {
  const names = new Set(headers.map((header) => header.replace(/^\[[^\]]*\]/, '').toLowerCase()));
  return FORMATS.find((format) => format.matches(names))?.name;
}
