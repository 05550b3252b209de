import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PostalMime, { type Email } from 'postal-mime';
import type { RunDocument } from '../../src/model/run.js';
import { type MailCatcher, startMailCatcher } from '../../src/sandbox/mail-catcher.js';
import { type SandboxSlapd, startSandboxSlapd } from '../../src/sandbox/slapd.js';
import { type Finished, type Running, rollcall, startRollcall } from './rollcall.js';

/** The templates that Rollcall comes with. */
export const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));

/** Real servers, a folder with settings and campaigns, and the built program on top of them. */
export interface Workplace {
  readonly dir: string;
  readonly catcher: MailCatcher;
  readonly slapd: SandboxSlapd;
  /** Writes `jobs/NAME.yaml`; the text follows after the name. */
  campaign(name: string, yaml: string): Promise<void>;
  settings(changes: Readonly<Record<string, string>>): Promise<void>;
  run(...args: string[]): Promise<Finished>;
  start(...args: string[]): Running;
  /** `run CAMPAIGN --wait --json`, which must end well enough to print a document. */
  runCampaign(name: string, ...more: string[]): Promise<{ code: Finished['code']; document: RunDocument }>;
  /** Everything the mail server took, in the order in which it took it. */
  mails(): Promise<Email[]>;
  /** What the mail server took so far is forgotten. */
  forgetMails(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorkplace(ldif: string): Promise<Workplace> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-e2e-'));
  const inbox = join(dir, 'mails');
  const people = join(dir, 'people.ldif');
  await mkdir(join(dir, 'jobs'));
  await writeFile(people, ldif);
  const slapd = await startSandboxSlapd({
    dir: join(dir, 'slapd'),
    ldif: people,
    base: 'dc=corp,dc=example',
  });
  const catcher = await startMailCatcher({ dir: inbox });

  const sections: Record<string, string> = {
    paths: `{ jobs: jobs, templates: ${TEMPLATES}, data: data }`,
    keys: '{ file: data/rollcall.key }',
    directory: `{ url: "${slapd.url}" }`,
    redis: '{ url: local }',
    smtp: `{ host: 127.0.0.1, port: ${catcher.port}, tls: none, from: "Video Team <video@corp.example>" }`,
    recipients: '{ allowedDomains: [corp.example] }',
  };
  const config = join(dir, 'rollcall.yaml');
  const settings = async (changes: Readonly<Record<string, string>>) => {
    Object.assign(sections, changes);
    const lines = Object.entries(sections).map(([section, value]) => `${section}: ${value}`);
    await writeFile(config, `${lines.join('\n')}\n`);
  };
  await settings({});
  const withConfig = (args: readonly string[]) => [...args, '--config', config];
  const run = (...args: string[]) => rollcall(withConfig(args));

  return {
    dir,
    catcher,
    slapd,
    settings,
    campaign: (name, yaml) => writeFile(join(dir, 'jobs', `${name}.yaml`), `name: ${name}\n${yaml}`),
    run,
    start: (...args) => startRollcall(withConfig(args)),
    async runCampaign(name, ...more) {
      const { code, stdout, stderr } = await run('run', name, '--wait', '--json', ...more);
      try {
        return { code, document: JSON.parse(stdout) as RunDocument }; // the program's own document: what this test is about
      } catch (error) {
        throw new Error(`no document, exit ${code}: ${stdout}\n${stderr}`, { cause: error });
      }
    },
    async mails() {
      const files = (await readdir(inbox)).filter((file) => file.endsWith('.eml')).sort();
      return Promise.all(files.map(async (file) => PostalMime.parse(await readFile(join(inbox, file)))));
    },
    async forgetMails() {
      for (const file of await readdir(inbox)) await rm(join(inbox, file));
    },
    async close() {
      await catcher.stop();
      await slapd.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
