import { describe, expect, test } from 'vitest';
import { directorySchema, peopleSchema } from '../../src/directory/schema.js';

const directory = directorySchema({ dir: '/etc/rollcall' });
const people = peopleSchema({ dir: '/etc/rollcall' });
const base = 'dc=corp,dc=example';
const messagesOf = (result: { error?: { issues: { message: string }[] } }) =>
  result.error?.issues.map(({ message }) => message).join('; ') ?? '';

describe('the directory section', () => {
  test.each([
    ['ldaps://ldap.corp.example', { scheme: 'ldaps', host: 'ldap.corp.example', port: 636 }],
    ['ldap://[::1]:1389/', { scheme: 'ldap', host: '::1', port: 1389 }],
    ['file:people.ldif', { scheme: 'file', path: '/etc/rollcall/people.ldif' }],
    ['file:///srv/people.ldif', { scheme: 'file', path: '/srv/people.ldif' }],
    ['file:/srv/people.ldif', { scheme: 'file', path: '/srv/people.ldif' }],
  ])('reads the URL %s', (url, expected) => {
    expect(directory.parse({ url })).toMatchObject({
      url: expected,
      pageSize: 500,
      timeout: 30_000,
      startTls: false,
    });
  });

  test.each([
    [{ url: 'http://x' }, /no directory/],
    [{ url: 'ldap:' }, /no directory/],
    [{ url: 'ldap://u:p@host' }, /carries a user/],
    [{ url: 'ldaps://host/dc=corp' }, /base belongs to the campaign/],
    [{ url: 'ldaps://host', startTls: true }, /encrypted from the first byte/],
    [{ url: 'ldaps://host', bindDn: 'cn=x' }, /needs bindPassword/],
    [{ url: 'ldaps://host', bindPassword: 'x' }, /needs bindDn/],
    [{ url: 'ldaps://host', pageSize: 0 }, /1/],
    [{ url: 'ldaps://host', bindDM: 'x' }, /bindDM/],
  ])('refuses %o', (section, message) => {
    expect(messagesOf(directory.safeParse(section))).toMatch(message);
  });

  test('keeps the password out of sight.', () => {
    const settings = directory.parse({ url: 'ldaps://host', bindDn: 'cn=x', bindPassword: 'hush' });
    expect(JSON.stringify(settings)).not.toContain('hush');
  });
});

describe('the people section', () => {
  test('has names in lower case and defaults.', () => {
    expect(
      people.parse({ base, filter: '(mail=*)', id: 'employeeNumber', attributes: ['corpVideoGroup'] }),
    ).toEqual({
      base,
      filter: '(mail=*)',
      id: 'employeenumber',
      attributes: ['corpvideogroup'],
      includeDisabled: false,
    });
  });

  test.each([
    ['(mail=*', /A "\)" is missing \(at character 8\)/],
    ['(&(mail=*)', /"\)" is missing/],
    ['(mail=*))', /"\)" too many/],
    ['(mail)', /"=" is expected behind "mail"/],
    ['()', /brackets are empty/],
    ['(cn=a(b)', /written \\28/],
    ['(cn=a\\zz)', /two hex digits/],
    ['(!)', /"\(" is expected/],
    ['(:=x)', /attribute or a matching rule/],
    [`${'(!'.repeat(200)}(a=b)${')'.repeat(200)}`, /nested more than 100/],
  ])('refuses the filter %s', (filter, message) => {
    expect(messagesOf(people.safeParse({ base, filter }))).toMatch(message);
  });

  test('refuses a base that is no name, and attributes that are none.', () => {
    expect(messagesOf(people.safeParse({ base: 'people', filter: '(a=b)' }))).toMatch(
      /no distinguished name/,
    );
    expect(messagesOf(people.safeParse({ base, filter: '(a=b)', attributes: ['a b'] }))).toMatch(
      /no attribute name/,
    );
  });
});
