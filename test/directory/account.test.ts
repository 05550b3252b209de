import { expect, test } from 'vitest';
import { barredBy } from '../../src/directory/account.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const fileTime = (iso: string) => String((BigInt(Date.parse(iso)) + 11_644_473_600_000n) * 10_000n);
const day = (iso: string) => String(Date.parse(iso) / 86_400_000);

test.each<[string, string, string, 'disabled' | 'expired' | undefined]>([
  ['Active Directory, a normal account', 'userAccountControl', '512', undefined],
  ['Active Directory, disabled', 'userAccountControl', '66050', 'disabled'],
  ['Active Directory, locked', 'userAccountControl', '528', undefined],
  ['Active Directory, never expires', 'accountExpires', '9223372036854775807', undefined],
  ['Active Directory, never expires either', 'accountExpires', '0', undefined],
  ['Active Directory, expired', 'accountExpires', fileTime('2026-03-01T11:59:59Z'), 'expired'],
  ['Active Directory, expires today', 'accountExpires', fileTime('2026-03-01T12:00:01Z'), undefined],
  ['AD LDS, disabled', 'msDS-UserAccountDisabled', 'TRUE', 'disabled'],
  ['OpenLDAP, locked by an administrator', 'pwdAccountLockedTime', '000001010000Z', 'disabled'],
  [
    'OpenLDAP, locked by an administrator, with seconds',
    'pwdAccountLockedTime',
    '00000101000000Z',
    'disabled',
  ],
  ['OpenLDAP, locked for a while', 'pwdAccountLockedTime', '20260301115900Z', undefined],
  ['389 and FreeIPA, disabled', 'nsAccountLock', 'TRUE', 'disabled'],
  ['389 and FreeIPA, enabled', 'nsAccountLock', 'FALSE', undefined],
  ['389, disabled by a role', 'nsRole', 'CN=nsManagedDisabledRole,dc=corp,dc=example', 'disabled'],
  ['389, another role', 'nsRole', 'cn=staff,dc=corp,dc=example', undefined],
  ['FreeIPA, expired', 'krbPrincipalExpiration', '20260301115959Z', 'expired'],
  ['FreeIPA, in another zone', 'krbPrincipalExpiration', '20260301130001+0100', undefined],
  ['eDirectory, disabled', 'loginDisabled', 'TRUE', 'disabled'],
  ['eDirectory, expired', 'loginExpirationTime', '20250101000000Z', 'expired'],
  ['shadowAccount, expired', 'shadowExpire', day('2026-03-01'), 'expired'],
  ['shadowAccount, expires tomorrow', 'shadowExpire', day('2026-03-02'), undefined],
  ['shadowAccount, never', 'shadowExpire', '-1', undefined],
  ['shadowAccount, at zero', 'shadowExpire', '0', 'expired'],
  ['Samba 3, disabled', 'sambaAcctFlags', '[UD         ]', 'disabled'],
  ['Samba 3, enabled', 'sambaAcctFlags', '[UX         ]', undefined],
  ['Samba 3, locked', 'sambaAcctFlags', '[UL         ]', undefined],
  ['Samba 3, expired', 'sambaKickoffTime', String(now / 1000), 'expired'],
  ['a value that is nonsense', 'accountExpires', 'soon', undefined],
])('%s', (_, attribute, value, expected) => {
  expect(barredBy(new Map([[attribute.toLowerCase(), [value]]]), now)).toBe(expected);
});
