import type { Directory, DirectoryContext } from './contract.js';
import { createLdapDirectory } from './ldap-directory.js';
import { createLdifDirectory } from './ldif-directory.js';

export type { Directory } from './contract.js';

/** The directory of the settings. Nothing is opened before it is used, and nothing stays open between uses. */
export function createDirectory(context: DirectoryContext): Directory {
  const { settings } = context;
  const { url } = settings;
  return url.scheme === 'file'
    ? createLdifDirectory({ path: url.path, pageSize: settings.pageSize, clock: context.clock })
    : createLdapDirectory({ ...context, settings: { ...settings, url } });
}
