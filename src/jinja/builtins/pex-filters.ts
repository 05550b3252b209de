import { createHash } from 'node:crypto';
import { typeError, valueError } from '../errors.js';
import { Dict } from '../values/dict.js';
import { toIndex } from '../values/numbers.js';
import { chars, textLength } from '../values/sequences.js';
import { str } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/types.js';
import type { Builtin, Environment } from './environment.js';
import { firstMatch } from './first-match.js';
import { toJson } from './json.js';
import { substitute } from './python-regex.js';
import { decodeSafeLinks, decodeUrlDefense } from './rewritten-links.js';
import { unquote } from './urls.js';
import { toUuid } from './uuid.js';

/** A filter of text alone. Text comes out, markup no longer: what it holds is not what was escaped. */
const onText = (run: (text: string, environment: Environment) => Value): Builtin => ({
  parameters: ['value'],
  run: (environment, [value = null]) => run(str(value), environment),
});

const onTextWith = (parameter: string, run: (text: string, argument: Value) => Value): Builtin => ({
  parameters: ['value', parameter],
  run: (_environment, [value = null, argument = null]) => run(str(value), argument),
});

const size = (value: Value, name: string): number => Math.max(0, toIndex(value, `${name}: the length`));

/** Pexip's filters; see docs/reference/template-language.md. */
export const pexFilters: Readonly<Record<string, Builtin>> = {
  pex_base64: onText((text) => Buffer.from(text, 'utf8').toString('base64')),
  pex_clean_phone_number: onText((text) => text.replace(/[^+0-9]/g, '')),
  pex_find_first_match: firstMatch,
  pex_hash: onText((text, environment) => environment.pexHash(text)),
  pex_head: onTextWith('length', (text, length) => chars(text).slice(0, size(length, 'pex_head')).join('')),
  pex_tail: onTextWith('length', (text, length) => {
    const count = size(length, 'pex_tail');
    return count === 0 ? '' : chars(text).slice(-count).join('');
  }),
  pex_md5: onText((text) => createHash('md5').update(text, 'utf8').digest('hex')),
  pex_regex_replace: {
    parameters: ['value', 'find', 'replace'],
    run: (environment, [value = null, find = null, replace = null]) =>
      substitute(environment.pattern(str(find)), str(replace), str(value)),
  },
  pex_require_min_length: onTextWith('length', (text, length) => {
    const least = size(length, 'pex_require_min_length');
    if (textLength(text) < least) {
      throw valueError(
        `pex_require_min_length: ${least} characters are required, and there are ${textLength(text)}`,
      );
    }
    return text;
  }),
  pex_reverse: onText((text) => chars(text).toReversed().join('')),
  pex_safelinks_decode: onText(decodeSafeLinks),
  pex_urldefense_decode: onText(decodeUrlDefense),
  pex_strlen: onText(textLength),
  pex_to_json: { parameters: ['value'], run: (_environment, [value = null]) => toJson(value) },
  pex_to_uuid: onText(toUuid),
  pex_update: {
    parameters: ['value', 'changes'],
    run: (_environment, [value = null, changes = null]) => {
      if (!(value instanceof Dict)) throw typeError(`pex_update wants a dict, not ${typeName(value)}`);
      if (!(changes instanceof Dict))
        throw typeError(`pex_update wants a dict of changes, not ${typeName(changes)}`);
      return new Dict([...value.entries(), ...changes.entries()]);
    },
  },
  pex_url_decode: onText((text) => unquote(text.replaceAll('+', ' '))),
};
