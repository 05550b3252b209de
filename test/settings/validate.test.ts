import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { duration, flag, integer, secret } from '../../src/settings/fields.js';
import { validate, validateSections } from '../../src/settings/validate.js';
import { parseYaml } from '../../src/settings/yaml.js';

const server = z.strictObject({
  host: z.string().min(1),
  port: integer(1, 65535).default(25),
  tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
  wait: duration().optional(),
  verp: flag().default(true),
  password: secret().optional(),
  domains: z.array(z.strictObject({ match: z.string(), rate: z.string() })).default([]),
  match: z.record(z.string(), z.union([z.string().min(1), z.array(z.string()).min(1)])).optional(),
});
const system = z.discriminatedUnion('system', [
  z.strictObject({ system: z.literal('pexip'), node: z.string() }),
  z.strictObject({ system: z.literal('jitsi'), host: z.string() }),
]);
const schema = z.strictObject({ smtp: server, provisioning: system.optional() });

function check(text: string) {
  const { document, problems } = parseYaml(text, 'a.yaml');
  if (!document) throw new Error(JSON.stringify(problems));
  return validate(document, schema).problems.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code.slice('ROLLCALL_ERR_'.length)} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

describe('validation', () => {
  it('gives the value where all is well', () => {
    const { document } = parseYaml('smtp: { host: a, port: "587" }\n', 'a.yaml');
    expect(document && validate(document, schema).value).toMatchObject({
      smtp: { host: 'a', port: 587, verp: true },
    });
  });

  it.each([
    [
      'an unknown key',
      'smtp:\n  host: a\n  hots: b\n',
      '3:3 UNKNOWN_KEY Unknown key smtp.hots. | Did you mean "host"?',
    ],
    [
      'an unknown section',
      'smtp: { host: a }\nsmpt: {}\n',
      '2:1 UNKNOWN_KEY Unknown key smpt. | Did you mean "smtp"?',
    ],
    [
      'an unknown key unlike any other',
      'smtp: { host: a, domains: [{ match: a, rate: b, colour: c }] }\n',
      '1:49 UNKNOWN_KEY Unknown key smtp.domains[0].colour. | Known here: match, rate.',
    ],
    ['a missing key', 'smtp:\n  port: 25\n', '1:1 MISSING_KEY smtp.host is missing.'],
    ['a missing section', '# none\n', '1:1 MISSING_KEY smtp is missing.'],
    [
      'text where a number belongs',
      'smtp: { host: a, port: many }\n',
      '1:24 VALUE smtp.port: expected a number, found text.',
    ],
    [
      'a number where text belongs',
      'smtp: { host: 12 }\n',
      '1:15 VALUE smtp.host: expected text, found a number.',
    ],
    ['nothing where text belongs', 'smtp:\n  host:\n', '2:8 VALUE smtp.host: expected text, found nothing.'],
    ['a list where keys belong', 'smtp: [a]\n', '1:7 VALUE smtp: expected keys and values, found a list.'],
    ['a number too small', 'smtp: { host: a, port: 0 }\n', '1:24 VALUE smtp.port: must be 1 or more.'],
    [
      'a number too large',
      'smtp: { host: a, port: 70000 }\n',
      '1:24 VALUE smtp.port: must be 65535 or less.',
    ],
    ['text that is empty', 'smtp: { host: "" }\n', '1:15 VALUE smtp.host: must not be empty.'],
    [
      'a wrong choice',
      'smtp: { host: a, tls: startls }\n',
      '1:23 VALUE smtp.tls: must be starttls, implicit or none. | Did you mean "starttls"?',
    ],
    [
      'a duration without unit',
      'smtp: { host: a, wait: "5" }\n',
      '1:24 VALUE smtp.wait: "5" is no duration: write 30s, 5m, 1h or 3d.',
    ],
    [
      'a truth value that is none',
      'smtp: { host: a, verp: maybe }\n',
      '1:24 VALUE smtp.verp: expected true or false, found text.',
    ],
    [
      'braces without quotes',
      'smtp:\n  host: {{ uid }}\n',
      '2:9 VALUE smtp.host: expected text, found keys and values. | A value that begins with {{ must be in quotes.',
    ],
    [
      'an unknown system',
      'smtp: { host: a }\nprovisioning: { system: pexi }\n',
      '2:25 VALUE provisioning.system: must be pexip or jitsi. | Did you mean "pexip"?',
    ],
    [
      'no system',
      'smtp: { host: a }\nprovisioning: { node: x }\n',
      '2:1 MISSING_KEY provisioning.system is missing.',
    ],
    [
      'a key of the chosen system only',
      'smtp: { host: a }\nprovisioning: { system: jitsi, host: a, hsot: x }\n',
      '2:41 UNKNOWN_KEY Unknown key provisioning.hsot. | Did you mean "host"?',
    ],
    [
      'a match that is neither text nor list',
      'smtp: { host: a, match: { mail: 3 } }\n',
      '1:33 VALUE smtp.match.mail: expected text or a list, found a number.',
    ],
    [
      'a wrong entry in a list',
      'smtp: { host: a, match: { mail: [a, 3] } }\n',
      '1:37 VALUE smtp.match.mail[1]: expected text, found a number.',
    ],
  ])('names %s at its place', (_what, text, expected) => {
    expect(check(text)).toEqual([expected]);
  });

  it('reports everything that is wrong at once', () => {
    expect(check('smtp:\n  port: 0\n  tls: x\n  wait: y\n  foo: 1\nbar: 2\n')).toHaveLength(6);
  });

  it('never repeats a value that may be secret', () => {
    const { document } = parseYaml(
      'smtp: { host: a, password: [hunter2], tls: hunter2, port: hunter2 }\n',
      'a.yaml',
    );
    expect(JSON.stringify(document && validate(document, schema).problems)).not.toContain('hunter2');
  });

  it('checks each section by itself, and only those asked for', () => {
    const { document } = parseYaml(
      'smtp: { port: 0 }\nprovisioning: { system: jitsi, host: a }\nfoo: 1\n',
      'a.yaml',
    );
    if (!document) throw new Error('not YAML');
    const all = validateSections(document, schema.shape);
    expect(all.values).toEqual({ provisioning: { system: 'jitsi', host: 'a' } });
    expect(all.problems).toHaveLength(3);
    const some = validateSections(document, schema.shape, ['provisioning']);
    expect(some.problems.map(({ code }) => code)).toEqual(['ROLLCALL_ERR_UNKNOWN_KEY']);
  });
});
