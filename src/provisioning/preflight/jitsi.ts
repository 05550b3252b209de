import { messageOf } from '../../lib/errors.js';
import type { CheckLine } from '../../model/check.js';
import type { JitsiSection } from '../jitsi.js';
import { probeCertificate } from './certificate.js';
import { DEFAULT_TIMEOUT_MS, type PreflightDeps } from './context.js';
import { type Answer, ask } from './http.js';
import { locate } from './server.js';

/** Somebody who should not exist: the plugin says "wrong password" only once all the rest is right. */
const NOBODY = 'rollcall-check';

/** The server's certificate, then what the plugin says to somebody it does not know. */
export async function probeJitsi(section: JitsiSection, deps: PreflightDeps): Promise<readonly CheckLine[]> {
  const scheme = section.allowInsecure ? 'http' : 'https';
  const { host, port = section.allowInsecure ? 80 : 443 } = section.host;
  const located = await locate(host, port, section, deps);
  if (located.target === undefined) return [located.line];
  const certificate = section.allowInsecure
    ? {
        trusted: true,
        lines: [
          {
            what: `Connection to ${host}:${port}`,
            state: 'warning',
            detail: "allowInsecure is set: people's passwords cross the network in clear text.",
            hint: 'Give Openfire a certificate and leave allowInsecure out.',
          } satisfies CheckLine,
        ],
      }
    : await probeCertificate(located.target, deps);
  if (!certificate.trusted) return certificate.lines;

  const what = `Provisioning plugin at ${host}:${port}${section.path}`;
  const form = new URLSearchParams({
    [section.userParameter]: NOBODY,
    password: NOBODY,
    secret: section.secret.reveal(),
  });
  try {
    const answer = await ask(
      located.target,
      { scheme, path: section.path, form },
      deps.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    );
    return [...certificate.lines, { what, ...advise(answer) }];
  } catch (error) {
    const detail = `It does not answer: ${messageOf(error)}`;
    return [
      ...certificate.lines,
      { what, state: 'failed', detail, code: 'ROLLCALL_ERR_PREFLIGHT_UNREACHABLE' },
    ];
  }
}

/**
 * The plugin's error strings, of its document and of its source where the two differ, and what to do about each.
 */
const ADVICE: readonly (readonly [string, string, string])[] = [
  [
    'RequestNotAuthorised',
    'It refuses the secret, or the address of this machine (RequestNotAuthorised).',
    "Compare `secret` with the plugin's page in Openfire's admin console, and look at its list of allowed addresses.",
  ],
  [
    'IllegalArgumentException',
    'It did not find a user name in the link (IllegalArgumentException).',
    'Try `userParameter: username`: some versions of the plugin read that, whatever their document says.',
  ],
  [
    'JitsiProvisioning Disabled',
    'It is switched off (JitsiProvisioning Disabled).',
    "Switch it on on the plugin's page in Openfire's admin console; it is off until somebody does.",
  ],
  [
    'ConnectionException',
    'Openfire cannot reach the database or directory that it checks passwords against (ConnectionException).',
    "Look at Openfire's own log.",
  ],
  [
    'InternalUnauthenticatedException',
    'Openfire failed while it checked the password (InternalUnauthenticatedException).',
    "Look at Openfire's own log.",
  ],
];

/** What it says when all is well: somebody unknown was asked for. */
const AS_EXPECTED = ['UnauthorizedException', 'Invalid Username/Password'];

function advise({ status, reason, body, location }: Answer): Omit<CheckLine, 'what'> {
  const said = `${reason}\n${body}`;
  const fault = (detail: string, hint: string): Omit<CheckLine, 'what'> => ({
    state: 'failed',
    detail,
    hint,
    code: 'ROLLCALL_ERR_PREFLIGHT_ANSWER',
  });
  const found = ADVICE.find(([text]) => said.includes(text));
  if (found !== undefined) return fault(found[1], found[2]);
  if (AS_EXPECTED.some((text) => said.includes(text)))
    return { state: 'ok', detail: 'It takes the secret, and refuses a user who does not exist.' };
  if (status === 404)
    return fault(
      'There is no such page (status 404).',
      'Check that the plugin is installed, and `path`: /plugins/jitsiProvisioning/provision, with or without a slash at its end.',
    );
  if (status >= 300 && status < 400)
    return fault(
      `It sends Jitsi elsewhere (status ${status}, ${location ?? 'nowhere'}).`,
      "Name the address it leads to; Openfire's login page means that the path is not the plugin's.",
    );
  if (status === 200)
    return {
      state: 'warning',
      detail: 'It took a user who should not exist.',
      hint: `See what it answers for the user "${NOBODY}": perhaps this is not the plugin, or it checks nothing.`,
    };
  return fault(
    `It answers with status ${status}, and nothing that is known of it.`,
    "Look at Openfire's own log.",
  );
}
