import type { Attributes, Barred } from '../model/person.js';

/** The attributes by which directories say that an account is disabled or has expired. Lower case. */
export const accountAttributes: readonly string[] = [
  'useraccountcontrol',
  'accountexpires',
  'msds-useraccountdisabled',
  'pwdaccountlockedtime',
  'nsaccountlock',
  'nsrole',
  'shadowexpire',
  'krbprincipalexpiration',
  'logindisabled',
  'loginexpirationtime',
  'sambaacctflags',
  'sambakickofftime',
];

const DAY_MS = 86_400_000;
/** MS-ADTS §2.2.16: ADS_UF_ACCOUNTDISABLE. */
const ACCOUNT_DISABLED = 2;
/** MS-ADA1: 0 and this mean that the account never expires. */
const NEVER_EXPIRES = 0x7fff_ffff_ffff_ffffn;
/** 100 ns intervals between 1601 and 1970. */
const EPOCH_1601 = 116_444_736_000_000_000n;

/**
 * Whether the directory says that this account must not be used. An account that is only locked for a while, after wrong
 * passwords, is not barred.
 * @param now milliseconds since the Unix epoch
 */
export function barredBy(account: Attributes, now: number): Barred | undefined {
  // Most people of most directories have none of these, and this is asked of everybody.
  if (!accountAttributes.some((name) => account.has(name))) return undefined;
  if (isDisabled(account)) return 'disabled';
  return isExpired(account, now) ? 'expired' : undefined;
}

function isDisabled(account: Attributes): boolean {
  const first = (name: string) => account.get(name)?.[0];
  const isTrue = (name: string) => first(name)?.toLowerCase() === 'true';
  const control = Number(first('useraccountcontrol') ?? 0);
  if (Number.isInteger(control) && (control & ACCOUNT_DISABLED) !== 0) return true;
  // AD LDS, which has no userAccountControl; 389 and FreeIPA; eDirectory.
  if (isTrue('msds-useraccountdisabled') || isTrue('nsaccountlock') || isTrue('logindisabled')) return true;
  // draft-behera-ldap-password-policy §5.3.3: this one value is a lock by an administrator, any other a time.
  if (/^000001010000(00)?Z$/i.test(first('pwdaccountlockedtime') ?? '')) return true;
  // 389 inactivates by roles; nsAccountLock follows from them, but only where its plug-in runs.
  if (account.get('nsrole')?.some((role) => /^\s*cn\s*=\s*ns(managed)?disabledrole\s*,/i.test(role)))
    return true;
  return /^\[[^\]]*D[^\]]*\]$/i.test(first('sambaacctflags') ?? '');
}

function isExpired(account: Attributes, now: number): boolean {
  const first = (name: string) => account.get(name)?.[0];
  const fileTime = wholeNumber(first('accountexpires'));
  if (fileTime !== undefined && fileTime > 0n && fileTime !== NEVER_EXPIRES)
    if (now >= Number((fileTime - EPOCH_1601) / 10_000n)) return true;
  // shadow(5): days since 1970, -1 for never. What 0 means is left open there; PAM turns such an account away.
  const days = wholeNumber(first('shadowexpire'));
  if (days !== undefined && days >= 0n && now >= Number(days) * DAY_MS) return true;
  const kickoff = wholeNumber(first('sambakickofftime'));
  if (kickoff !== undefined && kickoff > 0n && now >= Number(kickoff) * 1_000) return true;
  return ['krbprincipalexpiration', 'loginexpirationtime'].some((name) => {
    const time = generalizedTime(first(name));
    return time !== undefined && now >= time;
  });
}

function wholeNumber(text: string | undefined): bigint | undefined {
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}

/** RFC 4517 §3.3.13, to the second. */
function generalizedTime(text: string | undefined): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,]\d+)?(Z|[+-]\d\d(?:\d\d)?)$/.exec(text ?? '');
  if (!found) return undefined;
  const [, year, month, day, hour, minute = '00', second = '00', zone = 'Z'] = found;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3) || '00'}`;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(time) ? undefined : time;
}
