import { SimplePlugin } from '@temporalio/plugin';
import { codec } from './codec';

export const plugins = [new SimplePlugin({ name: 'company.Encryption', dataConverter: { payloadCodecs: [codec] } })];
