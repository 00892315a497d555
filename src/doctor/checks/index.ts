import type { Check } from '../check';
import { awsCredentials } from './aws-credentials';
import { awsSettings } from './aws-settings';
import { awsSignIn } from './aws-sign-in';
import { backlog } from './backlog';
import { clock } from './clock';
import { heartbeatWorkflows } from './heartbeat-workflows';
import { homeRegion } from './home-region';
import { migrationHub } from './migration-hub';
import { namespace } from './namespace';
import { owners } from './owners';
import { permissions } from './permissions';
import { searchAttribute } from './search-attribute';
import { server } from './server';
import { stream } from './stream';
import { streamAtHub } from './stream-at-hub';
import { task } from './task';
import { taskAtHub } from './task-at-hub';
import { tasks } from './tasks';
import { temporalServer } from './temporal-server';
import { workers } from './workers';

/** All checks, in the order in which they are asked: each after those that it needs, and causes before what follows from them. */
export const CHECKS: Check[] = [
  temporalServer,
  namespace,
  workers,
  backlog,
  heartbeatWorkflows,
  searchAttribute,
  awsSettings,
  awsCredentials,
  migrationHub,
  clock,
  awsSignIn,
  homeRegion,
  permissions,
  stream,
  streamAtHub,
  tasks,
  task,
  taskAtHub,
  server,
  owners,
];
