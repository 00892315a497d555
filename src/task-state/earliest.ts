/** The first of the times that are there. */
export const earliest = (...times: (number | undefined)[]): number | undefined =>
  times.reduce((first, at) => (at === undefined || (first !== undefined && first <= at) ? first : at), undefined);
