import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makePeople, toLdif } from '../support/people.js';

/** The settings and the campaign of a soak, written to a folder of its own. */
export interface SoakPlace {
  readonly dir: string;
  readonly config: string;
  remove(): Promise<void>;
}

export const CAMPAIGN = 'soak';
/** What the keys in Redis begin with: the default. */
export const PREFIX = 'rollcall';

const CAMPAIGN_YAML = `
name: ${CAMPAIGN}
people: { base: "ou=people,dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases:
  - { name: leavers, match: { employeeType: leaver }, skip: true }
  - { name: staff, match: { uid: "*" }, alias: "{{ uid }}@vc.corp.example" }
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
# The server of this test refuses far more than any real one.
limits: { maxFailed: 100% }
`;

/** @param root the repository */
export async function openSoakPlace(options: {
  readonly root: string;
  readonly people: number;
  readonly redisPath: (dir: string) => string;
  readonly smtpPort: number;
  readonly retry: string;
}): Promise<SoakPlace> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-soak-'));
  const config = join(dir, 'rollcall.yaml');
  await mkdir(join(dir, 'jobs'));
  await writeFile(join(dir, 'people.ldif'), toLdif(makePeople(options.people)));
  await writeFile(join(dir, 'jobs', `${CAMPAIGN}.yaml`), CAMPAIGN_YAML);
  await writeFile(
    config,
    `
paths: { jobs: jobs, templates: ${resolve(options.root, 'templates')}, data: data }
keys: { file: data/rollcall.key }
# Small pages, so that the writing of the plan has a middle.
directory: { url: "file:people.ldif", pageSize: 25 }
redis: { url: "unix://${options.redisPath(dir)}" }
smtp:
  host: 127.0.0.1
  port: ${options.smtpPort}
  tls: none
  from: "Video Team <video@corp.example>"
  connections: 5
  retry: [${options.retry}]
  timeouts: { connect: 2s, greeting: 2s, reply: 2s, final: 2s }
recipients: { allowedDomains: [corp.example] }
`,
  );
  return { dir, config, remove: () => rm(dir, { recursive: true, force: true }) };
}
