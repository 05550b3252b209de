import type { SymbolUse } from '../jinja/types.js';
import { didYouMean } from '../lib/closest.js';
import type { ErrorCode } from '../lib/error-codes.js';
import type { Problem } from '../lib/errors.js';
import { knownAttributes } from '../model/attributes.js';
import type { Position } from '../settings/source.js';

/** The variables of a person's device, in the order in which they come to be. */
export const deviceVariables = [
  'device_email',
  'device_alias',
  'device_username',
  'device_password',
] as const;

/** What a template at some place may use. */
export interface Scope {
  /** How it is named in messages: "message templates". */
  readonly of: string;
  readonly device: readonly string[];
  /** Names of `vars:`; undefined where they could not be read, so that nothing can be said about them. */
  readonly vars: ReadonlySet<string> | undefined;
  /** Named groups of the pattern's regular expressions; undefined as above. */
  readonly groups: ReadonlySet<string> | undefined;
  /** Fields of `link`, or that there is none here; undefined as above. */
  readonly link: ReadonlySet<string> | 'none' | undefined;
  /** Lower-case names of `people.attributes`. */
  readonly attributes: ReadonlySet<string>;
}

/** True for an attribute that needs no further word, or has been named; its options (`;lang-de`) do not count. */
export function isAttribute(name: string, { attributes }: Pick<Scope, 'attributes'>): boolean {
  const lower = name.toLowerCase();
  const bare = lower.split(';', 1)[0] ?? lower;
  return knownAttributes.has(bare) || attributes.has(lower) || attributes.has(bare);
}

/** What is wrong with one use of a variable, or undefined. */
export function symbolProblem(use: SymbolUse, scope: Scope, at: Position): Problem | undefined {
  const fault = faultOf(use, scope);
  if (fault === undefined) return undefined;
  const code: ErrorCode = 'ROLLCALL_ERR_UNKNOWN_VARIABLE';
  return {
    severity: 'error',
    code,
    message: fault.message,
    ...(fault.hint !== undefined && { hint: fault.hint }),
    ...at,
  };
}

interface Fault {
  readonly message: string;
  readonly hint?: string | undefined;
}

function faultOf({ name, path, guarded, maybeSet }: SymbolUse, scope: Scope): Fault | undefined {
  if (maybeSet) return undefined;
  const step = path[1];
  // What only some campaigns define may be asked for with default() or as a condition, if it is not just misspelt.
  const optional = (known: ReadonlySet<string> | undefined) =>
    guarded && step !== undefined && known !== undefined && didYouMean(step, known) === undefined;
  switch (name) {
    case 'campaign':
      return member('campaign', step, new Set(['name']));
    case 'vars':
      return optional(scope.vars)
        ? undefined
        : member('vars', step, scope.vars, 'Add it under vars: in the campaign.');
    case 'match':
      return optional(scope.groups)
        ? undefined
        : member('match', step, scope.groups, `Name a group in the pattern's match: (?<${step}>…).`);
    case 'link':
      if (scope.link === 'none')
        return {
          message: `There is no "link" in ${scope.of}.`,
          hint: 'It is made from provisioning:, and only mails have it.',
        };
      return member('link', step, scope.link);
    case 'attributes':
      if (step === undefined)
        return {
          message: '"attributes" is used without the name of an attribute.',
          hint: "Write attributes['mail']: which attributes to read is found from the names.",
        };
      return isAttribute(step, scope) ? undefined : unknownAttribute(`attributes['${step}']`, step, scope);
    default:
      if (scope.device.includes(name)) return undefined;
      if (deviceVariables.some((variable) => variable === name))
        return { message: `"${name}" is not known yet in ${scope.of}.` };
      return isAttribute(name, scope) ? undefined : unknownAttribute(name, name, scope);
  }
}

function member(
  root: string,
  step: string | undefined,
  known: ReadonlySet<string> | undefined,
  otherwise?: string,
): Fault | undefined {
  if (step === undefined || known === undefined || known.has(step)) return undefined;
  return {
    message: `There is no variable "${root}.${step}".`,
    hint: didYouMean(step, known)?.replace('"', `"${root}.`) ?? otherwise,
  };
}

function unknownAttribute(written: string, name: string, scope: Scope): Fault {
  return { message: `There is no variable "${written}".`, hint: attributeHint(name, scope) };
}

/** What to do about a name that Rollcall does not know. */
export function attributeHint(
  name: string,
  scope: Pick<Scope, 'attributes'> & { readonly device?: readonly string[] },
): string {
  return (
    didYouMean(name, [...scope.attributes, ...(scope.device ?? []), ...ROOTS, ...knownAttributes]) ??
    `If it is an LDAP attribute, name it in people.attributes: [${name}].`
  );
}

const ROOTS = ['campaign', 'vars', 'match', 'link', 'attributes'];
