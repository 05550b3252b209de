import { z } from 'zod';
import { Secret } from '../lib/secret.js';
import { type FieldContext, integer } from '../settings/fields.js';
import { commonFields, template } from './common.js';
import { hostName, isAddress } from './host.js';
import { fitsQr } from './qr.js';
import type { Prepared, PrepareOptions } from './system.js';
import { compileValues } from './templates.js';
import { present, refuseControls } from './values.js';

/** `provisioning:` of a campaign for E-MetroTel InfinityOne: an address to click, and one to type on a phone. */
export const infinityOneSchema = (context: FieldContext) =>
  z.strictObject({
    system: z.literal('infinityone'),
    host: hostName(),
    port: integer(1, 65_535).default(21_326),
    username: template().default('{{ device_username }}'),
    ...commonFields(context),
  });

export type InfinityOneSection = z.output<ReturnType<typeof infinityOneSchema>>;

/** Compiles the section's templates; warns where phones could not check the server's certificate. */
export function prepareInfinityOne(section: InfinityOneSection, options: PrepareOptions): Prepared {
  const values = compileValues({ username: section.username }, options);
  const problems = [...values.problems];
  if (isAddress(section.host))
    problems.push({
      severity: 'warning',
      code: 'ROLLCALL_ERR_PROVISIONING',
      message: `"host" is an address, ${section.host.host}: phones will refuse a certificate that names the server.`,
      hint: "Write the name that the server's certificate carries.",
      ...options.at('host'),
    });
  if (values.problems.some(({ severity }) => severity === 'error')) return { problems };
  return {
    problems,
    system: {
      name: 'infinityone',
      symbols: values.symbols,
      wording: new Set(),
      linkData(context) {
        const username = values.render('username', context);
        refuseControls('username', username);
        return present({ host: section.host.text, port: String(section.port), username });
      },
      link(data) {
        const hostPort = `${data['host']}:${data['port']}`;
        const uri = `https://${hostPort}`;
        return {
          uri: new Secret(uri),
          fields: {
            host: data['host'] ?? '',
            port: data['port'] ?? '',
            hostPort,
            user: data['username'] ?? '',
          },
          fitsQr: fitsQr(uri),
        };
      },
      checkLimits() {},
    },
  };
}
