/** A value of the table that is shorter than what it stands for. */
type Short = { $repeat: string; times: number } | { $list: unknown; times: number } | { $concat: unknown[] };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isShort = (value: Record<string, unknown>): value is Short & Record<string, unknown> =>
  '$repeat' in value || '$list' in value || '$concat' in value;

function long(short: Short, names: Readonly<Record<string, string>>): unknown {
  if ('$repeat' in short) return short.$repeat.repeat(short.times);
  if ('$concat' in short) return short.$concat.map((part) => String(expandValue(part, names))).join('');
  return Array.from({ length: short.times }, (_, index) =>
    expandValue(short.$list, { ...names, i: String(index + 1) }),
  );
}

/** A copy in which `${name}` is replaced by what `names` has for it, and short values by what they stand for. */
export function expandValue(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return value.replace(/\$\{(\w+)\}/g, (all, name: string) => names[name] ?? all);
  if (Array.isArray(value)) return value.map((each) => expandValue(each, names));
  if (!isObject(value)) return value;
  if (isShort(value)) return long(value, names);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, expandValue(each, names)]));
}

type Container = Record<string, unknown>;

function parentOf(root: Container, path: string): [parent: Container, key: string] {
  const keys = path.split('.');
  const key = keys.pop() ?? '';
  let parent = root;
  for (const each of keys) {
    const next = parent[each];
    if (typeof next !== 'object' || next === null) throw new Error(`${path}: ${each} is not in the call`);
    parent = next as Container;
  }
  return [parent, key];
}

/** Changes members named by paths such as `Task.Status` or `ResourceAttributeList.0.Value`, in place. */
export function change(input: Container, set: Container = {}, unset: readonly string[] = []): void {
  for (const [path, value] of Object.entries(set)) {
    const [parent, key] = parentOf(input, path);
    parent[key] = value;
  }
  for (const path of unset) {
    const [parent, key] = parentOf(input, path);
    if (!(key in parent)) throw new Error(`${path} is to be left out, but it is not in the call`);
    delete parent[key];
  }
}
