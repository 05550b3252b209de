import { messageOf } from '../lib/errors.js';
import { dnAttributes } from '../model/attributes.js';
import { dnGlobText, dnString, foldedDn, splitWildcards } from './dn-text.js';
import { fold } from './fold.js';
import { type GlobStep, globMatches, parseGlob } from './glob.js';
import { createSafeRegex } from './regex.js';

/** One way for one value to match. */
export interface Matcher {
  /** The names of the groups it can give. */
  readonly groups: readonly string[];
  /** @returns its named groups, or undefined when the value does not match. */
  match(value: string): Readonly<Record<string, string>> | undefined;
}

const NO_GROUPS: Readonly<Record<string, string>> = {};
const WRITTEN_REGEX = /^\/(.*)\/([a-z]*)$/s;

/**
 * What one match value of an alias pattern means: `/regex/flags`, or a glob over the whole value without regard to case.
 * Values of DN attributes are compared normalised.
 *
 * @throws Error with what is wrong with it.
 */
export function compileMatcher(attribute: string, text: string): Matcher {
  const isDn = dnAttributes.has(attribute);
  if (text.startsWith('/')) {
    const written = WRITTEN_REGEX.exec(text);
    if (!written || written[1] === '') throw new Error('a regular expression is written /…/ or /…/i');
    try {
      const regex = createSafeRegex(written[1] ?? '', written[2] ?? '');
      return isDn ? { groups: regex.groups, match: (value) => regex.match(dnString(value)) } : regex;
    } catch (error) {
      throw new Error(
        messageOf(error).replace(/^Invalid regular expression: /, 'not a regular expression: '),
      );
    }
  }
  const normalise = isDn ? foldedDn : fold;
  const steps = isDn ? dnSteps(text) : parseGlob(fold(text));
  const only = steps.length === 1 ? steps[0] : undefined;
  const matches =
    typeof only === 'object'
      ? (value: string) => value === only.text
      : (value: string) => globMatches(steps, value);
  return { groups: [], match: (value) => (matches(normalise(value)) ? NO_GROUPS : undefined) };
}

function dnSteps(glob: string): GlobStep[] {
  return splitWildcards(dnGlobText(glob)).map((part) => part.wildcard ?? { text: fold(part.text ?? '') });
}
