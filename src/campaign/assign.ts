import type { HostValue, JinjaTemplate } from '../jinja/types.js';
import type { ErrorCode } from '../lib/error-codes.js';
import { RollcallError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import { checkRecipient } from '../mail/recipients.js';
import type { RecipientSettings } from '../mail/schema.js';
import { matchFirst } from '../matching/match.js';
import type { Condition } from '../matching/schema.js';
import type { Assignment, LinkData, SkipReason } from '../model/assignment.js';
import { maskSecret } from '../model/mask.js';
import type { Person } from '../model/person.js';
import type { PreparedSystem } from '../provisioning/system.js';
import type { MessageTemplate } from '../templates/message-template.js';
import { attributeContext, type ContextPlan, keepAttributes } from './context.js';
import type { OptionalValue } from './optional-value.js';
import { linkSecret } from './payload.js';

/** An alias pattern with everything compiled. */
export interface ReadyPattern {
  readonly name: string;
  readonly match: readonly Condition[];
  readonly skip: boolean;
  readonly to: OptionalValue;
  readonly locale: OptionalValue;
  readonly alias: JinjaTemplate | undefined;
  readonly username: JinjaTemplate | undefined;
  readonly password: JinjaTemplate | undefined;
  readonly system: PreparedSystem | undefined;
  readonly template: MessageTemplate | undefined;
  /** For the strings and the system. */
  readonly plan: ContextPlan;
  /** For the message. */
  readonly messagePlan: ContextPlan;
}

export interface AssignOptions {
  /** The address written to last time: of several `mail` values that match, it is the one to use. */
  readonly lastAddress?: string;
  /** Stand-ins for secrets, before the link is made of them. */
  readonly mask?: boolean;
}

export type AssignResult =
  | { readonly kind: 'assigned'; readonly assignment: Assignment }
  | {
      readonly kind: 'skipped';
      readonly reason: SkipReason;
      /** Where it is a fault and not a rule. */
      readonly code?: ErrorCode;
      readonly detail?: string;
      readonly pattern?: string;
    };

export interface AssignContext {
  readonly patterns: readonly ReadyPattern[];
  readonly includeDisabled: boolean;
  readonly recipients: RecipientSettings;
  /** `campaign` and `vars`. */
  readonly constants: Readonly<Record<string, HostValue>>;
}

// Control characters and the two line separators of Unicode end a line or a header somewhere.
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/**
 * What becomes of one person: deterministic, and cheap enough for a hundred thousand. One that cannot be used is skipped with
 * the code of what is wrong; nothing here throws but for faults of the campaign as a whole.
 */
export function createAssign(
  context: AssignContext,
): (person: Person, options?: AssignOptions) => AssignResult {
  const { patterns, includeDisabled, recipients, constants } = context;

  const assignAs = (
    person: Person,
    pattern: ReadyPattern,
    matched: { groups: Readonly<Record<string, string>>; mail: string | undefined },
    mask: boolean,
  ): AssignResult => {
    const valuesOf = (attribute: string) => {
      const values = sortedValues(person.attributes.get(attribute));
      // The address that was chosen comes first, so that {{ mail }} is it.
      return attribute === 'mail' &&
        values !== undefined &&
        matched.mail !== undefined &&
        values[0] !== matched.mail
        ? [matched.mail, ...values.filter((value) => value !== matched.mail)]
        : values;
    };
    // Assigned, not spread: V8 makes a hidden class of its own, which lives long, for each object that spreads one and has
    // more behind it.
    const variables: Record<string, HostValue> = Object.assign(
      {},
      constants,
      { match: matched.groups },
      attributeContext(pattern.plan, valuesOf),
    );

    const wanted = pattern.to(variables);
    if (wanted === undefined) return { kind: 'skipped', reason: 'no-address', pattern: pattern.name };
    const recipient = checkRecipient(wanted, recipients);
    if (!recipient.ok)
      return { kind: 'skipped', reason: recipient.reason, detail: recipient.detail, pattern: pattern.name };
    const to = recipient.address;
    variables['device_email'] = to;

    const alias = usable('alias', (pattern.alias?.render(variables) ?? '').trim());
    if (alias === '') throw unusable('alias', 'is empty');
    variables['device_alias'] = alias;
    const username = usable('user name', pattern.username?.render(variables).trim() ?? '') || undefined;
    variables['device_username'] = username;
    const rendered = usable('password', pattern.password?.render(variables) ?? '');
    const password = mask ? maskSecret(rendered) : rendered;
    variables['device_password'] = password === '' ? undefined : password;
    const secret = password === '' ? undefined : new Secret(password);

    pattern.system?.checkLimits({ alias, username, password: secret, to });
    const data: LinkData = pattern.system
      ? pattern.system.linkData(variables, { mask })
      : { ...(username !== undefined && { username }), ...(secret && { password }) };
    const locale = pattern.template?.resolveLocale(pattern.locale(variables));
    if (pattern.system && pattern.template?.usesQr(locale) && !pattern.system.link(data).fitsQr)
      throw new RollcallError('ROLLCALL_ERR_QR_TOO_LONG', 'The link is longer than a QR code can hold.');

    return {
      kind: 'assigned',
      assignment: {
        person: person.id,
        dn: person.dn,
        pattern: pattern.name,
        to,
        locale,
        alias,
        username,
        password: secret,
        match: matched.groups,
        link: linkSecret(data),
        attributes: keepAttributes(pattern.messagePlan, valuesOf),
      },
    };
  };

  return (person, { lastAddress, mask = false } = {}) => {
    if (person.barred !== undefined && !includeDisabled) return { kind: 'skipped', reason: person.barred };
    let pattern: ReadyPattern | undefined;
    try {
      const matched = matchFirst(patterns, person.attributes, {
        ...(lastAddress !== undefined && { usedLast: (mail) => isAddress(mail, lastAddress, recipients) }),
      });
      if (matched === undefined) return { kind: 'skipped', reason: 'no-pattern' };
      pattern = matched.pattern;
      if (pattern.skip) return { kind: 'skipped', reason: 'pattern', pattern: pattern.name };
      return assignAs(person, pattern, matched, mask);
    } catch (error) {
      // An expression that never ends in time is the campaign's fault, not this person's.
      if (!(error instanceof RollcallError) || error.facts['givenUp'] === true) throw error;
      const { code, message } = error;
      return {
        kind: 'skipped',
        reason: 'unusable',
        code,
        detail: message,
        ...(pattern && { pattern: pattern.name }),
      };
    }
  };
}

/** Servers promise no order of values (RFC 4511 §4.1.7): with theirs, an alias would be another one some night. */
function sortedValues(values: readonly string[] | undefined): readonly string[] | undefined {
  if (values === undefined || values.length < 2) return values;
  return [...values].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

function isAddress(mail: string, address: string, recipients: RecipientSettings): boolean {
  if (mail === address) return true;
  const checked = checkRecipient(mail, recipients);
  return checked.ok && checked.address === address;
}

function usable(field: string, value: string): string {
  if (CONTROL.test(value)) throw unusable(field, 'has a control character (a line break or the like) in it');
  if (!value.isWellFormed()) throw unusable(field, 'is no valid Unicode text');
  return value;
}

/** Names the field and never the value, which may be a password. */
function unusable(field: string, why: string): RollcallError {
  return new RollcallError('ROLLCALL_ERR_UNUSABLE_VALUE', `The ${field} ${why}.`, { facts: { field } });
}
