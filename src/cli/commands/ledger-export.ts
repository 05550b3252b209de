import { loadSettings } from '../../campaign/load-settings.js';
import { defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';
import { writeFileWhole } from '../write-file.js';

export const command = defineCommand({
  positionals: { file: { type: 'string', demandOption: true, describe: 'The file to write' } },
  stopsItself: true,
  run: async ({ config, file }, session) => {
    const { ledger } = await openStore(session, await loadSettings(config, storeSections, session.env));
    let lines = 0;
    async function* withEnds() {
      for await (const line of ledger.export()) {
        lines += 1;
        yield `${line}\n`;
      }
    }
    await writeFileWhole(file, withEnds(), session.signal);
    session.out.show({ file, lines }, () => `${file}: ${lines} lines.`);
    return 0;
  },
});
