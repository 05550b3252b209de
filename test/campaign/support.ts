import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadCampaign } from '../../src/campaign/load-campaign.js';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { prepareCampaign } from '../../src/campaign/prepare.js';
import { systemClock } from '../../src/lib/clock.js';
import type { Problem } from '../../src/lib/errors.js';
import { fixedKeyring } from '../../src/lib/keyring.js';
import type { Person } from '../../src/model/person.js';

export const settingsText = `
directory: { url: "file:people.ldif" }
smtp: { host: localhost, tls: none, from: "Video <video@corp.example>" }
recipients: { allowedDomains: [corp.example, "*.corp.example"] }
`;

export const html = (body: string) => `<!doctype html>
<html lang="en"><head><title>Welcome</title></head><body>
${body}
</body></html>
`;

/** Files that a test's folder has unless the test says otherwise. */
const usual: Readonly<Record<string, string>> = {
  'config/rollcall.yaml': settingsText,
  'templates/welcome/message.html': html(
    '<p>Hello {{ givenName|default("there") }}, <a href="{{ link.uri }}">set up</a> {{ device_alias }}.</p>',
  ),
  'templates/welcome/message.txt':
    'Hello {{ givenName|default("there") }}, set up {{ device_alias }}: {{ link.uri }}\n',
  'templates/welcome/subject.txt': 'Your video device\n',
};

/** A campaign of the usual kind; each argument replaces or adds a section. */
export function campaignText(sections: Readonly<Record<string, string>> = {}): string {
  const all: Record<string, string> = {
    name: 'main',
    people: '{ base: "dc=corp", filter: "(mail=*)" }',
    aliases: '[{ name: staff, match: { mail: "*" }, alias: "{{ uid }}@vc" }]',
    provisioning:
      '{ system: custom, uri: "https://vc.corp.example/join?alias={{ device_alias|urlencode }}" }',
    message: '{ template: welcome }',
    ...sections,
  };
  return Object.entries(all)
    .filter(([, text]) => text !== '')
    .map(([key, text]) => `${key}: ${text}\n`)
    .join('');
}

export interface House {
  readonly dir: string;
  readonly config: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/** A folder of settings, campaigns and templates of its own. */
export async function createHouse(files: Readonly<Record<string, string>> = {}): Promise<House> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-campaign-'));
  const write = async (more: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), text);
    }
  };
  await write({ ...usual, 'jobs/main.yaml': campaignText(), ...files });
  return {
    dir,
    config: join(dir, 'config/rollcall.yaml'),
    write,
    remove: () => rm(dir, { recursive: true }),
  };
}

/** The campaign of a house, made ready as a run would. */
export async function prepare(house: House) {
  const settings = await loadSettings(house.config, ['recipients'], {});
  const campaign = await loadCampaign(settings, 'main', {});
  return prepareCampaign({ campaign, settings, keyring: fixedKeyring(), clock: systemClock });
}

/** Problems as people see them, without the house's folder. */
export function lines(problems: readonly Problem[], { dir }: House): string[] {
  return problems.map(
    ({ file, line, column, code, message, hint }) =>
      `${file?.replace(`${dir}/`, '')}:${line}:${column} ${code.replace('ROLLCALL_ERR_', '')} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

/** A person of whom only what matters is said. */
export function person(
  attributes: Readonly<Record<string, string | readonly string[]>>,
  barred?: Person['barred'],
): Person {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    dn: 'uid=anna,dc=corp',
    attributes: new Map(
      Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), [value].flat()]),
    ),
    barred,
  };
}
