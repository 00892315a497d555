import { join } from 'node:path';
import { ARTIFACT_FIELDS, ARTIFACT_NAME_FIELDS, SOURCE_FIELDS, SOURCE_NAME_FIELDS } from '../../src/report/attachment';
import {
  ACTIVITY_OPTION_FIELDS,
  APPLICATION_FIELDS,
  ATTRIBUTE_FIELDS,
  DELIVERY_FIELDS,
  OWNER_FIELDS,
  REPORT_FIELDS,
  type Rules,
} from '../../src/report/fields';
import { FORMAT_SCHEMAS } from '../../src/report/resource-attributes';
import { DEFAULT_NEXT_UPDATE_SECONDS, MAX_LABELS_LENGTH } from '../../src/report';
import { leastNextUpdateSeconds } from '../../src/report/validate';
import { schemasOfTypes, type Schema } from './type-schemas';

const CLIENT = join(__dirname, '../../src/client.ts');

/** What `contract.schema.json` must be. RE2, of Go among others, has no \uXXXX in patterns: JSON escapes these characters instead. */
export const contractText = (): string =>
  `${JSON.stringify(contractSchema(), null, 2).replace(/(?<!\\)\\\\u(?=[0-9a-f]{4})/g, '\\u')}\n`;

/** The contract with callers in other languages, of the types and rules in src. */
function contractSchema(): Schema {
  const types = schemasOfTypes(CLIENT, [
    ...['TaskReport', 'ReportKey', 'TaskArtifact', 'TaskSourceResource'],
    ...['TaskStateView', 'ReportedState', 'SourceResource'],
    ...['ApplicationReport', 'ApplicationOptions', 'ApplicationOutcome'],
  ]);
  checkedBy(types, 'TaskReport', REPORT_FIELDS);
  const { progressUpdateStream, migrationTaskName, ownerId, sequence } = DELIVERY_FIELDS;
  checkedBy(types, 'ReportKey', { ownerId, sequence });
  checkedBy(types, 'ReportOwner', OWNER_FIELDS);
  checkedBy(types, 'ResourceAttribute', ATTRIBUTE_FIELDS);
  Object.assign(types['ResourceAttribute'] as Schema, { allOf: FORMAT_SCHEMAS });
  checkedBy(types, 'TaskArtifact', ARTIFACT_FIELDS);
  checkedBy(types, 'TaskSourceResource', SOURCE_FIELDS);
  checkedBy(types, 'ApplicationReport', APPLICATION_FIELDS);
  // The activity's time is one of Temporal's options.
  delete propertiesOf(types['ApplicationOptions'])['timeoutSeconds'];
  checkedBy(types, 'ApplicationOptions', ACTIVITY_OPTION_FIELDS);
  // A status, or what it is derived from.
  const isGiven = { not: { type: 'null' } };
  Object.assign(types['ApplicationReport'] as Schema, {
    anyOf: [
      { properties: { status: isGiven }, required: ['status'] },
      {
        properties: { progressUpdateStream: isGiven, application: isGiven },
        required: ['progressUpdateStream', 'application'],
      },
    ],
  });
  const { nextUpdateSeconds, labels } = propertiesOf(types['TaskReport']);
  const least = leastNextUpdateSeconds();
  Object.assign(nextUpdateSeconds as Schema, {
    minimum: least,
    default: DEFAULT_NEXT_UPDATE_SECONDS,
    description: `Seconds after the notification within which the next update comes. ${least} is the least by default: a worker with another heartbeatFraction has another one, from ${leastNextUpdateSeconds(0.1)} to ${leastNextUpdateSeconds(0.8)}.`,
  });
  (labels as Schema)['description'] += ` Their JSON has at most ${MAX_LABELS_LENGTH} characters.`;
  const identity = {
    type: 'object',
    properties: { progressUpdateStream: progressUpdateStream.schema, migrationTaskName: migrationTaskName.schema },
    required: ['progressUpdateStream', 'migrationTaskName'],
  };
  const named = ({ name }: typeof SOURCE_NAME_FIELDS) => ({
    ...identity,
    properties: { ...identity.properties, name: name.schema },
    required: [...identity.required, 'name'],
  });
  const view = { $ref: '#/definitions/TaskStateView' };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'temporal-migration-hub: activities and query for callers in any language',
    description:
      'See docs/contract.md. In what is sent, null counts as left out. In answers, times are epoch seconds, and fields that are not listed may come with a newer version.',
    definitions: {
      'reportTaskState.arguments': listOf([{ $ref: '#/definitions/TaskReport' }], 1),
      'reportTaskState.result': { $ref: '#/definitions/ReportKey' },
      'awaitDelivery.arguments': listOf([identity, ownerId.schema, sequence.schema], 3),
      'awaitDelivery.result': view,
      'lastReportedState.arguments': listOf(
        [
          { type: ['string', 'null'], minLength: 1, description: 'The name of the task; null: all of the group.' },
          { type: ['number', 'null'], minimum: 0, maximum: 1e11, description: 'Epoch seconds to judge freshness at.' },
          { type: ['boolean', 'null'], description: 'true: the workflow has ended, and answered BetweenSteps.' },
        ],
        0,
      ),
      'lastReportedState.result': { anyOf: [view, { type: 'array', items: view }, { type: 'null' }] },
      'lastReportedState.activityArguments': listOf([identity], 1),
      'lastReportedState.activityResult': { anyOf: [{ $ref: '#/definitions/ReportedState' }, { type: 'null' }] },
      'associateArtifact.arguments': listOf([{ $ref: '#/definitions/TaskArtifact' }], 1),
      'disassociateArtifact.arguments': listOf([named(ARTIFACT_NAME_FIELDS)], 1),
      'associateSourceResource.arguments': listOf([{ $ref: '#/definitions/TaskSourceResource' }], 1),
      'disassociateSourceResource.arguments': listOf([named(SOURCE_NAME_FIELDS)], 1),
      'listSourceResources.arguments': listOf([identity], 1),
      'listSourceResources.result': { type: 'array', items: { $ref: '#/definitions/SourceResource' } },
      'listMigrationTaskUpdates.arguments': listOf([identity], 1),
      'notifyApplicationState.arguments': listOf(
        [
          { $ref: '#/definitions/ApplicationReport' },
          { anyOf: [{ $ref: '#/definitions/ApplicationOptions' }, { type: 'null' }] },
        ],
        1,
      ),
      'notifyApplicationState.result': { $ref: '#/definitions/ApplicationOutcome' },
      ...types,
    },
  };
}

const propertiesOf = (schema: Schema | undefined) => schema?.['properties'] as Record<string, Schema>;

const listOf = (items: Schema[], minItems: number): Schema => ({
  type: 'array',
  items,
  minItems,
  maxItems: items.length,
});

/** Says of each field of a type what its rule demands. */
function checkedBy<T>(types: Record<string, Schema>, name: string, rules: Rules<T>): void {
  const properties = propertiesOf(types[name]);
  for (const [field, { schema }] of Object.entries<Rules<T>[keyof T]>(rules)) {
    const property = properties[field] ?? {};
    const { description, items, allOf, ...shape } = property;
    const isNullable = [schema['type'], schema['enum']].flat().some((each) => each === 'null' || each === null);
    properties[field] = allOf
      ? { description, ...(isNullable ? { anyOf: [...(allOf as Schema[]), { type: 'null' }] } : { ...shape, allOf }) }
      : { description, ...shape, ...schema, ...(items !== undefined && { items }) };
  }
}
