import type { Account } from '../hub/account';
import { invalidInput } from '../hub/errors';
import type { HomeRegionControl } from '../hub/store-state';
import { page, type Paged } from './paging';
import type { Operation } from './operation';

interface Target {
  Type: string;
  Id?: string;
}

const shown = ({ id }: Account, { controlId, homeRegion, requestedTime }: HomeRegionControl) => ({
  ControlId: controlId,
  HomeRegion: homeRegion,
  Target: { Type: 'ACCOUNT', Id: id },
  RequestedTime: requestedTime,
});

function checkTarget({ id }: Account, target: Target): void {
  if (target.Id !== undefined && target.Id !== id)
    throw invalidInput(`Target.Id must be the calling account, which is ${id}.`);
}

/** The operations of AWS Migration Hub Config. */
export const homeRegionOperations: Record<string, Operation> = {
  GetHomeRegion: { run: ({ account }) => ({ HomeRegion: account.homeRegion }) },

  CreateHomeRegionControl: {
    run({ account }, input: { HomeRegion: string; Target: Target }) {
      checkTarget(account, input.Target);
      return { HomeRegionControl: shown(account, account.setHomeRegion(input.HomeRegion)) };
    },
  },

  DeleteHomeRegionControl: {
    run({ account }, input: { ControlId: string }) {
      account.deleteControl(input.ControlId);
      return {};
    },
  },

  DescribeHomeRegionControls: {
    run({ account, switches }, input: Paged & { ControlId?: string; HomeRegion?: string; Target?: Target }) {
      const { ControlId, HomeRegion, Target: target } = input;
      const found = account.control ? [{ ...account.control, seq: 1 }] : [];
      const { items, ...next } = page(
        'controls',
        found
          .filter(({ controlId }) => ControlId === undefined || ControlId === controlId)
          .filter(({ homeRegion }) => HomeRegion === undefined || HomeRegion === homeRegion)
          .filter(() => target?.Id === undefined || target.Id === account.id),
        input,
        switches,
      );
      return { HomeRegionControls: items.map((control) => shown(account, control)), ...next };
    },
  },
};
