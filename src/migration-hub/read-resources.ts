import {
  DescribeMigrationTaskCommand,
  ListApplicationStatesCommand,
  ListCreatedArtifactsCommand,
  ListDiscoveredResourcesCommand,
} from '@aws-sdk/client-migration-hub';
import type { ApplicationStatus, ResourceAttribute, TaskIdentity } from '../report';
import { isNotPermitted, MigrationHubError } from './errors';
import { isInClient, newerCommand, paged } from './newer-command';
import { patiently } from './patiently';
import { keys, type Send } from './send';

/** Of the lists of a task, the most that the API gives at once; and of the list of application states. */
const PAGE = { MaxResults: 10 };
const LARGE_PAGE = { MaxResults: 100 };

/** Something that Migration Hub holds with a task; fields are those of the API, in camelCase. */
export interface HeldResource {
  /** The ARN of an artifact; the name of a source resource. */
  name?: string;
  /** Of a server in Application Discovery Service. */
  configurationId?: string;
  /** For people. */
  description?: string;
  /** Of a source resource. */
  statusDetail?: string;
}

/** What Migration Hub holds of a task beside its state; a list is absent where it could not be read. */
export interface TaskResources {
  /** Migration Hub has the task. */
  known: boolean;
  /** DescribeMigrationTask: what PutResourceAttributes has put last. */
  resourceAttributes?: ResourceAttribute[];
  /** ListDiscoveredResources: the servers to which it is mapped. */
  discoveredResources?: HeldResource[];
  /** ListCreatedArtifacts. */
  createdArtifacts?: HeldResource[];
  /** ListSourceResources, where the installed AWS client has it. */
  sourceResources?: HeldResource[];
  /** Operations that the credentials may not call. */
  denied: string[];
}

/** The state of an application, as ListApplicationStates gives it. */
export interface HeldApplication {
  /** Its configuration id. */
  applicationId: string;
  /** As Migration Hub has it. */
  status: ApplicationStatus;
  /** When that was notified, in epoch seconds. */
  lastUpdatedTime?: number;
}

/** A page of source resources. */
interface SourcePage {
  SourceResourceList?: { Name?: string; Description?: string; StatusDetail?: string }[];
  NextToken?: string;
}
/** Makes the command for a page. */
type ListSources = (input: object) => ReturnType<typeof newerCommand<SourcePage>>;

/** Reads what Migration Hub holds of tasks beside their states. All reads throw MigrationHubError where the next would fail, too. */
export class ResourceReader {
  /** `listSources`: undefined where the installed AWS client has no ListSourceResources. */
  constructor(
    private readonly send: Send,
    private readonly listSources: ListSources | undefined = isInClient('ListSourceResources')
      ? (input) => newerCommand<SourcePage>('ListSourceResources', input)
      : undefined,
  ) {}

  /** Whether source resources can be read. */
  get knowsSources(): boolean {
    return this.listSources !== undefined;
  }

  /** What Migration Hub holds of a task. */
  async ofTask(task: TaskIdentity): Promise<TaskResources> {
    const resources: TaskResources = { known: true, denied: [] };
    const read = async <T>(operation: string, work: () => Promise<T>): Promise<T | undefined> => {
      if (!resources.known) return undefined;
      try {
        return await work();
      } catch (error) {
        const { type } = error instanceof MigrationHubError ? error.failure : { type: '' };
        if (type === 'ResourceNotFoundException') resources.known = false;
        else if (isNotPermitted(type)) resources.denied.push(operation);
        else throw error;
        return undefined;
      }
    };
    resources.resourceAttributes = await read('DescribeMigrationTask', () => this.attributes(task));
    resources.discoveredResources = await read('ListDiscoveredResources', () => this.discovered(task));
    resources.createdArtifacts = await read('ListCreatedArtifacts', () => this.artifacts(task));
    const list = this.listSources;
    if (list) resources.sourceResources = await read('ListSourceResources', () => this.sources(task, list));
    return resources;
  }

  /** The states of all applications of the account. */
  async applications(): Promise<HeldApplication[]> {
    const states = await this.all(
      (NextToken) => this.send(new ListApplicationStatesCommand({ ...LARGE_PAGE, NextToken })),
      (page) => page.ApplicationStateList,
    );
    return states.map(({ ApplicationId = '', ApplicationStatus, LastUpdatedTime }) => ({
      applicationId: ApplicationId,
      status: ApplicationStatus as ApplicationStatus,
      ...(LastUpdatedTime && { lastUpdatedTime: LastUpdatedTime.getTime() / 1000 }),
    }));
  }

  private async attributes(task: TaskIdentity): Promise<ResourceAttribute[]> {
    const answer = await patiently(() => this.send(new DescribeMigrationTaskCommand(keys(task))));
    const held = answer?.MigrationTask?.ResourceAttributeList ?? [];
    return held.map(({ Type = '', Value = '' }) => ({ type: Type, value: Value }));
  }

  private async discovered(task: TaskIdentity): Promise<HeldResource[]> {
    const of = { ...keys(task), ...PAGE };
    const held = await this.all(
      (NextToken) => this.send(new ListDiscoveredResourcesCommand({ ...of, NextToken })),
      (page) => page.DiscoveredResourceList,
    );
    return held.map(({ ConfigurationId, Description }) => ({
      configurationId: ConfigurationId,
      description: Description,
    }));
  }

  private async artifacts(task: TaskIdentity): Promise<HeldResource[]> {
    const of = { ...keys(task), ...PAGE };
    const held = await this.all(
      (NextToken) => this.send(new ListCreatedArtifactsCommand({ ...of, NextToken })),
      (page) => page.CreatedArtifactList,
    );
    return held.map(({ Name, Description }) => ({ name: Name, description: Description }));
  }

  private async sources(task: TaskIdentity, list: ListSources): Promise<HeldResource[]> {
    const of = { ...keys(task), ...PAGE };
    const held = await this.all(
      (NextToken) => this.send(list({ ...of, NextToken })),
      (page: SourcePage) => page.SourceResourceList,
    );
    return held.map(({ Name, Description, StatusDetail }) => ({
      name: Name,
      description: Description,
      statusDetail: StatusDetail,
    }));
  }

  /** All pages of a list, each asked for patiently. */
  private all<O extends { NextToken?: string }, T>(
    ask: (token: string | undefined) => Promise<O | undefined>,
    itemsOf: (page: O) => T[] | undefined,
  ): Promise<T[]> {
    return paged((token) => patiently(() => ask(token)), itemsOf, Infinity);
  }
}
