import { messageOf, RollcallError } from '../lib/errors.js';
import type { CheckLine } from '../model/check.js';
import type { SmtpSettings } from './schema.js';
import type { SmtpSession } from './smtp-session.js';

/** Connects, encrypts and logs in as a run would, sends nothing, and says what the server offers. */
export async function checkRelay(
  settings: SmtpSettings,
  open: (signal?: AbortSignal) => Promise<SmtpSession>,
): Promise<CheckLine[]> {
  const what = `SMTP ${settings.host}:${settings.port}`;
  let session: SmtpSession;
  try {
    session = await open();
  } catch (error) {
    return [
      error instanceof RollcallError
        ? { what, state: 'failed', detail: error.message, code: error.code, hint: error.hint }
        : { what, state: 'failed', detail: messageOf(error) },
    ];
  }
  session.socket.end('QUIT\r\n', () => session.destroy());
  const { dsn, maxSize } = session.features;
  const secured = { starttls: 'encrypted by STARTTLS', implicit: 'encrypted', none: 'not encrypted' }[
    settings.tls
  ];
  const login = settings.user === undefined ? 'no login' : `logged in as ${settings.user}`;
  const size = maxSize === undefined ? 'no stated limit of size' : `messages up to ${maxSize} bytes`;
  return [
    { what, state: 'ok', detail: `Connected, ${secured}, ${login}, ${size}.` },
    dsn
      ? { what: 'SMTP delivery reports', state: 'ok', detail: 'The server offers DSN.' }
      : {
          what: 'SMTP delivery reports',
          state: 'warning',
          detail: 'The server does not offer DSN: a bounce may quote the whole message, links and all.',
          hint: 'Let the relay offer DSN (RFC 3461) to this machine, and keep the bounce mailbox closed to others.',
        },
  ];
}
