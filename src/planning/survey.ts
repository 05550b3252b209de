import type { PreparedCampaign } from '../campaign/prepare.js';
import { foldAddress } from '../ledger/fold-address.js';
import type { KnownPerson, PlanningLedger } from '../ledger/types.js';
import type { Keyring } from '../lib/keyring.js';
import type { Person } from '../model/person.js';
import { type AliasTable, createAliasHash, createAliasTable } from './alias-table.js';
import { decide, isSettled } from './decide.js';
import { createFingerprint } from './fingerprint.js';
import { isRevisionOf, revisionOf } from './revision.js';
import { createSeenPeople, type SeenPeople } from './seen.js';
import type { Spool, SpoolRecord } from './spool.js';
import { count, type Tally } from './tally.js';

/** Whom a re-send asks for, with the sequence number each had when it was asked. Undefined for an ordinary run. */
export type Audience = ReadonlyMap<string, number> | undefined;

export interface SurveyContext {
  readonly run: string;
  readonly campaign: PreparedCampaign;
  readonly ledger: PlanningLedger;
  readonly keyring: Keyring;
  readonly spool: Spool;
  readonly tally: Tally;
  readonly audience: Audience;
}

export interface Survey {
  readonly seen: SeenPeople;
  /** How many of the people read the ledger knew. */
  readonly known: number;
  readonly aliases: AliasTable;
}

/**
 * Reads everybody once, matches them, asks the ledger once a page, and spools whoever needs more than a look. Those whose
 * raw attributes and campaign are what they were at the last run are `unchanged` here and now, without rendering a thing.
 * Nothing is written to the ledger: until the read is proven complete, nobody knows whether any of this holds.
 */
export async function survey(
  context: SurveyContext,
  pages: AsyncIterable<readonly Person[]>,
): Promise<Survey> {
  const { campaign, ledger, keyring, spool, tally, audience, run } = context;
  const seen = createSeenPeople();
  const aliases = createAliasTable();
  const suppressed = await ledger.suppressed();
  const isSuppressed = (address: string) => suppressed.size > 0 && suppressed.has(foldAddress(address));
  const { includeDisabled } = campaign.campaign.people;
  const { repeat } = campaign.campaign;
  const fingerprintOf = createFingerprint(keyring, `${campaign.digest}|${repeat}`, campaign.ldapAttributes);
  const aliasHashOf = createAliasHash(keyring);
  let knownCount = 0;

  const look = (person: Person, known: KnownPerson | undefined): SpoolRecord | undefined => {
    const asked = audience === undefined ? 'no' : audience.has(person.id) ? 'asked' : 'not-asked';
    const counted = asked !== 'not-asked';
    const skip = (reason: string, cancel: 'disabled' | 'skipped', code?: string): SpoolRecord | undefined => {
      if (!counted) return undefined;
      count(tally.skipped, reason);
      return {
        kind: 'skipped',
        person: person.id,
        dn: person.dn,
        reason,
        cancel,
        ...(code !== undefined && { code }),
      };
    };

    const barred = person.barred !== undefined && !includeDisabled;
    const fingerprint = fingerprintOf(person);
    if (
      known !== undefined &&
      !barred &&
      known.fingerprint === fingerprint &&
      asked !== 'asked' &&
      isSettled(known)
    ) {
      aliases.add(known.aliasHash);
      if (known.run === run) return undefined; // planned by this very run before it was interrupted: a delivery, no outcome
      if (isSuppressed(known.address)) return skip('suppressed', 'skipped');
      if (counted) count(tally.unchanged, known.status);
      return undefined;
    }

    const result = campaign.assign(person, known === undefined ? {} : { lastAddress: known.address });
    if (result.kind === 'skipped') return skip(result.reason, barred ? 'disabled' : 'skipped', result.code);
    const { assignment } = result;
    if (isSuppressed(assignment.to)) return skip('suppressed', 'skipped');

    const aliasHash = aliasHashOf(assignment.alias);
    aliases.add(aliasHash);
    const provisionedWith = campaign.revisionOf(assignment);
    const sameRevision = known !== undefined && isRevisionOf(known.revision, keyring, provisionedWith);
    if (known !== undefined && known.run === run && sameRevision && isSettled(known)) return undefined;
    if (!counted) return undefined;

    const verdict = decide({ known, sameRevision, repeat, resend: asked });
    if (verdict === 'plan') tally.recipients += 1;
    else count(tally.unchanged, verdict);
    return {
      kind: 'assigned',
      person: person.id,
      dn: person.dn,
      pattern: assignment.pattern,
      alias: assignment.alias,
      address: assignment.to,
      // Somebody left alone although the revision is new (repeat: never) keeps the one they were written to under.
      revision:
        verdict === 'plan' || known === undefined || sameRevision
          ? revisionOf(keyring, provisionedWith)
          : known.revision,
      fingerprint,
      aliasHash,
      sequence: audience?.get(person.id) ?? known?.sequence ?? 0,
      verdict,
      payload: verdict === 'plan' ? campaign.freeze(assignment) : undefined,
    };
  };

  for await (const [page, known] of withKnown(pages, campaign.campaign.name, ledger)) {
    const records: SpoolRecord[] = [];
    page.forEach((person, index) => {
      seen.add(person.id);
      if (known[index] !== undefined) knownCount += 1;
      if (audience === undefined || audience.has(person.id)) tally.people += 1;
      const record = look(person, known[index]);
      if (record !== undefined) records.push(record);
    });
    await spool.append(records);
  }
  return { seen, known: knownCount, aliases };
}

/** Each page with what the ledger knows of its people, the next page asked for while the caller works on this one. */
async function* withKnown(
  pages: AsyncIterable<readonly Person[]>,
  campaign: string,
  ledger: PlanningLedger,
): AsyncGenerator<readonly [readonly Person[], readonly (KnownPerson | undefined)[]]> {
  let before: { page: readonly Person[]; known: Promise<readonly (KnownPerson | undefined)[]> } | undefined;
  for await (const page of pages) {
    const known = ledger.known(
      campaign,
      page.map((person) => person.id),
    );
    known.catch(() => {}); // heard where it is awaited
    if (before !== undefined) yield [before.page, await before.known];
    before = { page, known };
  }
  if (before !== undefined) yield [before.page, await before.known];
}
