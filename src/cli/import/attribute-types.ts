import type { InventoryServer } from '../../inventory';

/** By what Migration Hub finds the server, each once: types of attributes, and `discoveredResource` for an id of Application Discovery Service. */
export const attributeTypes = ({ resourceAttributes, discoveredResource }: InventoryServer): string[] => [
  ...new Set(resourceAttributes.map(({ type }) => type)),
  ...(discoveredResource === undefined ? [] : ['discoveredResource']),
];
