import type { PreparedCampaign } from '../campaign/prepare.js';
import { systemsOf } from '../campaign/systems.js';
import type { Directory } from '../directory/directory.js';
import { createJinja } from '../jinja/jinja.js';
import type { PlanningLedger } from '../ledger/types.js';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import { foldAlias } from '../matching/fold.js';
import type { Assignment } from '../model/assignment.js';
import type { ExportFormat } from '../provisioning/export-format.js';
import { prepareSystem } from '../provisioning/prepare.js';
import type { PreparedSystem } from '../provisioning/system.js';

export interface ExportContext {
  readonly campaign: PreparedCampaign;
  readonly directory: Directory;
  /** Of several addresses that fit, the one written to last time is taken, as a run does. */
  readonly ledger: Pick<PlanningLedger, 'known'>;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/** What there is to say of an export beside the file. */
export interface ExportSummary {
  /** People in it; 0 for a format that has nobody in it. */
  readonly people: number;
  /** Two people, one alias: left out, each alias once. */
  readonly conflicts: readonly { readonly alias: string; readonly people: readonly string[] }[];
  /** How many are left out by a fault of their data, by the code. */
  readonly faults: Readonly<Record<string, number>>;
  /** A sentence each, for whoever uses the file. */
  readonly notes: readonly string[];
}

/**
 * What the system itself needs, piece by piece, from the directory as it is now. It may hold passwords.
 * @throws ROLLCALL_ERR_EXPORT where the campaign has nothing of that system; ROLLCALL_ERR_DIRECTORY_…, and then what was given is no whole file
 */
export async function* exportCampaign(
  context: ExportContext,
  format: ExportFormat,
  signal?: AbortSignal,
): AsyncGenerator<string, ExportSummary> {
  const { name, vars } = context.campaign.campaign;
  const { system, more } = systemOf(context, format);
  let people = 0;
  let left: Pick<ExportSummary, 'conflicts' | 'faults'> = { conflicts: [], faults: {} };
  async function* assignments() {
    const read = await readEverybody(context, signal);
    left = read;
    const systems = new Map(
      context.campaign.campaign.patterns.map((pattern) => [pattern.name, pattern.provisioning?.value.system]),
    );
    for (const assignment of read.assigned) {
      if (systems.get(assignment.pattern) !== format.system) continue;
      people += 1;
      yield assignment;
    }
  }
  const constants = { vars, campaign: { name } };
  const notes = yield* format.write({ campaign: name, system, constants, assignments });
  return { people, ...left, notes: [...notes, ...more] };
}

/** The campaign's section of that system, ready. */
function systemOf(
  { campaign, keyring, clock }: ExportContext,
  { system: wanted }: ExportFormat,
): { system: PreparedSystem; more: string[] } {
  const all = systemsOf(campaign.campaign);
  const [section, ...others] = all.filter(({ system }) => system === wanted);
  if (section === undefined)
    throw new RollcallError(
      'ROLLCALL_ERR_EXPORT',
      `This format is for ${wanted}, and ${campaign.campaign.name} provisions ${[...new Set(all.map(({ system }) => system))].join(', ') || 'no system'}.`,
    );
  const { system, problems } = prepareSystem(section, {
    jinja: createJinja({ keyring, clock }),
    at: () => ({ file: campaign.campaign.file }),
  });
  // The campaign has been prepared with this very section.
  if (system === undefined)
    throw new RollcallError('ROLLCALL_ERR_INTERNAL', `The section of ${wanted} cannot be used.`, {
      problems,
    });
  const perPerson = system.sharedUri === undefined || others.length === 0;
  return {
    system,
    more: perPerson
      ? []
      : [
          `The campaign provisions ${wanted} in ${others.length + 1} ways; this is the one of its first pattern.`,
        ],
  };
}

/** Everybody with an alias of their own, ordered by alias. The read is complete, or this throws. */
async function readEverybody(
  { campaign, directory, ledger }: ExportContext,
  signal: AbortSignal | undefined,
): Promise<Pick<ExportSummary, 'conflicts' | 'faults'> & { assigned: readonly Assignment[] }> {
  const { people: query, name } = campaign.campaign;
  const byAlias = new Map<string, Assignment[]>();
  const faults: Record<string, number> = {};
  for await (const page of directory.read({ query, attributes: campaign.ldapAttributes }, signal)) {
    const known = await ledger.known(
      name,
      page.map(({ id }) => id),
    );
    for (const [index, person] of page.entries()) {
      const lastAddress = known[index]?.address;
      const result = campaign.assign(person, lastAddress === undefined ? {} : { lastAddress });
      if (result.kind === 'assigned') {
        const alias = foldAlias(result.assignment.alias);
        const same = byAlias.get(alias);
        if (same) same.push(result.assignment);
        else byAlias.set(alias, [result.assignment]);
      } else if (result.code !== undefined) faults[result.code] = (faults[result.code] ?? 0) + 1;
    }
  }
  const assigned: Assignment[] = [];
  const conflicts: { alias: string; people: string[] }[] = [];
  for (const [, [first, ...others]] of [...byAlias].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (first === undefined) continue;
    if (others.length === 0) assigned.push(first);
    else conflicts.push({ alias: first.alias, people: [first, ...others].map(({ dn }) => dn) });
  }
  return { assigned, conflicts, faults };
}
