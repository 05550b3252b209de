import { createDirectory } from '../../directory/directory.js';
import { exportFormats } from '../../provisioning/exports.js';
import { type ExportSummary, exportCampaign } from '../../steering/export.js';
import { prepare, readCampaign } from '../campaign-files.js';
import { campaignPositional, defineCommand } from '../command.js';
import { exportText } from '../export-text.js';
import { openStore, storeSections } from '../store.js';
import { oneOf } from '../usage.js';
import { writeFileWhole } from '../write-file.js';

export const command = defineCommand({
  positionals: { campaign: campaignPositional },
  options: {
    format: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: Object.keys(exportFormats).join(' or '),
    },
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'The file to write' },
  },
  stopsItself: true,
  run: async (flags, session) => {
    const format = oneOf(flags.format, exportFormats, '--format');
    const read = await readCampaign(flags, [...storeSections, 'directory', 'recipients'], session);
    const { ledger, keyring, clock, log } = await openStore(session, read.settings);
    const campaign = await prepare(flags, read, { keyring, clock });
    const { directory: server, allowPlaintext } = read.settings;
    const directory = createDirectory({ settings: server, allowPlaintext, clock, log });

    let summary: ExportSummary | undefined;
    const text = exportCampaign({ campaign, directory, ledger, keyring, clock }, format, session.signal);
    async function* pieces() {
      summary = yield* text;
    }
    await writeFileWhole(flags.out, pieces(), session.signal);
    const { people, conflicts, faults, notes } = summary ?? {
      people: 0,
      conflicts: [],
      faults: {},
      notes: [],
    };
    session.out.show(
      {
        campaign: campaign.campaign.name,
        file: flags.out,
        format: flags.format,
        people,
        conflicts,
        faults,
        notes,
      },
      exportText,
    );
    return conflicts.length > 0 || Object.keys(faults).length > 0 ? 1 : 0;
  },
});
