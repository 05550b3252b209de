import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { loadCampaign } from '../../src/campaign/load-campaign.js';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { type PreparedCampaign, prepareCampaign } from '../../src/campaign/prepare.js';
import { planningContext } from '../../src/cli/planning.js';
import { workSections } from '../../src/cli/working.js';
import { createCampaigns } from '../../src/delivery/campaigns.js';
import { createPost } from '../../src/delivery/post.js';
import { type DeliveryWorker, startWorker, type WorkerContext } from '../../src/delivery/worker.js';
import { createJournal } from '../../src/ledger/journal.js';
import { createLedger, type Ledger } from '../../src/ledger/ledger.js';
import type { DeliveryRow } from '../../src/ledger/types.js';
import { systemClock as clock } from '../../src/lib/clock.js';
import { loadKeyring } from '../../src/lib/keyring.js';
import { silentLogger as log } from '../../src/lib/log.js';
import { connectRedis } from '../../src/lib/redis.js';
import { createRelay } from '../../src/mail/relay.js';
import { createThrottle } from '../../src/mail/throttle.js';
import type { RunDocument } from '../../src/model/run.js';
import { type PlanningContext, planRun, type RunRequest } from '../../src/planning/run.js';
import { createDeliveryQueue, type DeliveryQueue } from '../../src/queue/delivery-queue.js';
import { createRelayHold } from '../../src/queue/relay-hold.js';
import { type SandboxRedis, startSandboxRedis } from '../../src/sandbox/redis.js';
import { type FaultSmtp, startFaultSmtp } from '../support/fault-smtp.js';

export const CAMPAIGN = 'onboarding';

/** Writes settings, one campaign and these people into `dir`, and gives the settings' file. */
export async function writeHouse(
  dir: string,
  options: {
    readonly people: readonly string[];
    readonly redisPath: string;
    readonly smtpPort: number;
    readonly prefix?: string;
    /** More of the section smtp. */
    readonly smtp?: string;
  },
): Promise<string> {
  await mkdir(join(dir, 'jobs'), { recursive: true });
  const entries = options.people.map((uid) =>
    [
      `dn: uid=${uid},ou=people,dc=corp,dc=example`,
      'objectClass: inetOrgPerson',
      ...['uid', 'cn', 'sn'].map((name) => `${name}: ${uid}`),
      `mail: ${uid}@corp.example`,
    ].join('\n'),
  );
  await writeFile(join(dir, 'people.ldif'), `${entries.join('\n\n')}\n`);
  await writeFile(
    join(dir, `jobs/${CAMPAIGN}.yaml`),
    `
name: ${CAMPAIGN}
people: { base: "dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases: [{ name: staff, match: { uid: "*" }, alias: "{{ uid }}@vc.corp.example" }]
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
`,
  );
  const config = join(dir, 'rollcall.yaml');
  await writeFile(
    config,
    `
paths: { jobs: jobs, templates: ${resolve('templates')}, data: data }
keys: { file: rollcall.key }
directory: { url: "file:people.ldif" }
redis: { url: "unix://${options.redisPath}", prefix: ${options.prefix ?? 'rollcall'} }
smtp: { host: 127.0.0.1, port: ${options.smtpPort}, tls: none, from: video@corp.example, retry: [1s]${options.smtp ? `, ${options.smtp}` : ''} }
recipients: { allowedDomains: [corp.example] }
`,
  );
  await writeFile(join(dir, 'rollcall.key'), `${'5a'.repeat(32)}\n`, { mode: 0o600 });
  return config;
}

