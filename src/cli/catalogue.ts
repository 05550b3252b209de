import type { Command } from './command.js';

/** A command as `rollcall --help` shows it. What it does is loaded only when it is called. */
export interface Entry {
  /** Its name and positionals, as yargs writes them. */
  readonly usage: string;
  readonly describe: string;
  readonly load: () => Promise<{ command: Command }>;
}

/** A word under which several commands stand: `key create`, `key show-id`. */
export interface Group {
  readonly usage: string;
  readonly describe: string;
  readonly entries: readonly Entry[];
}

export const catalogue: readonly (Entry | Group)[] = [
  {
    usage: 'run <campaign>',
    describe: 'Plan and enqueue now; with --wait, send too',
    load: () => import('./commands/run.js'),
  },
  {
    usage: 'start',
    describe: 'Plan by schedule and send, until SIGTERM',
    load: () => import('./commands/start.js'),
  },
  {
    usage: 'work',
    describe: 'Send what is queued, until SIGTERM; on as many machines as you like',
    load: () => import('./commands/work.js'),
  },
  {
    usage: 'dry-run <campaign>',
    describe: "Render everybody's mail to files; sends nothing, needs neither Redis nor SMTP",
    load: () => import('./commands/dry-run.js'),
  },
  {
    usage: 'resend <campaign>',
    describe: 'Write to some people once more, with their data as it is now',
    load: () => import('./commands/resend.js'),
  },
  {
    usage: 'test-send <campaign>',
    describe: "One mail with a person's data to you, secrets masked; the ledger learns nothing of it",
    load: () => import('./commands/test-send.js'),
  },
  {
    usage: 'status [campaign]',
    describe: 'Counts by status, the last run, the next one',
    load: () => import('./commands/status.js'),
  },
  {
    usage: 'why <campaign> <person>',
    describe: 'What one person gets or got, why, and what happens next',
    load: () => import('./commands/why.js'),
  },
  {
    usage: 'report <campaign>',
    describe: 'Who got what, and who got nothing and why, as a page, CSV or JSON',
    load: () => import('./commands/report.js'),
  },
  {
    usage: 'export <campaign>',
    describe: 'What the system itself needs: for Pexip, its device import file',
    load: () => import('./commands/export.js'),
  },
  {
    usage: 'pause <campaign>',
    describe: 'Hold what is not yet sent',
    load: () => import('./commands/pause.js'),
  },
  {
    usage: 'resume <campaign>',
    describe: 'Go on after a pause',
    load: () => import('./commands/resume.js'),
  },
  {
    usage: 'cancel <campaign>',
    describe: 'Drop what is not yet sent',
    load: () => import('./commands/cancel.js'),
  },
  {
    usage: 'suppress',
    describe: 'Addresses that are never written to',
    entries: [
      {
        usage: 'add <address>',
        describe: 'Never write to an address',
        load: () => import('./commands/suppress-add.js'),
      },
      {
        usage: 'remove <address>',
        describe: 'Write to it again',
        load: () => import('./commands/suppress-remove.js'),
      },
      {
        usage: 'list',
        describe: 'All of them, with reasons',
        load: () => import('./commands/suppress-list.js'),
      },
    ],
  },
  {
    usage: 'bounces [from]',
    describe: 'Read what came back: from the mailbox in the settings, a folder, or a pipe',
    load: () => import('./commands/bounces.js'),
  },
  {
    usage: 'check [campaign]',
    describe: 'Settings, LDAP, Redis, SMTP, templates, and what the system itself needs',
    load: () => import('./commands/check.js'),
  },
  {
    usage: 'ledger',
    describe: 'Back up the ledger, move it, erase a person from it',
    entries: [
      {
        usage: 'export <file>',
        describe: 'Write the whole ledger as NDJSON',
        load: () => import('./commands/ledger-export.js'),
      },
      {
        usage: 'import <file>',
        describe: 'Take an export into an empty ledger',
        load: () => import('./commands/ledger-import.js'),
      },
      {
        usage: 'forget <person>',
        describe: 'Erase a person with all deliveries',
        load: () => import('./commands/ledger-forget.js'),
      },
    ],
  },
  {
    usage: 'key',
    describe: 'The root key: everything sealed or signed depends on it',
    entries: [
      {
        usage: 'create',
        describe: 'Make the key file that the settings name; never over one that is there',
        load: () => import('./commands/key-create.js'),
      },
      {
        usage: 'show-id',
        describe: 'Print the id of the key, which is no secret, to compare it between machines',
        load: () => import('./commands/key-show-id.js'),
      },
    ],
  },
  {
    usage: 'demo',
    describe: 'The main job against a sandbox on this machine',
    load: () => import('./commands/demo.js'),
  },
];
