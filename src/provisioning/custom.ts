import { z } from 'zod';
import { Secret } from '../lib/secret.js';
import type { FieldContext } from '../settings/fields.js';
import { commonFields, evenIfOthersFail, template } from './common.js';
import { fitsQr } from './qr.js';
import type { Prepared, PrepareOptions } from './system.js';
import { compileValues } from './templates.js';
import { refuseControls, unusable } from './values.js';

/** Schemes that run code or read the person's disk where a mail program follows them. */
const FORBIDDEN = ['javascript', 'data', 'vbscript', 'file', 'blob'];

/** `provisioning:` of a campaign for anything else that is set up by a link. */
export const customSchema = (context: FieldContext) =>
  z
    .strictObject({
      system: z.literal('custom'),
      uri: template().min(1),
      /** Schemes the link may have besides https. */
      schemes: z
        .array(
          z
            .string()
            .regex(
              /^[a-z][a-z0-9+.-]*$/i,
              'a scheme is written without its colon: ciscojabber (RFC 3986 §3.1)',
            )
            .transform((scheme) => scheme.toLowerCase())
            .refine((scheme) => !FORBIDDEN.includes(scheme), {
              message: 'a mail must not carry links of this kind',
            }),
        )
        .default([]),
      ...commonFields(context),
    })
    .superRefine(({ uri, schemes }, issues) => {
      const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
      if (scheme === undefined || !Array.isArray(schemes) || allowed(schemes).includes(scheme)) return;
      issues.addIssue({
        code: 'custom',
        path: ['uri'],
        message: FORBIDDEN.includes(scheme)
          ? `a mail must not carry ${scheme}: links`
          : `"${scheme}" is not among the schemes of this campaign: write schemes: [${scheme}]`,
      });
    }, evenIfOthersFail);

export type CustomSection = z.output<ReturnType<typeof customSchema>>;

function allowed(schemes: readonly string[]): readonly string[] {
  return ['https', ...schemes];
}

/** Compiles the section's template. */
export function prepareCustom(section: CustomSection, options: PrepareOptions): Prepared {
  const values = compileValues({ uri: section.uri }, options);
  if (values.problems.some(({ severity }) => severity === 'error')) return { problems: values.problems };
  return {
    problems: values.problems,
    system: {
      name: 'custom',
      symbols: values.symbols,
      wording: new Set(),
      linkData(context) {
        // A template that is written over several lines ends in a line break.
        const uri = values.renderWhole('uri', context).trim();
        if (uri === '') throw unusable('uri', 'is empty');
        refuseControls('uri', uri);
        if (/\s/u.test(uri)) throw unusable('uri', 'has a space in it; percent-encode values with urlencode');
        if (!allowed(section.schemes).includes(schemeOf(uri)))
          throw unusable('uri', 'does not begin with one of the schemes that the campaign allows');
        if (schemeOf(uri) === 'https' && !URL.canParse(uri))
          throw unusable('uri', 'is no valid https address');
        return { uri };
      },
      link(data) {
        const uri = data['uri'] ?? '';
        return { uri: new Secret(uri), fields: { scheme: schemeOf(uri) }, fitsQr: fitsQr(uri) };
      },
      checkLimits() {},
    },
  };
}

function schemeOf(uri: string): string {
  return /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase() ?? '';
}
