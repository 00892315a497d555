import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export function clientWithCa(file: string, region?: string): MigrationHubClient {
  const httpsAgent = new Agent({ keepAlive: true, ca: [...rootCertificates, readFileSync(file, 'utf8')] });
  return new MigrationHubClient({
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpsAgent, connectionTimeout: 2000 }),
  });
}
