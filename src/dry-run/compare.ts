import { byText, type Manifest, type ManifestMessage } from './manifest.js';

/**
 * What of a message is another than in the earlier dry run. `wording`: the template or its constants; `content`: none of the others,
 * so what the template says of the person.
 */
export type Change =
  | 'to'
  | 'alias'
  | 'pattern'
  | 'locale'
  | 'subject'
  | 'system'
  | 'link'
  | 'wording'
  | 'content';

export interface ChangedMessage {
  readonly person: string;
  readonly dn: string;
  readonly changes: readonly {
    readonly what: Change;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** Somebody who had a mail and has none now. */
export interface GonePerson {
  readonly person: string;
  readonly dn: string;
  /** Why there is none now: as `skipped` has it, or `conflict`; null where the person is not read any more. */
  readonly reason: string | null;
}

/** What differs from an earlier dry run. */
export interface Comparison {
  readonly added: readonly { readonly person: string; readonly dn: string }[];
  readonly gone: readonly GonePerson[];
  readonly changed: readonly ChangedMessage[];
  readonly same: number;
}

const FIELDS = ['to', 'alias', 'pattern', 'locale', 'subject', 'system'] as const;

export function compare(before: Manifest, after: Manifest): Comparison {
  const earlier = new Map(before.messages.map((message) => [message.person, message]));
  const added: ManifestMessage[] = [];
  const changed: ChangedMessage[] = [];
  for (const message of after.messages) {
    const last = earlier.get(message.person);
    earlier.delete(message.person);
    if (last === undefined) added.push(message);
    else if (last.sha256 !== message.sha256 || last.revision !== message.revision)
      changed.push(changesOf(last, message));
  }
  const reasons = new Map([
    ...after.skipped.map(({ person, reason }) => [person, reason] as const),
    ...after.conflicts.flatMap(({ people }) => people.map(({ person }) => [person, 'conflict'] as const)),
  ]);
  return {
    added: added.map(({ person, dn }) => ({ person, dn })),
    gone: [...earlier.values()]
      .map(({ person, dn }) => ({ person, dn, reason: reasons.get(person) ?? null }))
      .sort((one, other) => byText(one.dn, other.dn)),
    changed,
    same: after.messages.length - added.length - changed.length,
  };
}

function changesOf(last: ManifestMessage, message: ManifestMessage): ChangedMessage {
  const changes: ChangedMessage['changes'][number][] = FIELDS.filter(
    (field) => last[field] !== message[field],
  ).map((field) => ({ what: field, before: last[field], after: message[field] }));
  const note = (what: Change) => changes.push({ what, before: null, after: null });
  if (last.linkSha256 !== message.linkSha256) note('link');
  if (last.wordingSha256 !== message.wordingSha256) note('wording');
  if (changes.length === 0) note('content');
  return { person: message.person, dn: message.dn, changes };
}
