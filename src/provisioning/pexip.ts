import { z } from 'zod';
import { RollcallError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import type { FieldContext } from '../settings/fields.js';
import { commonFields, evenIfOthersFail, template } from './common.js';
import { base64, base64InQuery, escapePairValue } from './encoding.js';
import { hostPort } from './host.js';
import { fitsQr } from './qr.js';
import type { DeviceRecord, Prepared, PrepareOptions } from './system.js';
import { compileValues } from './templates.js';
import { present, refuseBrokenText, refuseControls, unusable } from './values.js';

/** The name-value pairs of a provisioning link, in the order of Pexip's own examples. */
const PAIRS = [
  'name',
  'registrationHost',
  'registrationAlias',
  'registrationUsername',
  'registrationPassword',
  'brandingURL',
  'adfsFederationServiceName',
  'adfsResource',
  'adfsClientID',
  'adfsRedirectURI',
] as const;

type PairName = (typeof PAIRS)[number];

/** Those of the AD FS four that the campaign must name; the fourth has a default. */
const ADFS_NAMED = ['adfsFederationServiceName', 'adfsResource', 'adfsClientID'] as const;
const ADFS = [...ADFS_NAMED, 'adfsRedirectURI', 'adfsRedirectMessage'] as const;

/** What Pexip's own records hold at most, in characters. */
const LIMITS = { alias: 250, username: 100, password: 100, owner: 100 } as const;

/** The display name: the user name, as Pexip's document suggests, else what the directory calls the person. */
const DEFAULT_NAME =
  '{% if device_username %}{{ device_username }}{% elif displayName %}{{ displayName }}{% elif cn %}{{ cn }}{% endif %}';

/**
 * `provisioning:` of a campaign for Pexip Infinity. A value that renders to nothing leaves its pair out of the
 * link.
 */
export const pexipSchema = (context: FieldContext) =>
  z
    .strictObject({
      system: z.literal('pexip'),
      node: hostPort(),
      link: z.enum(['web', 'app']).default('web'),
      message: template().optional(),
      name: template().default(DEFAULT_NAME),
      registrationHost: template().optional(),
      registrationAlias: template().default('{{ device_alias }}'),
      registrationUsername: template().optional(),
      registrationPassword: template().optional(),
      brandingURL: template().optional(),
      adfsFederationServiceName: template().optional(),
      adfsResource: template().optional(),
      adfsClientID: template().optional(),
      adfsRedirectURI: template().optional(),
      adfsRedirectMessage: template().optional(),
      ...commonFields(context),
    })
    .superRefine((section, issues) => {
      const complain = (key: string, message: string) =>
        issues.addIssue({ code: 'custom', path: [key], message });
      if (section.link === 'app' && section.message !== undefined && section.message !== '')
        complain('message', 'a pexip-provision:// link shows no message: leave it out, or take link: web');
      if (!usesAdfs(section)) return;
      for (const key of ADFS_NAMED)
        if (section[key] === undefined)
          complain('system', `"${key}" is missing: with AD FS all of ${ADFS_NAMED.join(', ')} are needed`);
      for (const key of ['registrationUsername', 'registrationPassword'] as const)
        if (section[key] !== undefined && section[key] !== '')
          complain(key, 'with AD FS there is no user name and no password in the link: leave it out');
      if (section.adfsRedirectURI !== undefined && section.adfsRedirectMessage !== undefined)
        complain('adfsRedirectMessage', 'it belongs to the default adfsRedirectURI: write one of the two');
    }, evenIfOthersFail);

export type PexipSection = z.output<ReturnType<typeof pexipSchema>>;

function usesAdfs(section: Partial<Record<(typeof ADFS)[number], string | undefined>>): boolean {
  return ADFS.some((key) => section[key] !== undefined);
}

/** Compiles the section's templates. */
export function preparePexip(section: PexipSection, options: PrepareOptions): Prepared {
  const adfs = usesAdfs(section);
  const { node } = section;
  const values = compileValues<PairName | 'message' | 'adfsRedirectMessage'>(
    {
      name: section.name,
      registrationHost: section.registrationHost ?? node.host,
      registrationAlias: section.registrationAlias,
      registrationUsername: adfs ? undefined : (section.registrationUsername ?? '{{ device_username }}'),
      registrationPassword: adfs ? undefined : (section.registrationPassword ?? '{{ device_password }}'),
      brandingURL: section.brandingURL,
      adfsFederationServiceName: section.adfsFederationServiceName,
      adfsResource: section.adfsResource,
      adfsClientID: section.adfsClientID,
      adfsRedirectURI: adfs
        ? (section.adfsRedirectURI ?? `https://${node.text}/api/client/v2/oauth2_redirect`)
        : undefined,
      adfsRedirectMessage: section.adfsRedirectMessage,
      message: section.message,
    },
    options,
  );
  if (values.problems.some(({ severity }) => severity === 'error')) return { problems: values.problems };
  return {
    problems: values.problems,
    system: {
      name: 'pexip',
      symbols: values.symbols,
      wording: new Set(['message', 'adfsRedirectMessage']),
      linkData(context, { mask = false } = {}) {
        const pairs: Partial<Record<PairName, string>> = {};
        for (const key of PAIRS) {
          const value =
            key === 'registrationPassword'
              ? values.renderSecret(key, context, mask)
              : values.render(key, context);
          if (value === undefined) continue;
          // A display name is only shown, so a line break in it does no harm; in anything else it can only be a
          // mistake.
          if (key === 'name') refuseBrokenText(key, value);
          else refuseControls(key, value);
          pairs[key] = value;
        }
        if (Object.keys(pairs).length === 0) throw unusable('provisioning data', 'is empty');
        if (adfs)
          for (const key of [...ADFS_NAMED, 'adfsRedirectURI'] as const)
            if (pairs[key] === undefined)
              throw unusable(key, 'is empty, but with AD FS all four of its values are needed');
        const wording = {
          message: values.render('message', context),
          adfsRedirectMessage: values.render('adfsRedirectMessage', context),
        };
        refuseBrokenText('message', wording.message);
        refuseBrokenText('adfsRedirectMessage', wording.adfsRedirectMessage);
        return present(pairs, wording, { node: node.text, link: section.link });
      },
      link(data) {
        const pairs = PAIRS.flatMap((key) => {
          const value = data[key];
          if (value === undefined) return [];
          const message = key === 'adfsRedirectURI' ? data['adfsRedirectMessage'] : undefined;
          const whole = message === undefined ? value : `${value}?message=${base64InQuery(message)}`;
          return [`${key}=${escapePairValue(whole)}`];
        });
        const bag = encodeURIComponent(base64(pairs.join('&')));
        const message = data['message'];
        const uri =
          data['link'] === 'app'
            ? `pexip-provision://settings/?data=${bag}`
            : `https://${data['node']}/api/client/v2/provision?data=${bag}${
                message === undefined ? '' : `&message=${encodeURIComponent(base64(message))}`
              }`;
        return {
          uri: new Secret(uri),
          fields: {
            host: data['node'] ?? '',
            registrationHost: data['registrationHost'] ?? '',
            name: data['name'] ?? '',
          },
          fitsQr: fitsQr(uri),
        };
      },
      checkLimits,
    },
  };
}

function checkLimits({ alias, username, password, to }: DeviceRecord): void {
  const tooLong = (field: string, value: string | undefined, limit: number) => {
    if (value === undefined || value.length <= limit) return;
    // Pexip counts characters, not UTF-16 units.
    const { length } = [...value];
    if (length > limit)
      throw new RollcallError(
        'ROLLCALL_ERR_FIELD_LIMIT',
        `The ${field} has ${length} characters; Pexip takes ${limit}.`,
        { facts: { field, length, limit } },
      );
  };
  tooLong('alias', alias, LIMITS.alias);
  tooLong('user name', username, LIMITS.username);
  tooLong('password', password?.reveal(), LIMITS.password);
  tooLong("owner's e-mail address", to, LIMITS.owner);
}
