import { z } from 'zod';
import type { JinjaContext } from '../jinja/types.js';
import { Secret } from '../lib/secret.js';
import type { LinkData } from '../model/assignment.js';
import { type FieldContext, flag, integer } from '../settings/fields.js';
import { commonFields, evenIfOthersFail, template } from './common.js';
import { hostName } from './host.js';
import { fitsQr } from './qr.js';
import type { Prepared, PrepareOptions } from './system.js';
import { compileValues } from './templates.js';
import { present, refuseControls, unusable } from './values.js';

/** The port of a Sametime proxy whose URL names none. */
export const SAMETIME_PORT = 443;

/** The parameters of the link after `action`, in the order of HCL's table, which is the complete list. */
const PARAMETERS = [
  'communityName',
  'savePassword',
  'authProxyEnabled',
  'authProxyReuseCredentials',
  'authProxyUser',
  'allowUntrustedSSL',
] as const;

/** `provisioning:` of a campaign for HCL Sametime's mobile clients. */
export const sametimeSchema = (context: FieldContext) =>
  z
    .strictObject({
      system: z.literal('sametime'),
      host: hostName(),
      port: integer(1, 65_535).optional(),
      user: template().default('{{ device_username }}'),
      password: template().optional(),
      allowPasswordInUrl: flag().default(false),
      communityName: template().optional(),
      savePassword: flag().optional(),
      authProxyEnabled: flag().optional(),
      authProxyReuseCredentials: flag().optional(),
      authProxyUser: template().optional(),
      allowUntrustedSSL: flag().optional(),
      ...commonFields(context),
    })
    .superRefine((section, issues) => {
      const complain = (key: string, message: string) =>
        issues.addIssue({ code: 'custom', path: [key], message });
      if (section.password !== undefined && !section.allowPasswordInUrl)
        complain(
          'password',
          'any app that claims hclsametime: links could read it: leave it out, or write allowPasswordInUrl: true',
        );
      if (section.authProxyReuseCredentials === false)
        complain('authProxyReuseCredentials', 'Sametime knows only "true" here: leave it out instead');
      if (section.authProxyEnabled === false)
        for (const key of ['authProxyReuseCredentials', 'authProxyUser'] as const)
          if (section[key] !== undefined && section[key] !== false)
            complain(
              'authProxyEnabled',
              `Sametime takes "${key}" to mean that there is a proxy: one contradicts the other`,
            );
    }, evenIfOthersFail);

export type SametimeSection = z.output<ReturnType<typeof sametimeSchema>>;

/** Compiles the section's templates. */
export function prepareSametime(section: SametimeSection, options: PrepareOptions): Prepared {
  const values = compileValues(
    {
      user: section.user,
      password: section.password,
      communityName: section.communityName,
      authProxyUser: section.authProxyUser,
    },
    options,
  );
  if (values.problems.some(({ severity }) => severity === 'error')) return { problems: values.problems };
  const written = (value: boolean | undefined) => (value === undefined ? undefined : String(value));
  const shared = (context: JinjaContext) =>
    present({
      host: section.host.text,
      port: section.port === undefined ? undefined : String(section.port),
      communityName: values.render('communityName', context),
      savePassword: written(section.savePassword),
      authProxyEnabled: written(section.authProxyEnabled),
      authProxyReuseCredentials: written(section.authProxyReuseCredentials),
      allowUntrustedSSL: written(section.allowUntrustedSSL),
    });
  return {
    problems: values.problems,
    system: {
      name: 'sametime',
      symbols: values.symbols,
      wording: new Set(),
      linkData(context, { mask = false } = {}) {
        const data = {
          ...shared(context),
          ...present({
            user: values.render('user', context),
            password: values.renderSecret('password', context, mask),
            authProxyUser: values.render('authProxyUser', context),
          }),
        };
        for (const [field, value] of Object.entries(data)) refuseControls(field, value);
        // Android's Uri.getUserInfo decodes %3A before the client splits at the colon.
        if (data['user']?.includes(':'))
          throw unusable('user', 'has a colon in it, which would begin the password');
        if (data['password'] !== undefined && data['user'] === undefined)
          throw unusable('password', 'cannot be in the link without a user');
        return data;
      },
      link(data) {
        const uri = sametimeUri(data);
        const port = data['port'] ?? String(SAMETIME_PORT);
        return {
          uri: new Secret(uri),
          fields: {
            host: data['host'] ?? '',
            port,
            hostPort: `${data['host']}:${port}`,
            community: data['communityName'] ?? '',
            user: data['user'] ?? '',
          },
          fitsQr: fitsQr(uri),
        };
      },
      sharedUri: (constants) => sametimeUri(shared(constants)),
      checkLimits() {},
    },
  };
}

/** The link in HCL's grammar: percent-encoded everywhere, so that `@` in a user is `%40` and a space `%20`. */
function sametimeUri(data: LinkData): string {
  const password = data['password'] === undefined ? '' : `:${encodeURIComponent(data['password'])}`;
  const user = data['user'] === undefined ? '' : `${encodeURIComponent(data['user'])}${password}@`;
  const port = data['port'] === undefined ? '' : `:${data['port']}`;
  const parameters = PARAMETERS.flatMap((name) =>
    data[name] === undefined ? [] : [`&${name}=${encodeURIComponent(data[name])}`],
  );
  return `hclsametime://${user}${data['host']}${port}/?action=AddCommunity${parameters.join('')}`;
}
