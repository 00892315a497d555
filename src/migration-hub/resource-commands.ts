import {
  AssociateCreatedArtifactCommand,
  AssociateDiscoveredResourceCommand,
  DisassociateCreatedArtifactCommand,
  DisassociateDiscoveredResourceCommand,
} from '@aws-sdk/client-migration-hub';
import type { ResourceApi } from './api';
import { newerCommand, paged } from './newer-command';
import { dry, keys, type Send } from './send';

interface SourceResourcePage {
  SourceResourceList?: { Name: string; Description?: string; StatusDetail?: string }[];
  NextToken?: string;
}

interface UpdatePage {
  MigrationTaskUpdateList?: {
    UpdateDateTime?: Date;
    MigrationTaskState?: { Status?: string; StatusDetail?: string; ProgressPercent?: number };
  }[];
  NextToken?: string;
}

/** The calls about what Migration Hub keeps with a task beside its state. */
export const resourceCommands = (send: Send): ResourceApi => ({
  async associateDiscoveredResource(task, configurationId, o) {
    const DiscoveredResource = { ConfigurationId: configurationId };
    await send(new AssociateDiscoveredResourceCommand({ ...keys(task), DiscoveredResource, ...dry(o) }), o);
  },
  async disassociateDiscoveredResource(task, ConfigurationId, o) {
    await send(new DisassociateDiscoveredResourceCommand({ ...keys(task), ConfigurationId, ...dry(o) }), o);
  },
  async associateCreatedArtifact(task, { name, description }, o) {
    const CreatedArtifact = { Name: name, Description: description };
    await send(new AssociateCreatedArtifactCommand({ ...keys(task), CreatedArtifact, ...dry(o) }), o);
  },
  async disassociateCreatedArtifact(task, CreatedArtifactName, o) {
    await send(new DisassociateCreatedArtifactCommand({ ...keys(task), CreatedArtifactName, ...dry(o) }), o);
  },
  async associateSourceResource(task, { name, description, statusDetail }, o) {
    const SourceResource = { Name: name, Description: description, StatusDetail: statusDetail };
    await send(newerCommand('AssociateSourceResource', { ...keys(task), SourceResource, ...dry(o) }), o);
  },
  async disassociateSourceResource(task, SourceResourceName, o) {
    await send(newerCommand('DisassociateSourceResource', { ...keys(task), SourceResourceName, ...dry(o) }), o);
  },
  listSourceResources(task, limit, o) {
    const page = (NextToken?: string) =>
      send(newerCommand<SourceResourcePage>('ListSourceResources', { ...keys(task), NextToken }), o);
    const resourcesOf = ({ SourceResourceList }: SourceResourcePage) =>
      SourceResourceList?.map(({ Name, Description, StatusDetail }) => ({
        name: Name,
        ...(Description !== undefined && { description: Description }),
        ...(StatusDetail !== undefined && { statusDetail: StatusDetail }),
      }));
    return paged(page, resourcesOf, limit);
  },
  listMigrationTaskUpdates(task, limit, o) {
    const page = (NextToken?: string) =>
      send(newerCommand<UpdatePage>('ListMigrationTaskUpdates', { ...keys(task), NextToken }), o);
    const updatesOf = ({ MigrationTaskUpdateList }: UpdatePage) =>
      MigrationTaskUpdateList?.map(({ UpdateDateTime, MigrationTaskState: state }) => ({
        status: state?.Status as never,
        ...(state?.StatusDetail !== undefined && { statusDetail: state.StatusDetail }),
        ...(state?.ProgressPercent !== undefined && { progressPercent: state.ProgressPercent }),
        updateDateTime: (UpdateDateTime?.getTime() ?? NaN) / 1000,
      }));
    return paged(page, updatesOf, limit);
  },
});
