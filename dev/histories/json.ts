import { createRequire } from 'node:module';
import type { History } from '@temporalio/common/lib/proto-utils';
import type { HistoryJson } from './files';

interface ProtoJson {
  toJson(type: unknown, message: unknown): unknown;
  fromJson(type: unknown, json: unknown, options: { ignoreUnknownFields: boolean }): History;
}

/**
 * The SDK's own `historyToJSON` and `historyFromJSON` (1.24) fail with "type must be a Type" where npm installs protobufjs more
 * than once, as our lockfile makes it: they know only the types of the copy that lies beside them. So this takes the copy that
 * the types were made with.
 */
const ofCommon = createRequire(require.resolve('@temporalio/common'));
const ofProto = createRequire(ofCommon.resolve('@temporalio/proto'));
const protoJson = ofProto('protobufjs/ext/protojson') as ProtoJson;
const proto = ofCommon('@temporalio/proto') as { lookupType(name: string): { fromObject(object: History): unknown } };
const historyType = proto.lookupType('temporal.api.history.v1.History');

export const toJson = (history: History): HistoryJson =>
  protoJson.toJson(historyType, historyType.fromObject(history)) as HistoryJson;

/** What a replay takes. A newer server may have written fields that we do not know. */
export const fromJson = (history: HistoryJson): History =>
  protoJson.fromJson(historyType, history, { ignoreUnknownFields: true });
