import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadSettings } from '../../campaign/load-settings.js';
import { defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';

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
    // Written beside and renamed: a file of that name is a whole export.
    const partial = `${file}.part`;
    try {
      await pipeline(Readable.from(withEnds()), createWriteStream(partial, { mode: 0o600, flush: true }), {
        signal: session.signal,
      });
      await rename(partial, file);
    } finally {
      await rm(partial, { force: true });
    }
    session.out.show({ file, lines }, () => `${file}: ${lines} lines.`);
    return 0;
  },
});
