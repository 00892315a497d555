import type { ResourceAttribute } from './types';

/** @module What PutResourceAttributes takes: API reference of Migration Hub, ResourceAttribute. */

/** The API's ResourceAttributeType. */
export const ATTRIBUTE_TYPES = [
  ...['IPV4_ADDRESS', 'IPV6_ADDRESS', 'MAC_ADDRESS', 'FQDN', 'VM_MANAGER_ID', 'VM_MANAGED_OBJECT_REFERENCE'],
  ...['VM_NAME', 'VM_PATH', 'BIOS_ID', 'MOTHERBOARD_SERIAL_NUMBER'],
];

/** The type without which AWS drops those of `OF_A_VM`, with no error. */
export const VM_MANAGER = 'VM_MANAGER_ID';
/** Types that name a virtual machine within its manager. */
export const OF_A_VM = ATTRIBUTE_TYPES.filter((type) => type.startsWith('VM_') && type !== VM_MANAGER);
/** What to do about it. */
export const WITHOUT_MANAGER = `attributes of the types ${OF_A_VM.join(', ')} need an attribute of the type ${VM_MANAGER} in the same report (the id of the vCenter, for instance): without it AWS ignores them and returns no error`;

/** Whether AWS would drop some of the attributes. They may be anything. */
export function lacksManager(attributes: unknown[]): boolean {
  const types = attributes.map((each) => (each as { type?: unknown } | null | undefined)?.type);
  return types.some((type) => OF_A_VM.includes(type as string)) && !types.includes(VM_MANAGER);
}

/** The form that the value of a type has. */
interface Format {
  pattern: RegExp;
  saying: string;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const FORMATS: Partial<Record<string, Format>> = {
  IPV4_ADDRESS: {
    pattern: new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`),
    saying: 'it must be an IPv4 address, such as 10.0.0.1',
  },
  IPV6_ADDRESS: {
    pattern: /^[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){7}$/,
    saying: 'it must be an IPv6 address of eight groups, such as 2001:db8:0:0:0:0:0:1: write zeros in place of ::',
  },
  MAC_ADDRESS: {
    pattern: /^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/,
    saying: 'it must be a MAC address, such as 02:00:5e:10:00:01',
  },
  FQDN: {
    // eslint-disable-next-line no-control-regex
    pattern: /^[^<>{}\\/?,=\u0000-\u001f\u007f-\u009f]*$/,
    saying: 'it must be a domain name, such as web-01.example.com, without < > { } \\ / ? , = and control characters',
  },
};

/** What the value of an attribute must be, where it is not. */
export function misformatted({ type, value }: ResourceAttribute): string | undefined {
  const format = FORMATS[type];
  return format?.pattern.test(value) === false ? format.saying : undefined;
}

/** The same as JSON Schema, for an attribute. */
export const FORMAT_SCHEMAS = Object.entries(FORMATS).map(([type, format]) => ({
  if: { type: 'object', properties: { type: { const: type } }, required: ['type'] },
  then: { type: 'object', properties: { value: { type: 'string', pattern: format?.pattern.source } } },
}));
