import { join } from 'node:path';
import { startMailCatcher } from './mail-catcher.js';
import { startSandboxSlapd } from './slapd.js';

export interface DemoSandbox {
  /** The variables that config/sandbox/rollcall.yaml names. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the mails are put. */
  readonly mails: string;
  stop(): Promise<void>;
}

/**
 * A directory and a mail server for the demo, on loopback and free ports, with their data in `dir`.
 * Redis is not among them: the demo's settings say `local`, and Rollcall runs that one itself.
 */
export async function startDemoSandbox({ dir, ldif }: { dir: string; ldif: string }): Promise<DemoSandbox> {
  const mails = join(dir, 'mails');
  const slapd = await startSandboxSlapd({ dir: join(dir, 'slapd'), ldif, base: 'dc=corp,dc=example' });
  try {
    const catcher = await startMailCatcher({ dir: mails });
    return {
      env: { DEMO_DIRECTORY: slapd.url, DEMO_SMTP_PORT: String(catcher.port) },
      mails,
      stop: async () => {
        await catcher.stop();
        await slapd.stop();
      },
    };
  } catch (error) {
    await slapd.stop();
    throw error;
  }
}
