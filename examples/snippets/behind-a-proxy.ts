import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { HttpsProxyAgent } from 'https-proxy-agent';

export function clientBehindProxy(proxy: string, region?: string): MigrationHubClient {
  const agent = new HttpsProxyAgent(proxy, { keepAlive: true });
  return new MigrationHubClient({
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: agent, httpsAgent: agent, connectionTimeout: 2000 }),
  });
}
