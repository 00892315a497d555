import { lifeOf } from './workflows';

export { step } from './workflows';
export const life = lifeOf(true);
