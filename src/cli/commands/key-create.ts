import { loadSettings } from '../../campaign/load-settings.js';
import { createKey } from '../../lib/keyring.js';
import { defineCommand } from '../command.js';
import { facts } from '../table.js';

export const command = defineCommand({
  run: async ({ config }, { out }) => {
    const { keys } = await loadSettings(config, ['keys']);
    const { id } = await createKey(keys.file);
    out.show({ id, file: keys.file }, () =>
      [
        facts([
          ['key', id],
          ['file', keys.file],
        ]),
        '',
        'Keep a copy of this file in a safe place, apart from backups of Redis: without it nothing in the ledger can be read.',
        'Every machine that works on the same Redis needs the same file.',
      ].join('\n'),
    );
    return 0;
  },
});
