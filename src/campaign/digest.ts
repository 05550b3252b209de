import type { Keyring } from '../lib/keyring.js';
import type { RecipientSettings } from '../mail/schema.js';
import { isMapping, type SourceDocument, valueAt } from '../settings/source.js';

/** Raised when the same campaign would give other assignments than before: everybody is then looked at again. */
const FORMAT = 1;

/**
 * A keyed hash of all that decides an assignment, and of nothing else: a new wording or another template leaves it as it is.
 * Keyed, since passwords may be among the values.
 */
export function campaignDigest(
  source: SourceDocument,
  recipients: RecipientSettings,
  keyring: Keyring,
): string {
  const part = (key: string) => valueAt(source.value, [key]);
  const aliases = part('aliases');
  const decisive = {
    format: FORMAT,
    key: keyring.id,
    name: part('name'),
    people: part('people'),
    vars: part('vars'),
    aliases: Array.isArray(aliases) ? aliases.map(withoutTemplate) : aliases,
    provisioning: part('provisioning'),
    message: withoutTemplate({ message: part('message') }),
    recipients,
  };
  return keyring.hash('campaign', canonicalJson(decisive));
}

/** Of `message`, whom it goes to and in which language decides; which template it is does not. */
function withoutTemplate(holder: unknown): unknown {
  if (!isMapping(holder) || !isMapping(holder['message'])) return holder;
  const { template: _, ...message } = holder['message'];
  return { ...holder, message };
}

/** JSON with sorted keys: the same value, the same text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isMapping(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
