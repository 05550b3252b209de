import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startSandboxRedis } from '../../src/sandbox/redis.js';
import { startSandboxSlapd } from '../../src/sandbox/slapd.js';
import type { BenchOptions } from './options.js';
import { BASE, writePeople } from './people.js';
import { compiled, endAll, type Started, startNode } from './processes.js';

export const FROM = 'Video Team <video@corp.example>';

/** The campaigns, by the organisational unit they write to. */
export type Unit = 'mails' | 'all' | 'tenth';

export interface Fresh {
  /** Starts the built program on a ledger and a queue that nobody has used before this round. */
  rollcall(...args: string[]): Started;
}

/** Servers and people for all contenders. */
export interface Place {
  readonly ldapUrl: string;
  readonly template: string;
  readonly redisPid: number;
  baseOf(unit: Unit): string;
  /** An empty Redis, a data directory of its own, and settings with that SMTP port. */
  fresh(smtpPort: number): Promise<Fresh>;
  /** The people's mails as Rollcall renders them, a JSON document a line. */
  writeMails(file: string): Promise<void>;
  /** Within the bench's own folder, which is removed at the end. */
  file(name: string): string;
  close(): Promise<void>;
}

const TEMPLATE = 'pexip-onboarding';
/** Beside the compiled bench: a copy that no build changes meanwhile. */
export const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

const campaign = (unit: Unit) => `name: ${unit}
people: { base: "ou=${unit},${BASE}", filter: "(objectClass=inetOrgPerson)" }
aliases:
  - name: staff
    match: { mail: "*@corp.example" }
    alias: "{{ uid }}@vc.corp.example"
    username: "{{ uid }}"
    password: "{{ uid|pex_hash|pex_tail(12) }}"
provisioning: { system: pexip, node: px01.vc.corp.example }
message: { template: ${TEMPLATE} }
limits: { maxRecipients: 10000000 }
`;

export async function openPlace(options: BenchOptions): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  const people = join(dir, 'people.ldif');
  const { only, messages } = options;
  const all = only.includes('plan') ? options.people : 0;
  await writePeople(people, { mails: messages, all, tenth: Math.ceil(all / 10) });
  const slapd = await startSandboxSlapd({ dir: join(dir, 'slapd'), ldif: people, base: BASE });
  const redis = await startSandboxRedis({ dir: join(dir, 'redis'), appendfsync: 'always' });
  const control = new Redis({ path: redis.path });

  const templates = join(dir, 'templates');
  // scripts/bench.mjs starts us in the repository
  await cp(join(process.cwd(), 'templates', TEMPLATE), join(templates, TEMPLATE), {
    recursive: true,
    filter: (path) => !path.includes('.de.'),
  });
  await mkdir(join(dir, 'jobs'));
  for (const unit of ['mails', 'all', 'tenth'] as const)
    await writeFile(join(dir, 'jobs', `${unit}.yaml`), campaign(unit));

  let number = 0;
  const settings = async (smtpPort: number) => {
    number += 1;
    const data = join(dir, `data${number}`);
    await mkdir(data, { mode: 0o700 });
    const file = join(dir, `rollcall${number}.yaml`);
    await writeFile(
      file,
      `paths: { jobs: jobs, templates: templates, data: data${number} }
keys: { file: data${number}/rollcall.key }
directory: { url: "${slapd.url}" }
redis: { url: "${redis.url}", prefix: bench${number} }
smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none, from: "${FROM}", connections: ${options.connections} }
recipients: { allowedDomains: [corp.example] }
`,
    );
    const run = (...args: string[]) =>
      startNode([MAIN, ...args, '--config', file], { profile: options.profile });
    return { data, run };
  };
  const first = await settings(1);
  await startNode([MAIN, 'key', 'create', '--config', join(dir, 'rollcall1.yaml')]).ended;

  return {
    ldapUrl: slapd.url,
    template: join(templates, TEMPLATE),
    redisPid: redis.pid,
    baseOf: (unit) => `ou=${unit},${BASE}`,
    async fresh(smtpPort) {
      await control.flushall();
      const { data, run } = await settings(smtpPort);
      await copyFile(join(first.data, 'rollcall.key'), join(data, 'rollcall.key'));
      return { rollcall: run };
    },
    async writeMails(file) {
      const out = join(dir, 'rendered');
      await first.run('dry-run', 'mails', '--out', out).ended;
      const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as {
        // Rollcall's own document
        messages: { to: string; subject: string; files: { html: string; text: string } }[];
      };
      const lines: string[] = [];
      for (const { to, subject, files } of manifest.messages) {
        const [html, text] = await Promise.all(
          [files.html, files.text].map((name) => readFile(join(out, name), 'utf8')),
        );
        lines.push(JSON.stringify({ from: FROM, to, subject, html, text }));
      }
      await writeFile(file, `${lines.join('\n')}\n`);
      await rm(out, { recursive: true });
    },
    file: (name) => join(dir, name),
    async close() {
      endAll();
      control.disconnect();
      await redis.stop();
      await slapd.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export const contender = (name: string, args: readonly string[]): Started =>
  startNode([compiled(`contenders/${name}`), ...args]);
