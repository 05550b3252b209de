import { loadSettings } from '../../campaign/load-settings.js';
import { RollcallError } from '../../lib/errors.js';
import { reportFormats } from '../../reports/formats.js';
import { openReport } from '../../steering/report.js';
import { campaignName } from '../campaign-name.js';
import { campaignPositional, defineCommand } from '../command.js';
import { scopeOf, scopeOptions } from '../scope.js';
import { openStore, storeSections } from '../store.js';
import { oneOf } from '../usage.js';
import { writeFileWhole } from '../write-file.js';

export const command = defineCommand({
  positionals: { campaign: campaignPositional },
  options: {
    run: scopeOptions.run,
    format: { type: 'string', requiresArg: true, demandOption: true, describe: 'html, csv or json' },
    out: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'The file to write; - is stdout',
    },
  },
  stopsItself: true,
  run: async (flags, session) => {
    const write = oneOf(flags.format, reportFormats, '--format');
    const toStdout = flags.out === '-';
    if (toStdout && session.out.json && flags.format !== 'json')
      throw new RollcallError(
        'ROLLCALL_ERR_USAGE',
        `With --json no ${flags.format} report can go to stdout.`,
        {
          hint: 'Leave out --json, or name a file.',
        },
      );
    const settings = await loadSettings(flags.config, storeSections, session.env);
    const { ledger, clock } = await openStore(session, settings);
    const scope = await scopeOf(flags, await campaignName(settings, flags.campaign, ledger), ledger);
    const report = await openReport({ ledger, clock }, scope);

    let people = 0;
    const rows = report.rows;
    async function* counted() {
      for await (const page of rows) {
        people += page.length;
        yield page;
      }
    }
    const text = write({ ...report, rows: counted() });
    if (toStdout) {
      for await (const chunk of text) {
        if (session.out.closed || session.signal.aborted) break;
        await session.out.raw(chunk);
      }
      return 0;
    }
    await writeFileWhole(flags.out, text, session.signal);
    session.out.show(
      { ...scope, file: flags.out, format: flags.format, people },
      () => `${flags.out}: ${people} ${people === 1 ? 'person' : 'people'}.`,
    );
    return 0;
  },
});
