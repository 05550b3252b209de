import { z } from 'zod';
import { duration, type FieldContext, flag, integer, path, rate, secret } from '../settings/fields.js';
import { parseAddress } from './address.js';
import { domainMatches, normaliseDomain, normaliseDomainPattern } from './domain.js';
import { parseSender, type Sender } from './sender.js';

/** A bare address of ours, such as those that digests go to: normalised, the local part in ASCII. */
export const notifyAddress = () =>
  z.string().transform((text, context) => {
    const parsed = parseAddress(text.trim());
    const problem =
      typeof parsed === 'string' ? parsed : parsed.needsSmtpUtf8 ? 'its local part is not ASCII' : undefined;
    if (typeof parsed === 'string' || problem !== undefined) {
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no address that can be used here: ${problem}`,
      });
      return z.NEVER;
    }
    return parsed.address;
  });

const sender = () =>
  z.string().transform((text, context): Sender => {
    const parsed = parseSender(text);
    if (typeof parsed === 'string') {
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no sender: ${parsed}. Write "Video Team <video@corp.example>"`,
      });
      return z.NEVER;
    }
    return parsed;
  });

const domainPattern = () =>
  z.string().transform((text, context) => {
    const pattern = normaliseDomainPattern(text.trim());
    if (pattern === undefined) {
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no domain: write corp.example, or *.corp.example for all below it`,
      });
      return z.NEVER;
    }
    return pattern;
  });

/** What EHLO says: a host name, or an address literal (RFC 5321 §4.1.3). */
const ehloName = () =>
  z.string().refine((text) => normaliseDomain(text) === text || /^\[[0-9A-Za-z:.]+\]$/.test(text), {
    message: 'must be a host name in ASCII, such as rollcall.corp.example',
  });

const tls = () => z.enum(['starttls', 'implicit', 'none']);

const SMTP_PORTS = { starttls: 587, implicit: 465, none: 25 } as const;
const IMAP_PORTS = { starttls: 143, implicit: 993, none: 143 } as const;

const TIMEOUTS = { connect: 10_000, greeting: 10_000, reply: 120_000, final: 600_000 } as const;

/** The keys of `smtp` that say who mails come from. */
export const senderSchema = () => ({ from: sender(), replyTo: sender().optional() });

/** The `smtp` section of the settings. Durations are milliseconds after parsing. */
export const smtpSchema = (files: FieldContext) =>
  z
    .strictObject({
      host: z.string().min(1),
      port: integer(1, 65_535).optional(),
      tls: tls().default('starttls'),
      caFile: path(files).optional(),
      serverName: z.string().min(1).optional(),
      user: z.string().min(1).optional(),
      password: secret().optional(),
      name: ehloName().optional(),
      ...senderSchema(),
      bounceAddress: notifyAddress().optional(),
      verp: flag().default(true),
      dsn: z.strictObject({ success: flag().default(false) }).prefault({}),
      connections: integer(1, 1_000).default(10),
      rate: rate().optional(),
      domains: z.array(z.strictObject({ match: domainPattern(), rate: rate() })).default([]),
      retry: z
        .array(duration())
        .min(1, 'needs at least one wait')
        .default([60_000, 300_000, 900_000, 3_600_000]),
      timeouts: z
        .strictObject({
          connect: duration().default(TIMEOUTS.connect),
          greeting: duration().default(TIMEOUTS.greeting),
          reply: duration().default(TIMEOUTS.reply),
          final: duration().default(TIMEOUTS.final),
        })
        .prefault({}),
    })
    .superRefine((smtp, context) => {
      if ((smtp.user === undefined) !== (smtp.password === undefined)) {
        const [missing, given] = smtp.user === undefined ? ['user', 'password'] : ['password', 'user'];
        context.addIssue({
          code: 'custom',
          path: [given],
          message: `${given} is given without ${missing}: a login needs both`,
        });
      }
      const local = smtp.bounceAddress?.slice(0, smtp.bounceAddress.lastIndexOf('@'));
      if (smtp.verp && local !== undefined && local.length > MAX_BOUNCE_LOCAL) {
        context.addIssue({
          code: 'custom',
          path: ['bounceAddress'],
          message: `is too long before the "@" for a token to be added (at most ${MAX_BOUNCE_LOCAL} characters)`,
        });
      }
    })
    .transform((smtp) => ({ ...smtp, port: smtp.port ?? SMTP_PORTS[smtp.tls] }));

/** Room for "+", a delivery's id and its tag within the 64 bytes of a local part. */
const MAX_BOUNCE_LOCAL = 16;

export type SmtpSettings = z.output<ReturnType<typeof smtpSchema>>;

/** The `recipients` section: to whom Rollcall may write at all. */
export const recipientsSchema = (_files: FieldContext) =>
  z
    .strictObject({
      allowedDomains: z
        .array(domainPattern())
        .min(1, 'needs at least one domain: nobody could be written to'),
      redirectAllTo: notifyAddress().nullable().default(null),
    })
    .superRefine(({ allowedDomains, redirectAllTo }, context) => {
      if (redirectAllTo === null) return;
      const domain = redirectAllTo.slice(redirectAllTo.lastIndexOf('@') + 1);
      if (!allowedDomains.some((pattern) => domainMatches(domain, pattern))) {
        context.addIssue({
          code: 'custom',
          path: ['redirectAllTo'],
          message: `is at ${domain}, which is not among allowedDomains`,
        });
      }
    });

export type RecipientSettings = z.output<ReturnType<typeof recipientsSchema>>;

/** The `bounces` section: where DSNs are read from, and how far they may suppress. */
export const bouncesSchema = (files: FieldContext) =>
  z.strictObject({
    imap: z
      .strictObject({
        host: z.string().min(1),
        port: integer(1, 65_535).optional(),
        tls: tls().default('implicit'),
        caFile: path(files).optional(),
        serverName: z.string().min(1).optional(),
        user: z.string().min(1),
        password: secret(),
        mailbox: z.string().min(1).default('INBOX'),
        processed: z.string().min(1).default('Rollcall-Processed'),
        aside: z.string().min(1).default('Rollcall-Aside'),
        timeout: duration().default(60_000),
      })
      .transform((imap) => ({ ...imap, port: imap.port ?? IMAP_PORTS[imap.tls] }))
      .optional(),
    maxSuppressionsPerDay: integer(0).default(50),
  });

export type BounceSettings = z.output<ReturnType<typeof bouncesSchema>>;
export type ImapSettings = NonNullable<BounceSettings['imap']>;
