import { ResultCodeError } from 'ldapts';
import { messageOf, RollcallError } from '../lib/errors.js';

/** The checks that a read must pass to count as complete, as `facts.check` names them. */
export type CompletenessCheck =
  | 'connection'
  | 'bound'
  | 'timeout'
  | 'cookie'
  | 'size-limit'
  | 'time-limit'
  | 'referral'
  | 'base'
  | 'result'
  | 'id'
  | 'duplicate'
  | 'empty';

/** A read that is not proven complete: which check failed, and after how many entries. */
export function incomplete(
  check: CompletenessCheck,
  entries: number,
  what: string,
  details: { hint?: string; cause?: unknown } = {},
): RollcallError {
  return new RollcallError(
    'ROLLCALL_ERR_DIRECTORY_INCOMPLETE',
    `The directory read is incomplete (check: ${check}, after ${entries} entries): ${what}`,
    { ...details, facts: { check, entries } },
  );
}

/** What the server answered in place of a page of entries. RFC 4511 appendix A names the codes. */
export function searchFailure(code: number, serverText: string, entries: number): RollcallError {
  const said = serverText === '' ? '' : ` The server says: ${serverText}`;
  switch (code) {
    case 4:
      return incomplete('size-limit', entries, `the server stopped at its size limit.${said}`, {
        hint: 'Let the bind account read without a size limit (OpenLDAP: limits … size=unlimited; size.prtotal counts paged reads too), or narrow base and filter.',
      });
    case 3:
    case 11:
      return incomplete(
        code === 3 ? 'time-limit' : 'result',
        entries,
        `the server stopped at its ${code === 3 ? 'time limit' : 'administrative limit'}.${said}`,
        { hint: 'Index the attributes of the filter, or raise the limit for the bind account.' },
      );
    case 9:
    case 10:
      return incomplete('referral', entries, `the server refers to another server for the rest.${said}`, {
        hint: 'Read from a server that holds the whole base.',
      });
    case 12:
      return incomplete('cookie', entries, `the server does not page its results.${said}`, {
        hint: 'Rollcall reads page by page (RFC 2696); allow the control 1.2.840.113556.1.4.319 on the server.',
      });
    case 32:
      return incomplete(
        'base',
        entries,
        `people.base is not there, or the bind account may not see it.${said}`,
        {
          hint: 'Check people.base, and what the bind account may read.',
        },
      );
    default:
      return incomplete(
        'result',
        entries,
        `the server answered the search with result code ${code}.${said}`,
        {
          hint:
            code === 1 || code === 50
              ? 'Check directory.bindDn: most directories let only a known account search.'
              : 'Look the result code up in the documentation of the server.',
        },
      );
  }
}

const TLS_HINTS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "The server's certificate has expired: have it renewed.",
  CERT_NOT_YET_VALID: "The server's certificate is not valid yet: check the clocks of both machines.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate is for another name: correct directory.url, or give the name in the certificate as directory.serverName.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The certificate is signed by itself: put it into a PEM file and name that as directory.caFile.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'The authority that signed the certificate is not known here: name its PEM file as directory.caFile.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The authority that signed the certificate is not known here: name its PEM file as directory.caFile.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The authority that signed the certificate is not known here: name its PEM file as directory.caFile.',
  CERT_SIGNATURE_FAILURE: 'directory.caFile is not the authority that signed the certificate.',
  CERT_REVOKED: "The server's certificate has been revoked: have it replaced.",
  ERR_SSL_WRONG_VERSION_NUMBER:
    'The server does not speak TLS at this port: ldaps:// is usually port 636; for port 389 write ldap:// and startTls: true.',
};

const NETWORK_HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'No such host in DNS: check the spelling in directory.url.',
  EAI_AGAIN: 'DNS does not answer from this machine.',
  ECONNREFUSED: 'Nothing listens at that port: check host and port, and that the server runs.',
  EHOSTUNREACH: 'There is no way to that host from this machine: check the network and its firewalls.',
  ENETUNREACH: 'There is no way to that host from this machine: check the network and its firewalls.',
  ECONNRESET:
    'The server closed the connection at once: check that the port speaks LDAP as directory.url says.',
};

/** Why no connection came about: a matter of trust, or of the network. */
export function connectFailure(error: unknown, where: string): RollcallError {
  if (error instanceof RollcallError && error.code === 'ROLLCALL_ERR_TIMEOUT')
    return new RollcallError('ROLLCALL_ERR_DIRECTORY_UNREACHABLE', error.message, {
      hint: 'Check host and port, and that no firewall drops the packets; or raise directory.timeout.',
      cause: error,
    });
  if (error instanceof RollcallError) return error;
  const code = codeOf(error);
  const isTls =
    (code !== undefined && (code in TLS_HINTS || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))) ||
    code === 'EPROTO';
  if (isTls || /certificate/i.test(messageOf(error)))
    return new RollcallError(
      'ROLLCALL_ERR_DIRECTORY_TLS',
      `No trusted connection to ${where}: ${messageOf(error)}${code === undefined ? '' : ` (${code})`}.`,
      { ...hint(TLS_HINTS, code), cause: error },
    );
  return new RollcallError(
    'ROLLCALL_ERR_DIRECTORY_UNREACHABLE',
    `${where} cannot be reached: ${messageOf(error) || code || 'no reason given'}.`,
    { ...hint(NETWORK_HINTS, code), cause: error },
  );
}

/** What Active Directory hides in the text of result code 49 (MS-ADTS, "data 52e"). */
const AD_LOGIN_HINTS: Readonly<Record<string, string>> = {
  '525': 'Active Directory knows no such account: check directory.bindDn.',
  '52e': 'The password is wrong: check directory.bindPassword.',
  '530': 'The account may not log on at this time of day.',
  '531': 'The account may not log on from this machine.',
  '532': "The account's password has expired.",
  '533': 'The account is disabled.',
  '701': 'The account has expired.',
  '773': "The account's password must be changed first.",
  '775': 'The account is locked: wait, or have it unlocked.',
};

/** Why the server did not accept our name and password. */
export function loginFailure(error: unknown, who: string, where: string): RollcallError {
  if (!(error instanceof ResultCodeError)) return connectFailure(error, where);
  const data = /\bdata ([0-9a-f]{3})\b/i.exec(error.message)?.[1]?.toLowerCase();
  const hints: Readonly<Record<number, string>> = {
    8: 'The server wants an encrypted connection before it takes a password: write ldaps://, or startTls: true.',
    13: 'The server wants an encrypted connection before it takes a password: write ldaps://, or startTls: true.',
    48: 'The server does not let people in without a name: set directory.bindDn and directory.bindPassword.',
    53: 'The server does not let people in without a name: set directory.bindDn and directory.bindPassword.',
  };
  const known = (data === undefined ? undefined : AD_LOGIN_HINTS[data]) ?? hints[error.code];
  return new RollcallError(
    'ROLLCALL_ERR_DIRECTORY_LOGIN',
    `${where} did not let ${who} in: result code ${error.code}${serverText(error) === '' ? '' : `, ${serverText(error)}`}.`,
    { ...(known !== undefined && { hint: known }), cause: error },
  );
}

/** ldapts appends the code in hex to what the server said. */
function serverText(error: ResultCodeError): string {
  return error.message.replace(/\s*Code: 0x[0-9a-f]+$/i, '').trim();
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function hint(table: Readonly<Record<string, string>>, code: string | undefined): { hint?: string } {
  const found = code === undefined ? undefined : table[code];
  return found === undefined ? {} : { hint: found };
}
