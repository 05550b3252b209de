import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveReferences } from '../../src/settings/references.js';
import { parseYaml } from '../../src/settings/yaml.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-references-'));
  await writeFile(join(dir, 'password'), '  s3cret\n');
});
afterAll(() => rm(dir, { recursive: true }));

async function resolved(text: string, env: Record<string, string> = {}, sections?: string[]) {
  const { document } = parseYaml(text, join(dir, 'rollcall.yaml'));
  if (!document) throw new Error('not YAML');
  const result = await resolveReferences(document, { env, ...(sections && { sections }) });
  return { value: result.document.value, problems: result.problems };
}

describe('references', () => {
  it('puts in environment variables and trimmed files, anywhere in a value', async () => {
    const { value, problems } = await resolved(
      'a: "${USER_}@${HOST_}"\nb: ["${file:password}"]\nc: { d: "${file:./password}!" }\n',
      { USER_: 'anna', HOST_: 'corp' },
    );
    expect(problems).toEqual([]);
    expect(value).toEqual({ a: 'anna@corp', b: ['s3cret'], c: { d: 's3cret!' } });
  });

  it('leaves $${ as ${, keys alone, and does not look at what it put in', async () => {
    const { value } = await resolved('"${KEY}": "$${X} ${A}"\n', { A: '${B}', B: 'wrong' });
    expect(value).toEqual({ '${KEY}': '${X} ${B}' });
  });

  it('leaves numbers, nothing and single dollars alone', async () => {
    const { value } = await resolved('a: 3\nb:\nc: "$5 {x} $"\n');
    expect(value).toEqual({ a: 3, b: null, c: '$5 {x} $' });
  });

  it('takes an empty variable for a value', async () => {
    expect((await resolved('a: "x${E}"\n', { E: '' })).value).toEqual({ a: 'x' });
  });

  it('reports each one that is missing, at its place', async () => {
    const { problems } = await resolved(
      'a: "1 ${ONE}"\nb: |\n  two\n  is ${TWO}\nc: "${file:none}"\nd: "${x y}"\ne: "${OPEN"\n',
    );
    expect(problems.map(({ line, column, message }) => [line, column, message])).toEqual([
      [1, 7, 'The environment variable ONE is not set.'],
      [4, 6, 'The environment variable TWO is not set.'],
      [5, 5, `The file ${join(dir, 'none')} cannot be read: it does not exist.`],
      [6, 5, '"${x y}" is no reference.'],
      [7, 5, 'A reference is not closed: "}" is missing.'],
    ]);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['ROLLCALL_ERR_REFERENCE']));
  });

  it('leaves the sections alone that nobody uses', async () => {
    const { value, problems } = await resolved(
      'smtp: { password: "${NONE}" }\npaths: { jobs: "${JOBS}" }\n',
      { JOBS: 'x' },
      ['paths'],
    );
    expect(problems).toEqual([]);
    expect(value).toEqual({ smtp: { password: '${NONE}' }, paths: { jobs: 'x' } });
  });
});
