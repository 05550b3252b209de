import type { Ledger } from '../ledger/ledger.js';
import { RollcallError } from '../lib/errors.js';
import { normaliseDn } from '../model/dn.js';

/**
 * Erases a person from the ledger: by the stable id, or by the address, the DN, or the name in the DN (`ada` of
 * `uid=ada,…`) of the last delivery. The directory is not
 * asked, since whoever is to be forgotten has often left it.
 * @returns the id, and how many deliveries went; none where the ledger knows nobody of that name
 * @throws ROLLCALL_ERR_UNKNOWN_PERSON where several people fit
 */
export async function forget(ledger: Ledger, who: string): Promise<{ person: string; deliveries: number }> {
  const deliveries = await ledger.forget(who);
  if (deliveries > 0) return { person: who, deliveries };
  const wanted = normaliseDn(who) ?? who.toLowerCase();
  const found = new Map<string, string>();
  for (const campaign of await ledger.campaigns())
    for await (const page of ledger.latest(campaign))
      for (const { person, address, dn } of page) if (names(address, dn).has(wanted)) found.set(person, dn);
  const [person, another] = found.keys();
  if (person === undefined) return { person: who, deliveries: 0 };
  if (another !== undefined)
    throw new RollcallError(
      'ROLLCALL_ERR_UNKNOWN_PERSON',
      `"${who}" is ${found.size} people: ${[...found].map(([id, dn]) => `${id} (${dn})`).join('; ')}.`,
      { hint: 'Name one of them by the stable id.' },
    );
  return { person, deliveries: await ledger.forget(person) };
}

/** What somebody may be called by, all in one spelling. */
function names(address: string, dn: string): ReadonlySet<string> {
  const name = /^[^=,]+=([^,+\\]+)/.exec(dn)?.[1] ?? '';
  return new Set([address.toLowerCase(), name.toLowerCase(), normaliseDn(dn) ?? dn.toLowerCase()]);
}
