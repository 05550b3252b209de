import { loadSettings } from '../../campaign/load-settings.js';
import { loadKeyring } from '../../lib/keyring.js';
import { defineCommand } from '../command.js';

export const command = defineCommand({
  run: async ({ config }, { out }) => {
    const { keys } = await loadSettings(config, ['keys']);
    const { id } = await loadKeyring(keys);
    out.show({ id, file: keys.file }, () => id);
    return 0;
  },
});
