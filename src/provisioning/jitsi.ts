import { z } from 'zod';
import { Secret } from '../lib/secret.js';
import { maskSecret } from '../model/mask.js';
import { type FieldContext, flag } from '../settings/fields.js';
import { commonFields, evenIfOthersFail, template } from './common.js';
import { hostPort } from './host.js';
import { fitsQr } from './qr.js';
import type { Prepared, PrepareOptions } from './system.js';
import { compileValues } from './templates.js';
import { present, refuseControls, unusable } from './values.js';

/** What Jitsi itself replaces, after asking the person. */
const PLACEHOLDERS = { username: '$' + '{username}', password: '$' + '{password}' } as const;

/**
 * Jitsi takes the query apart at `&` and posts what is between undecoded, so a percent sign would arrive as one:
 * ASCII that a query cannot hold as it is (RFC 3986 §3.4), or that would end the value, cannot be carried at all.
 */
const UNCARRIED = /[ "#%&+<=>[\\\]^`{|}]/;

/** `provisioning:` of a campaign for Jitsi (desktop) with Openfire's Jitsi Provisioning plugin. */
export const jitsiSchema = (context: FieldContext) =>
  z
    .strictObject({
      system: z.literal('jitsi'),
      host: hostPort(),
      path: z
        .string()
        .regex(
          /^\/[\w\-./~]*$/,
          'a path begins with / and has no query: /plugins/jitsiProvisioning/provision',
        )
        .default('/plugins/jitsiProvisioning/provision'),
      userParameter: z.enum(['user', 'username']).default('user'),
      username: template().optional(),
      password: template().optional(),
      secret: z
        .string()
        .min(1)
        .refine((text) => !UNCARRIED.test(text), {
          message:
            'Jitsi sends it as it stands in the link, so it must do without spaces and any of "#%&+<=>[\\]^`{|}',
        })
        .transform((text) => new Secret(text)),
      allowInsecure: flag().default(false),
      ...commonFields(context),
    })
    .superRefine(({ username, password }, issues) => {
      if (isPlaceholder(username) === isPlaceholder(password)) return;
      issues.addIssue({
        code: 'custom',
        path: [username === undefined ? 'password' : 'username'],
        message:
          'Jitsi asks for both or for neither: write username and password, or neither of them (one placeholder alone would be sent empty)',
      });
    }, evenIfOthersFail);

export type JitsiSection = z.output<ReturnType<typeof jitsiSchema>>;

function isPlaceholder(value: string | undefined): boolean {
  return value === undefined || Object.values<string>(PLACEHOLDERS).includes(value);
}

/** Compiles the section's templates. */
export function prepareJitsi(section: JitsiSection, options: PrepareOptions): Prepared {
  const literal = !isPlaceholder(section.username);
  const values = compileValues(
    {
      username: literal ? section.username : undefined,
      password: literal ? section.password : undefined,
    },
    options,
  );
  if (values.problems.some(({ severity }) => severity === 'error')) return { problems: values.problems };
  return {
    problems: values.problems,
    system: {
      name: 'jitsi',
      symbols: values.symbols,
      wording: new Set(),
      linkData(context, { mask = false } = {}) {
        const username = values.render('username', context);
        const password = values.renderSecret('password', context, mask);
        if ((username === undefined) !== (password === undefined))
          throw unusable(
            username === undefined ? 'username' : 'password',
            'is missing: Jitsi asks for both or for neither',
          );
        refuseUncarried('username', username);
        refuseUncarried('password', password);
        const secret = section.secret.reveal();
        return present({
          scheme: section.allowInsecure ? 'http' : 'https',
          host: section.host.text,
          path: section.path,
          userParameter: section.userParameter,
          username,
          password,
          secret: mask ? maskSecret(secret) : secret,
        });
      },
      link(data) {
        const username = data['username'] === undefined ? PLACEHOLDERS.username : encode(data['username']);
        const password = data['password'] === undefined ? PLACEHOLDERS.password : encode(data['password']);
        const query = `${data['userParameter']}=${username}&password=${password}&secret=${encode(data['secret'] ?? '')}`;
        const uri = `${data['scheme']}://${data['host']}${data['path']}?${query}`;
        return {
          uri: new Secret(uri),
          fields: {
            host: data['host'] ?? '',
            asksCredentials: data['username'] === undefined ? 'true' : '',
          },
          fitsQr: fitsQr(uri),
        };
      },
      checkLimits() {},
    },
  };
}

function refuseUncarried(field: string, value: string | undefined): void {
  refuseControls(field, value);
  if (value !== undefined && UNCARRIED.test(value))
    throw unusable(
      field,
      'has a character in it that Jitsi would not send as it is (a space or any of "#%&+<=>[\\]^`{|})',
    );
}

/** UTF-8 percent-encoding of what is not ASCII, as the plugin's document asks; the rest was found to need none. */
function encode(value: string): string {
  return value.replace(/[^!-~]+/gu, encodeURIComponent);
}
