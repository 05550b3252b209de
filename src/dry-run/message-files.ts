import { createHash } from 'node:crypto';
import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Keyring } from '../lib/keyring.js';
import { Secret } from '../lib/secret.js';
import { composeMail } from '../mail/compose.js';
import { createMessageId } from '../mail/message-id.js';
import type { Sender } from '../mail/sender.js';
import { textOf } from '../model/lines.js';
import { fileStem } from './file-name.js';
import type { Folder } from './folder.js';
import type { MailView } from './gallery-chunk.js';
import { linkParts } from './link-parts.js';
import type { ManifestMessage } from './manifest.js';

export interface MessageContext {
  readonly campaign: PreparedCampaign;
  readonly folder: Folder;
  readonly keyring: Keyring;
  readonly sender: { readonly from: Sender; readonly replyTo?: Sender | undefined };
  readonly redirectAllTo: string | null;
  /** Milliseconds: the Date of every message. */
  readonly date: number;
  /** A hash, in hex, of the wording of the mails that an alias pattern sends. */
  readonly wordingOf: (pattern: string) => string;
}

/** A message as the manifest lists it, and as the gallery shows it. */
export interface WrittenMessage {
  readonly entry: ManifestMessage;
  readonly view: MailView;
  /** Settles once its files are on disk: the next mail can be rendered meanwhile. */
  readonly written: Promise<unknown>;
}

/**
 * Renders one assignment and begins to write its three files.
 * @throws RollcallError where this person cannot be rendered.
 */
export async function writeMessage(context: MessageContext, payload: string): Promise<WrittenMessage> {
  const { campaign, folder, keyring, sender, redirectAllTo, date } = context;
  const assignment = campaign.thaw(new Secret(payload));
  const mail = await campaign.render(assignment);
  const { name } = campaign.campaign;
  const eml = composeMail({
    ...sender,
    to: assignment.to,
    redirectAllTo,
    ...mail,
    messageId: createMessageId(`dry-run|${name}|${assignment.person}`, sender.from.domain),
    date,
    headers: { 'X-Dry-Run': 'not sent' },
  });

  const stem = fileStem(assignment.person, assignment.to.slice(0, assignment.to.lastIndexOf('@')));
  const files = { eml: `messages/${stem}.eml`, html: `messages/${stem}.html`, text: `messages/${stem}.txt` };
  const system = campaign.campaign.patterns.find((pattern) => pattern.name === assignment.pattern)
    ?.provisioning?.value.system;
  const uri = campaign.link(assignment).uri?.reveal() ?? null;
  const entry: ManifestMessage = {
    person: assignment.person,
    dn: assignment.dn,
    pattern: assignment.pattern,
    alias: assignment.alias,
    to: assignment.to,
    locale: assignment.locale ?? null,
    subject: mail.subject,
    system: system ?? null,
    revision: keyring.hash('revision', campaign.revisionOf(assignment)),
    files,
    sha256: sha256(eml),
    linkSha256: uri === null ? null : sha256(uri),
    wordingSha256: context.wordingOf(assignment.pattern),
  };
  const written = Promise.all([
    folder.write(files.eml, eml),
    folder.write(files.html, embedPictures(textOf(mail.html), mail.pictures)),
    folder.write(files.text, mail.text),
  ]);
  const link = uri === null ? [] : linkParts(uri, assignment.password?.reveal());
  return { entry, view: { source: eml.toString('utf8'), text: mail.text, uri, link }, written };
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A file that is opened from disk has no attachments to point to. */
function embedPictures(
  html: string,
  pictures: readonly { cid: string; contentType: string; content: Buffer }[],
): string {
  return pictures.reduce(
    (page, { cid, contentType, content }) =>
      page.replaceAll(`cid:${cid}`, `data:${contentType};base64,${content.toString('base64')}`),
    html,
  );
}
