import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFiles } from '../../src/campaign/check.js';
import { loadSettings } from '../../src/campaign/load-settings.js';

const config = join(import.meta.dirname, '../../config/rollcall.yaml');
const env = { LDAP_PASSWORD: 'x', SMTP_PASSWORD: 'y' };

describe('what Rollcall ships', () => {
  it('settings, campaigns and templates have no problem', async () => {
    const { campaigns, problems } = await checkFiles({ config, env });
    expect(problems).toEqual([]);
    expect(campaigns.length).toBeGreaterThan(4);
  });

  it('settings ask for secrets only where a section is used', async () => {
    expect((await loadSettings(config, ['recipients', 'redis'], {})).redis.url).toEqual({ kind: 'local' });
    await expect(loadSettings(config, ['smtp'], {})).rejects.toMatchObject({
      problems: [
        { code: 'ROLLCALL_ERR_REFERENCE', message: 'The environment variable SMTP_PASSWORD is not set.' },
      ],
    });
  });
});
