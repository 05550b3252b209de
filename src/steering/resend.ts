import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import type { Ledger } from '../ledger/ledger.js';
import { RollcallError } from '../lib/errors.js';
import type { DeliveryStatus } from '../model/status.js';
import { findPerson } from './find-person.js';

/** Whom an admin wants to write to once more. */
export type Selection =
  | { readonly by: 'person'; readonly people: readonly string[] }
  | { readonly by: 'status'; readonly statuses: readonly DeliveryStatus[] }
  | { readonly by: 'run'; readonly run: string }
  | { readonly by: 'all' };

/**
 * The people of a selection, each with the sequence number of the last delivery. What is confirmed is this very state: a
 * person whose number has moved on by the time of the plan was re-sent to by somebody else, and is left out.
 * @throws ROLLCALL_ERR_UNKNOWN_PERSON, ROLLCALL_ERR_UNKNOWN_RUN
 */
export async function selectAudience(
  context: { ledger: Ledger; directory: Directory; campaign: PreparedCampaign },
  selection: Selection,
): Promise<ReadonlyMap<string, number>> {
  const { ledger, directory, campaign } = context;
  const { name } = campaign.campaign;
  const audience = new Map<string, number>();
  const addKnown = async (
    people: readonly string[],
    wanted: (status: DeliveryStatus) => boolean = () => true,
  ) => {
    const known = await ledger.known(name, people);
    people.forEach((person, index) => {
      const last = known[index];
      if (last !== undefined && wanted(last.status)) audience.set(person, last.sequence);
    });
  };

  switch (selection.by) {
    case 'person': {
      for (const who of selection.people) {
        const { id } = await findPerson({ directory, campaign }, who);
        const [last] = await ledger.known(name, [id]);
        audience.set(id, last?.sequence ?? 0);
      }
      return audience;
    }
    case 'status': {
      const statuses = new Set<DeliveryStatus>(selection.statuses);
      for await (const page of ledger.people(name)) await addKnown(page, (status) => statuses.has(status));
      return audience;
    }
    case 'run': {
      if ((await ledger.run(selection.run))?.campaign !== name) {
        throw new RollcallError('ROLLCALL_ERR_UNKNOWN_RUN', `${name} has no run ${selection.run}.`);
      }
      for await (const page of ledger.deliveries({ campaign: name, run: selection.run })) {
        await addKnown(page.map(({ person }) => person));
      }
      return audience;
    }
    case 'all':
      for await (const page of ledger.people(name)) await addKnown(page);
      return audience;
  }
}
