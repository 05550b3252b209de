import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DryRunDocument } from '../../src/cli/dry-run-text.js';
import type { Manifest } from '../../src/dry-run/manifest.js';
import { type Finished, rollcall } from '../support/rollcall.js';
import { goodBody, mjml } from '../templates/support.js';

export interface Human {
  readonly uid: string;
  readonly name?: string;
  readonly mail?: string;
  readonly more?: readonly string[];
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const escaped = (text: string) => text.replace(/[\\,+"<>;=#]/g, '\\$&').replaceAll('\0', '\\00');

/** An LDIF of these people, in this order. */
function ldifOf(people: readonly Human[]): string {
  const entries = people.map(({ uid, name = uid, mail = `${uid}@corp.example`, more = [] }) =>
    [
      `dn:: ${base64(`cn=${escaped(name)},ou=people,dc=corp,dc=example`)}`,
      'objectClass: inetOrgPerson',
      `entryUUID: ${uuidOf(uid)}`,
      `uid:: ${base64(uid)}`,
      `cn:: ${base64(name)}`,
      `sn:: ${base64(name)}`,
      `givenName:: ${base64(name)}`,
      `mail: ${mail}`,
      ...more,
    ].join('\n'),
  );
  return `dn: ou=people,dc=corp,dc=example\nobjectClass: organizationalUnit\nou: people\n\n${entries.join('\n\n')}\n`;
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const CAMPAIGN = `name: welcome
people: { base: "ou=people,dc=corp,dc=example", filter: (objectClass=inetOrgPerson) }
aliases:
  - { name: leavers, match: { employeeType: leaver }, skip: true }
  - name: staff
    match: { mail: "*@corp.example" }
    alias: "{{ uid }}@vc.corp.example"
    username: "{{ uid }}"
    password: "{{ uid|pex_hash|pex_tail(12) }}"
provisioning: { system: pexip, node: px01.vc.corp.example }
message: { template: welcome }
`;

/** A folder with settings that name a Redis and an SMTP server that are not there, and whose secrets are not set. */
export interface Bench {
  readonly dir: string;
  write(path: string, content: string): Promise<void>;
  people(people: readonly Human[]): Promise<void>;
  dryRun(out: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished>;
  document(
    out: string,
    args?: readonly string[],
  ): Promise<{ code: Finished['code']; document: DryRunDocument }>;
  manifest(out: string): Promise<Manifest>;
  /** Each file below a folder with its bytes' hash, in order. */
  bytes(out: string): Promise<Record<string, string>>;
  modes(out: string): Promise<Set<string>>;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-dry-run-'));
  const write = async (path: string, content: string) => {
    await mkdir(join(dir, path, '..'), { recursive: true });
    await writeFile(join(dir, path), content);
  };
  const filesOf = async (out: string) =>
    (await readdir(join(dir, out), { recursive: true, withFileTypes: true }))
      .map((entry) => ({ path: join(entry.parentPath, entry.name), isFile: entry.isFile() }))
      .sort((one, other) => (one.path < other.path ? -1 : 1));
  await write(
    'rollcall.yaml',
    [
      'paths: { jobs: jobs, templates: templates, data: data }',
      'directory: { url: "file:people.ldif" }',
      'redis: { url: "rediss://:${NO_SUCH_SECRET}@redis.invalid" }',
      'smtp: { host: relay.invalid, port: "${NO_SUCH_PORT}", user: x, password: "${NO_SUCH_SECRET}", from: "Video Team <video@corp.example>" }',
      'recipients: { allowedDomains: [corp.example] }',
      '',
    ].join('\n'),
  );
  await write('jobs/welcome.yaml', CAMPAIGN);
  await write('templates/welcome/message.mjml', mjml(goodBody));
  await write('templates/welcome/message.txt', 'Hello {{ givenName }}\n\n{{ link.uri }}\n');
  await write('templates/welcome/subject.txt', 'Your address: {{ device_alias }}\n');
  const dryRun = (out: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
    rollcall(
      ['dry-run', 'welcome', '--config', join(dir, 'rollcall.yaml'), '--out', join(dir, out), ...args],
      env,
    );
  return {
    dir,
    write,
    people: (people) => write('people.ldif', ldifOf(people)),
    dryRun,
    async document(out, args = []) {
      const { code, stdout, stderr } = await dryRun(out, ['--json', ...args]);
      if (stdout === '') throw new Error(`no document, exit ${code}: ${stderr}`);
      return { code, document: JSON.parse(stdout) as DryRunDocument }; // the program's own document
    },
    manifest: async (out) => JSON.parse(await readFile(join(dir, out, 'manifest.json'), 'utf8')),
    async bytes(out) {
      const hashes: Record<string, string> = {};
      for (const { path, isFile } of await filesOf(out))
        if (isFile)
          hashes[path.slice(join(dir, out).length + 1)] = createHash('sha256')
            .update(await readFile(path))
            .digest('hex');
      return hashes;
    },
    async modes(out) {
      const modes = new Set<string>();
      for (const path of [join(dir, out), ...(await filesOf(out)).map((file) => file.path)]) {
        const found = await stat(path);
        modes.add(`${found.isDirectory() ? 'folder' : 'file'} ${(found.mode & 0o777).toString(8)}`);
      }
      return modes;
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}
