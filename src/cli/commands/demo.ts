import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '../../campaign/load-settings.js';
import { systemClock } from '../../lib/clock.js';
import { joinLocalRedis } from '../../lib/local-redis.js';
import { startDemoSandbox } from '../../sandbox/demo.js';
import { defineCommand } from '../command.js';
import { demoText } from '../demo-text.js';
import { runCampaign } from '../run-campaign.js';
import { exitOfRun } from '../run-exit.js';
import { openLog } from '../store.js';

/** The same way up from src/cli/commands and from dist/cli/commands. */
const packageFile = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const CAMPAIGN = 'pexip-onboarding';
const WAIT_MS = 5 * 60_000;

export const command = defineCommand({
  options: {
    fresh: { type: 'boolean', default: false, describe: 'Forget what earlier demos did' },
  },
  stopsItself: true,
  run: async (flags, session) => {
    const config = packageFile('config/sandbox/rollcall.yaml');
    const { paths } = await loadSettings(config, []);
    const { out } = session;
    if (flags.fresh) {
      // A Redis that outlived a killed demo would go on without its data: adopted and left, it ends.
      const local = await joinLocalRedis({ dataDir: paths.data, clock: systemClock, log: openLog(session) });
      await local.leave();
      await rm(paths.data, { recursive: true, force: true });
    }
    await mkdir(paths.data, { recursive: true, mode: 0o700 });
    out.note('Starting a directory with made-up people and a catcher for mails, on this machine alone …');
    const sandbox = await startDemoSandbox({
      dir: paths.data,
      ldif: packageFile('config/sandbox/people.ldif'),
    });
    session.defer(() => sandbox.stop());

    out.note(`Running jobs/${CAMPAIGN}.yaml …`);
    const run = await runCampaign(
      { config, json: flags.json, campaign: CAMPAIGN, waitMs: WAIT_MS, acceptCount: undefined },
      { ...session, env: { ...session.env, ...sandbox.env } },
    );
    const summary = join(paths.data, 'summary.json');
    await writeFile(summary, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
    const near = (path: string) => relative(process.cwd(), path);
    out.show(run, (_, paint) =>
      demoText(run, { mails: near(sandbox.mails), summary: near(summary), settings: near(config) }, paint),
    );
    return exitOfRun(run, true);
  },
});
