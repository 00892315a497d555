/** Task queue on which the workflows of a user run. */
export const USER_QUEUE = 'bench-migrations';
