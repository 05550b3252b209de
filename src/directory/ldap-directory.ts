import { type LdapSettings, openConnection } from './connection.js';
import type { Directory, DirectoryContext } from './contract.js';
import { checkLdap } from './ldap-check.js';
import { findPeople } from './ldap-find.js';
import { readPeople } from './ldap-read.js';

/** People from an LDAP server. Each read, find and check has a connection of its own. */
export function createLdapDirectory({
  settings,
  allowPlaintext,
  clock,
  log,
}: DirectoryContext & { readonly settings: LdapSettings }): Directory {
  return {
    async *read({ query, attributes }, signal) {
      const connection = await openConnection(settings, { allowPlaintext, signal });
      try {
        const { pageSize } = settings;
        let people = 0;
        for await (const page of readPeople({
          connection,
          query,
          attributes,
          pageSize,
          now: clock.now(),
          signal,
        })) {
          people += page.length;
          yield page;
        }
        log.debug({ people, base: query.base }, 'The directory was read, and the read is complete.');
      } finally {
        await connection.close();
      }
    },
    async find({ query, attributes }, who) {
      const connection = await openConnection(settings, { allowPlaintext });
      try {
        return await findPeople({ connection, query, attributes, now: clock.now() }, who);
      } finally {
        await connection.close();
      }
    },
    check: (query) => checkLdap({ settings, allowPlaintext, clock, query }),
  };
}
