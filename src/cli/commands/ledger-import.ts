import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadSettings } from '../../campaign/load-settings.js';
import { defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';

export const command = defineCommand({
  positionals: { file: { type: 'string', demandOption: true, describe: 'An export' } },
  run: async ({ config, file }, session) => {
    const settings = await loadSettings(config, storeSections, session.env);
    const { ledger } = await openStore(session, settings, { forImport: true });
    const { lines } = await ledger.import(
      createInterface({ input: createReadStream(file), crlfDelay: Infinity }),
    );
    session.out.show({ file, lines }, () => `${lines} lines were taken over from ${file}.`);
    return 0;
  },
});
