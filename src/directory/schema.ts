import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { messageOf } from '../lib/errors.js';
import { normaliseDn } from '../model/dn.js';
import { duration, type FieldContext, flag, integer, path, secret } from '../settings/fields.js';
import { parseFilter } from './filter.js';

/** Where people are read from. */
export type DirectoryUrl =
  | {
      readonly scheme: 'ldap' | 'ldaps';
      /** A name or an address, IPv6 without brackets. */
      readonly host: string;
      readonly port: number;
    }
  | { readonly scheme: 'file' /** Absolute. */; readonly path: string };

const directoryUrl = ({ dir }: FieldContext) =>
  z.string().transform((text, context): DirectoryUrl => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    const trimmed = text.trim();
    if (/^file:/i.test(trimmed)) {
      const rest = trimmed.slice('file:'.length);
      if (rest === '') return refuse('file: names no file');
      try {
        return { scheme: 'file', path: rest.startsWith('//') ? fileURLToPath(trimmed) : resolve(dir, rest) };
      } catch (error) {
        return refuse(`"${trimmed}" names no file of this machine: ${messageOf(error)}`);
      }
    }
    const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
    const scheme = url?.protocol.slice(0, -1);
    if (url === undefined || (scheme !== 'ldap' && scheme !== 'ldaps') || url.hostname === '')
      return refuse(`"${trimmed}" is no directory: write ldaps://host, ldap://host or file:people.ldif`);
    if (url.username !== '' || url.password !== '')
      return refuse('The URL carries a user: write bindDn and bindPassword instead');
    if ((url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== '')
      return refuse('The URL is scheme, host and port alone: the base belongs to the campaign');
    return {
      scheme,
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? (scheme === 'ldaps' ? 636 : 389) : Number(url.port),
    };
  });

/** The `directory:` section of the settings. */
export const directorySchema = (context: FieldContext) =>
  z
    .strictObject({
      url: directoryUrl(context),
      bindDn: z.string().min(1).optional(),
      bindPassword: secret().optional(),
      startTls: flag().default(false),
      caFile: path(context).optional(),
      serverName: z.string().min(1).optional(),
      pageSize: integer(1, 100_000).default(500),
      timeout: duration().prefault('30s'),
    })
    .superRefine((section, { addIssue }) => {
      const issue = (key: string, message: string) => addIssue({ code: 'custom', path: [key], message });
      if (section.startTls && section.url.scheme === 'ldaps')
        issue(
          'startTls',
          'ldaps:// is encrypted from the first byte: write ldap:// with startTls, or ldaps:// without',
        );
      // A bind with a name and no password succeeds anonymously on many servers (RFC 4513 §5.1.2).
      if (section.bindDn !== undefined && section.bindPassword === undefined)
        issue('bindDn', 'bindDn needs bindPassword');
      if (section.bindPassword !== undefined && section.bindDn === undefined)
        issue('bindPassword', 'bindPassword needs bindDn');
      if (section.timeout < 1) issue('timeout', 'timeout must be longer than nothing');
    });

/** The `directory:` section, checked: the timeout in milliseconds, paths absolute. */
export type DirectorySettings = z.output<ReturnType<typeof directorySchema>>;

const attributeName = () =>
  z
    .string()
    .trim()
    .regex(/^(?:[a-z][a-z0-9_-]*|\d+(?:\.\d+)+)(?:;[a-z0-9-]+)*$/i, 'this is no attribute name')
    .transform((name) => name.toLowerCase());

/** The `people:` section of a campaign. */
export const peopleSchema = (_context: FieldContext) =>
  z.strictObject({
    base: z
      .string()
      .trim()
      .min(1)
      .refine((text) => normaliseDn(text) !== undefined, 'this is no distinguished name'),
    filter: z
      .string()
      .trim()
      .min(1)
      .superRefine((text, { addIssue }) => {
        try {
          parseFilter(text);
        } catch (error) {
          addIssue({ code: 'custom', message: `"${text}" is no LDAP filter: ${messageOf(error)}` });
        }
      }),
    id: attributeName().optional(),
    attributes: z.array(attributeName()).default([]),
    includeDisabled: flag().default(false),
  });

/** Whom a campaign is about: the `people:` section, checked; attribute names in lower case. */
export type PeopleQuery = z.output<ReturnType<typeof peopleSchema>>;
