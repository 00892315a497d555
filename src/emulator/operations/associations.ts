import { resourceNotFound } from '../hub/errors';
import { page, type Paged } from './paging';
import type { Associated, StoredTask } from '../hub/stored-task';
import { taskOf, type Operation, type TaskKey } from './operation';

/** The page size of these lists: the maximum in the model. */
const MOST = 10;

interface Kind {
  /** The list's name in page tokens. */
  list: string;
  /** The things of this kind that a task has. */
  of: (task: StoredTask) => Map<string, Associated>;
  /** What an Associate call sends. */
  given: (input: never) => Omit<Associated, 'seq'>;
  /** The name that a Disassociate call sends. */
  named: (input: never) => string;
  /** The output of the List call, without NextToken. */
  output: (shown: Associated[]) => object;
}

/** The Associate, Disassociate and List operations of one kind. A name that is associated again keeps its position. */
function threeOf({
  list,
  of,
  given,
  named,
  output,
}: Kind): [associate: Operation, disassociate: Operation, list: Operation] {
  return [
    {
      needs: 'task',
      refusedWhileDeleting: true,
      run(context, input: TaskKey) {
        const things = of(taskOf(context, input));
        const thing = given(input as never);
        things.set(thing.name, { ...thing, seq: things.get(thing.name)?.seq ?? context.account.store.nextSeq() });
        return {};
      },
    },
    {
      needs: 'task',
      run(context, input: TaskKey) {
        const name = named(input as never);
        if (!of(taskOf(context, input)).delete(name) && context.switches.disassociateUnknown === 'not-found')
          throw resourceNotFound(`${name} is not associated with migration task ${input.MigrationTaskName}.`);
        return {};
      },
    },
    {
      needs: 'task',
      run(context, input: TaskKey & Paged) {
        const things = [...of(taskOf(context, input)).values()];
        const { items, ...next } = page(list, things, input, context.switches, { most: MOST });
        return { ...output(items), ...next };
      },
    },
  ];
}

const artifacts = threeOf({
  list: 'artifacts',
  of: (task) => task.artifacts,
  given: ({ CreatedArtifact: { Name, Description } }: { CreatedArtifact: { Name: string; Description?: string } }) => ({
    name: Name,
    description: Description,
  }),
  named: (input: { CreatedArtifactName: string }) => input.CreatedArtifactName,
  output: (shown) => ({
    CreatedArtifactList: shown.map(({ name, description }) => ({ Name: name, Description: description })),
  }),
});

const discovered = threeOf({
  list: 'discovered',
  of: (task) => task.discovered,
  given: ({
    DiscoveredResource: { ConfigurationId, Description },
  }: {
    DiscoveredResource: { ConfigurationId: string; Description?: string };
  }) => ({ name: ConfigurationId, description: Description }),
  named: (input: { ConfigurationId: string }) => input.ConfigurationId,
  output: (shown) => ({
    DiscoveredResourceList: shown.map(({ name, description }) => ({ ConfigurationId: name, Description: description })),
  }),
});

const sources = threeOf({
  list: 'sources',
  of: (task) => task.sources,
  given: ({
    SourceResource: { Name, Description, StatusDetail },
  }: {
    SourceResource: { Name: string; Description?: string; StatusDetail?: string };
  }) => ({ name: Name, description: Description, statusDetail: StatusDetail }),
  named: (input: { SourceResourceName: string }) => input.SourceResourceName,
  output: (shown) => ({
    SourceResourceList: shown.map(({ name, description, statusDetail }) => ({
      Name: name,
      Description: description,
      StatusDetail: statusDetail,
    })),
  }),
});

/** The operations on artifacts, discovered resources and source resources of a task. */
export const associationOperations: Record<string, Operation> = {
  AssociateCreatedArtifact: artifacts[0],
  DisassociateCreatedArtifact: artifacts[1],
  ListCreatedArtifacts: artifacts[2],
  AssociateDiscoveredResource: discovered[0],
  DisassociateDiscoveredResource: discovered[1],
  ListDiscoveredResources: discovered[2],
  AssociateSourceResource: sources[0],
  DisassociateSourceResource: sources[1],
  ListSourceResources: sources[2],
};
