import type { HostValue } from '../jinja/types.js';
import { RollcallError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import type { Assignment } from '../model/assignment.js';
import type { Lines } from '../model/lines.js';
import type { QrCodes } from '../provisioning/qr.js';
import type { Link } from '../provisioning/system.js';
import type { ReadyPattern } from './assign.js';
import { attributeContext } from './context.js';
import { linkDataOf } from './payload.js';
import { findUnfinished } from './unfinished.js';

/** The link of an assignment; `uri` is undefined where the campaign provisions nothing by itself. */
export type PreparedLink = Omit<Link, 'uri'> & { readonly uri: Secret | undefined };

/** One person's mail, but for its headers. */
export interface RenderedMail {
  readonly subject: string;
  readonly html: Lines;
  readonly text: string;
  readonly pictures: readonly {
    readonly cid: string;
    readonly contentType: 'image/png';
    readonly content: Buffer;
  }[];
  /** The link that is in it. */
  readonly uri: Secret | undefined;
}

/** The picture's Content-ID: the same in every mail, which has one at most. */
const QR_CID = 'link-qr@rollcall';

export interface RenderContext {
  readonly constants: Readonly<Record<string, HostValue>>;
  readonly qrCodes: QrCodes;
  /** The text of a template outside its expressions, where it can say "undefined" and mean it. */
  wordingOf(template: string): Promise<string>;
}

/** Writes the mail of one assignment. */
export async function renderMail(
  assignment: Assignment,
  pattern: ReadyPattern,
  link: PreparedLink,
  { constants, qrCodes, wordingOf }: RenderContext,
): Promise<RenderedMail> {
  const { template, messagePlan } = pattern;
  if (template === undefined)
    throw new RollcallError('ROLLCALL_ERR_INTERNAL', `The pattern "${pattern.name}" writes to nobody.`);
  // Assigned, not spread: see createAssign.
  const variables: Record<string, HostValue> = Object.assign(
    {},
    constants,
    attributeContext(messagePlan, (attribute) => assignment.attributes[attribute]),
    {
      match: assignment.match,
      device_email: assignment.to,
      device_alias: assignment.alias,
      device_username: assignment.username,
      device_password: assignment.password?.reveal(),
    },
  );
  if (link.uri) variables['link'] = { uri: link.uri.reveal(), qr: `cid:${QR_CID}`, ...link.fields };

  const message = template.render(assignment.locale, variables);
  const found = await findUnfinished(message, variables, () => wordingOf(template.name));
  if (found !== undefined)
    throw new RollcallError(
      'ROLLCALL_ERR_UNFINISHED_TEXT',
      `The ${found.part} of this mail holds "${found.mark}".`,
      {
        facts: { part: found.part, mark: found.mark, template: template.name },
      },
    );

  const pictures =
    link.uri && template.usesQr(assignment.locale)
      ? [{ cid: QR_CID, contentType: 'image/png' as const, content: await qrCodes.png(link.uri) }]
      : [];
  return { subject: message.subject, html: message.html, text: message.text, pictures, uri: link.uri };
}

/** The link of an assignment; without a system there is none. */
export function linkOf(assignment: Assignment, pattern: ReadyPattern | undefined): PreparedLink {
  return pattern?.system?.link(linkDataOf(assignment)) ?? { uri: undefined, fields: {}, fitsQr: false };
}
