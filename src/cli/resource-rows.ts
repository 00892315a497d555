import type { HeldApplication, HeldResource } from '../migration-hub/read-resources';
import { freshnessColor } from './color';
import type { Column, OutputFlags } from './output';
import type { TaskWithResources } from './read-resources';
import { clip, plain } from './table';
import { timeInWords } from './time-words';

/** Of what is listed in a cell; and of an id, which has some 30 characters. */
const LONGEST_CELL = 40;
const LONGEST_ID = 60;
const UNKNOWN = 'not known to Migration Hub';

const nameOf = ({ name, configurationId }: HeldResource): string => plain(name ?? configurationId ?? '');
const attributesOf = ({ resources }: TaskWithResources) =>
  resources.resourceAttributes?.map(({ type, value }) => `${plain(type)} ${plain(value)}`);

/** In a table: "-" for none, "?" where it was not read, else the first and how many more there are. */
function inShort(names: string[] | undefined): string {
  if (names === undefined) return '?';
  const [first, ...more] = names;
  if (first === undefined) return '-';
  return clip(first, LONGEST_CELL) + (more.length > 0 ? ` and ${more.length} more` : '');
}

const ofKnown = ({ resources }: TaskWithResources, held: HeldResource[] | undefined): string =>
  resources.known ? inShort(held?.map(nameOf)) : '';

const SOURCES: Column<TaskWithResources> = ['SOURCES', (task) => ofKnown(task, task.resources.sourceResources)];

/** One row for each task. `knowsSources`: the AWS client can read source resources. */
export const RESOURCE_COLUMNS = (knowsSources: boolean): Column<TaskWithResources>[] => [
  ['STREAM', (task) => task.progressUpdateStream],
  ['TASK', (task) => task.migrationTaskName],
  ['STATUS', (task) => task.lastDelivered?.status ?? '-'],
  ['FRESHNESS', (task) => task.freshness, (text, task, colors) => freshnessColor(colors, task.freshness)(text)],
  ['ATTRIBUTES', (task) => (task.resources.known ? inShort(attributesOf(task)) : UNKNOWN)],
  ['SERVERS', (task) => ofKnown(task, task.resources.discoveredResources)],
  ['ARTIFACTS', (task) => ofKnown(task, task.resources.createdArtifacts)],
  ...(knowsSources ? [SOURCES] : []),
];

/** One row for each application. */
export const APPLICATION_COLUMNS = ({ timeFormat }: OutputFlags): Column<HeldApplication>[] => [
  ['APPLICATION', ({ applicationId }) => clip(plain(applicationId), LONGEST_ID)],
  ['STATUS', ({ status }) => status],
  ['UPDATED', ({ lastUpdatedTime }) => timeInWords(lastUpdatedTime, timeFormat) ?? '-'],
];

const withDescription = (resource: HeldResource): string =>
  [
    nameOf(resource),
    ...[resource.description, resource.statusDetail].flatMap((text) => (text ? [plain(text)] : [])),
  ].join(', ');

function inFull(names: string[] | undefined): string {
  if (names === undefined) return 'not read';
  return names.join('; ') || 'none';
}

/** All that Migration Hub holds of one task beside its state. */
export function resourceLinesOf(task: TaskWithResources): [string, string | undefined][] {
  const { known, discoveredResources, createdArtifacts, sourceResources } = task.resources;
  if (!known) return [['held', `the task is ${UNKNOWN}, or not any more`]];
  return [
    ['held attributes', inFull(attributesOf(task))],
    ['held servers', inFull(discoveredResources?.map(withDescription))],
    ['held artifacts', inFull(createdArtifacts?.map(withDescription))],
    ['held sources', inFull(sourceResources?.map(withDescription))],
  ];
}
