import { join } from 'node:path';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { listCampaigns, loadCampaign } from '../../src/campaign/load-campaign.js';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { prepareCampaign } from '../../src/campaign/prepare.js';
import { createDirectory } from '../../src/directory/directory.js';
import { directorySchema } from '../../src/directory/schema.js';
import { systemClock } from '../../src/lib/clock.js';
import { fixedKeyring } from '../../src/lib/keyring.js';
import { silentLogger } from '../../src/lib/log.js';
import type { Assignment } from '../../src/model/assignment.js';
import { type Lines, textOf } from '../../src/model/lines.js';

const root = join(import.meta.dirname, '../..');
// jsqr is CommonJS with a default export of its own, which Node gives inside another.
const scan: typeof jsqr.default = 'default' in jsqr ? jsqr.default : jsqr;

const settings = await loadSettings(join(root, 'config/rollcall.yaml'), ['paths', 'recipients'], {});
const keyring = fixedKeyring();
/** Those whose links mail programs do not make clickable, or that are for phones. */
const withQrCode = ['custom-example', 'sametime'];
const names = await listCampaigns(settings);
const people = directorySchema({ dir: root }).parse({ url: 'file:config/sandbox/people.ldif' });

async function everybody(name: string) {
  const campaign = await prepareCampaign({
    campaign: await loadCampaign(settings, name, {}),
    settings,
    keyring,
    clock: systemClock,
  });
  const directory = createDirectory({
    settings: people,
    allowPlaintext: false,
    clock: systemClock,
    log: silentLogger,
  });
  const assignments: Assignment[] = [];
  const skipped: Record<string, number> = {};
  for await (const page of directory.read({
    query: campaign.campaign.people,
    attributes: campaign.ldapAttributes,
  }))
    for (const person of page) {
      const result = campaign.assign(person);
      if (result.kind === 'assigned') assignments.push(result.assignment);
      else skipped[result.code ?? result.reason] = (skipped[result.code ?? result.reason] ?? 0) + 1;
    }
  return { campaign, assignments, skipped };
}

describe('the campaigns that are ready to copy', () => {
  test.each(names)('%s writes to the people of the sandbox', async (name) => {
    const { campaign, assignments, skipped } = await everybody(name);
    expect(Object.keys(skipped).filter((code) => code.startsWith('ROLLCALL_'))).toEqual([]);
    expect(assignments.length).toBeGreaterThan(30);
    const inClear = (html: Lines) => textOf(html).replaceAll('&amp;', '&');
    for (const assignment of assignments.slice(0, 12)) {
      const uri = campaign.link(assignment).uri?.reveal() ?? '';
      const { html, text, pictures } = await campaign.render(assignment);
      expect(text).toContain(uri);
      expect(inClear(html)).toContain(uri);
      expect(pictures).toHaveLength(withQrCode.includes(name) ? 1 : 0);
      for (const { content } of pictures) {
        const { data, width, height } = PNG.sync.read(content);
        expect(scan(new Uint8ClampedArray(data), width, height)?.data).toBe(uri);
      }
    }
  });
});
