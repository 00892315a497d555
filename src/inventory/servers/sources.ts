import { joinAdapters } from './adapters';
import type { RecordFile } from './record-file';
import { Source } from './source';

/** The sources of these files, in the order of files. Network adapters are joined to their machines. */
export function sourcesOf(files: RecordFile[]): Source[] {
  const bySource = new Map<string, RecordFile[]>();
  for (const file of files) {
    const source = file.format?.source ?? '';
    bySource.set(source, [...(bySource.get(source) ?? []), file]);
  }
  return [...bySource.values()].map((ofSource) => {
    const [adapters = [], servers = []] = [true, false].map((areAdapters) =>
      ofSource.filter(({ format }) => (format?.isOfAdapters ?? false) === areAdapters),
    );
    const records = servers.flatMap((file) => file.records);
    const ofAdapters = adapters.flatMap((file) => file.records);
    const others = joinAdapters(ofAdapters, servers.length > 0 ? records : undefined);
    return new Source([...records, ...others], new Set(ofSource));
  });
}