/** A house of its own with a Redis and a mail server of its own, and workers in this very process. */
export interface House {
  readonly dir: string;
  readonly config: string;
  readonly smtp: FaultSmtp;
  readonly ledger: Ledger;
  readonly queue: DeliveryQueue;
  /** A connection to look at Redis with. */
  readonly redis: Redis;
  plan(changes?: Partial<PlanningContext>, request?: Partial<RunRequest>): Promise<RunDocument | undefined>;
  work(changes?: Partial<WorkerContext>): Promise<DeliveryWorker>;
  /** kill -9. */
  killRedis(): void;
  /** Where it died, it is started again on what its file holds. */
  startRedis(): Promise<void>;
  redisPid(): number;
  rows(): Promise<DeliveryRow[]>;
  /** How many deliveries have each status. */
  statuses(): Promise<Record<string, number>>;
  /** Messages by recipient; each must be one. */
  copies(): Record<string, number>;
  journals(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openHouse(people: readonly string[], smtpSettings = 'connections: 3'): Promise<House> {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-house-'));
  const smtp = await startFaultSmtp();
  let server: SandboxRedis = await startSandboxRedis({ dir });
  const config = await writeHouse(dir, {
    people,
    redisPath: server.path,
    smtpPort: smtp.port,
    smtp: smtpSettings,
  });
  const settings = await loadSettings(config, [...workSections, 'directory'], {});
  const keyring = await loadKeyring(settings.keys);
  const connections: Redis[] = [];
  const connect = async (purpose: 'commands' | 'blocking') => {
    const redis = await connectRedis(settings.redis, { log, for: purpose, allowPlaintext: false });
    connections.push(redis);
    return redis;
  };
  const prefix = settings.redis.prefix;
  const redis = await connect('commands');
  const markFile = `${settings.keys.file}.ledger`;
  const ledger = await createLedger({ redis, prefix, keyring, clock, log, markFile });
  const queue = createDeliveryQueue({ redis, prefix, clock });
  const looking = new Redis({ path: server.path, maxRetriesPerRequest: null });
  looking.on('error', () => {}); // Redis is killed on purpose
  connections.push(looking);
  const closers: (() => Promise<unknown>)[] = [];
  let campaign: Promise<PreparedCampaign> | undefined;
  const prepared = () => {
    campaign ??= loadCampaign(settings, CAMPAIGN).then((loaded) =>
      prepareCampaign({ campaign: loaded, settings, keyring, clock }),
    );
    return campaign;
  };
  const rows = async () => {
    const all: DeliveryRow[] = [];
    for await (const page of ledger.deliveries({ campaign: CAMPAIGN })) all.push(...page);
    return all;
  };

  return {
    dir,
    config,
    smtp,
    ledger,
    queue,
    redis: looking,
    async plan(changes = {}, request = {}) {
      const store = {
        clock,
        log,
        keyring,
        prefix,
        redis,
        ledger,
        queue,
        connectBlocking: () => connect('blocking'),
      };
      const context = { ...planningContext(store, settings), newRunId: () => randomBytes(4).toString('hex') };
      return planRun(
        { ...context, ...changes },
        { campaign: await prepared(), trigger: 'manual', ...request },
      );
    },
    async work(changes = {}) {
      const own = await connect('commands');
      const relay = createRelay({
        settings: settings.smtp,
        recipients: settings.recipients,
        allowPlaintext: false,
        log,
      });
      const journal = await createJournal({ dir: join(settings.paths.data, 'journal'), clock });
      const throttle = createThrottle({ redis: own, prefix, settings: settings.smtp, clock });
      const { smtp: smtpSection, recipients } = settings;
      const worker = await startWorker({
        redis: await connect('blocking'),
        prefix,
        ledger: await createLedger({ redis: own, prefix, keyring, clock: changes.clock ?? clock, log }),
        queue: createDeliveryQueue({ redis: own, prefix, clock }),
        journal,
        campaigns: createCampaigns(prepared),
        post: createPost({ relay, throttle, smtp: smtpSection, recipients, keyring, clock }),
        hold: createRelayHold({ redis: own, prefix, clock, log }),
        retry: settings.smtp.retry,
        clock,
        random: () => 0,
        newToken: randomUUID,
        log,
        concurrency: settings.smtp.connections,
        ...changes,
      });
      let stopped: Promise<void> | undefined;
      const stop = () => {
        stopped ??= worker.stop().then(async () => {
          await relay.close();
          await journal.close();
        });
        return stopped;
      };
      closers.push(stop);
      return { lost: worker.lost, stop };
    },
    killRedis: () => process.kill(server.pid, 'SIGKILL'),
    async startRedis() {
      server = await startSandboxRedis({ dir });
    },
    redisPid: () => server.pid,
    rows,
    async statuses() {
      const counts: Record<string, number> = {};
      for (const { status } of await rows()) counts[status] = (counts[status] ?? 0) + 1;
      return counts;
    },
    copies() {
      const counts: Record<string, number> = {};
      for (const { to } of smtp.received) for (const one of to) counts[one] = (counts[one] ?? 0) + 1;
      return counts;
    },
    journals: () => readdir(join(settings.paths.data, 'journal')),
    async close() {
      for (const close of closers) await close();
      await queue.close();
      for (const connection of connections) connection.disconnect();
      await server.stop();
      await smtp.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Names of made-up people: a, b, c … */
export const someone = (count: number) => Array.from({ length: count }, (_, index) => `person${index}`);

/** What {@link House.copies} gives when each of them has one message. */
export const onceEach = (people: readonly string[]) =>
  Object.fromEntries(people.map((uid) => [`${uid}@corp.example`, 1]));
