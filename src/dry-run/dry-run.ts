import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import { RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { Sender } from '../mail/sender.js';
import { ASSIGNMENTS } from './assignments.js';
import { type Comparison, compare } from './compare.js';
import { openFolder } from './folder.js';
import { type Gallery, openGallery } from './gallery.js';
import {
  fromHere,
  MANIFEST,
  type Manifest,
  type ManifestConflict,
  type ManifestMessage,
  type ManifestProblem,
  manifestProblem,
} from './manifest.js';
import { type MessageContext, writeMessage } from './message-files.js';
import { byDn, type Place, type SkippedPerson, type Survey, survey } from './survey.js';
import { hashWordings } from './wording.js';
import { createWrites } from './writes.js';

export interface DryRunContext {
  readonly campaign: PreparedCampaign;
  readonly directory: Directory;
  /** {@link fixedKeyring}: the same input gives the same bytes on every machine. */
  readonly keyring: Keyring;
  readonly sender: { readonly from: Sender; readonly replyTo?: Sender | undefined };
  readonly redirectAllTo: string | null;
  /** `paths.templates`. */
  readonly templates: string;
}

export interface DryRunRequest {
  readonly out: string;
  /** Only these people, by stable id. */
  readonly only?: ReadonlySet<string>;
  /** The first so many by DN. */
  readonly limit?: number;
  /** An earlier dry run to compare with. */
  readonly against?: Manifest;
  readonly revealSecrets: boolean;
  /** Milliseconds: the Date of every message. */
  readonly date: number;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

export interface DryRun {
  readonly manifest: Manifest;
  readonly comparison: Comparison | undefined;
}

/**
 * Renders the whole audience to a folder, and asks neither Redis nor SMTP for anything. The same input gives the same
 * bytes: names, order, dates, Message-IDs and boundaries.
 */
export async function dryRun(context: DryRunContext, request: DryRunRequest): Promise<DryRun> {
  const { campaign, directory } = context;
  const folder = await openFolder(request.out);
  try {
    const found = await survey({
      directory,
      campaign,
      dir: folder.dir,
      mask: !request.revealSecrets,
      only: request.only,
      signal: request.signal,
    });
    const gallery = await openGallery(folder);
    const wordingOf = await hashWordings(campaign.campaign, context.templates);
    const rendered = await renderAll(
      { ...context, folder, date: request.date, wordingOf },
      { found, gallery, request },
    );
    await found.assignments.close();
    await rm(join(folder.dir, ASSIGNMENTS));

    const skipped = [...found.skipped, ...rendered.skipped].sort(byDn);
    const manifest: Manifest = {
      campaign: campaign.campaign.name,
      people: found.people,
      messages: rendered.messages,
      skipped: skipped.map(({ detail: _, ...listed }) => listed),
      conflicts: found.conflicts,
      problems: [...campaign.warnings.map(manifestProblem), ...peopleProblems(skipped, found.conflicts)],
    };
    const comparison = request.against && compare(request.against, manifest);
    await folder.write(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
    await gallery.finish(manifest, comparison);
    await folder.finish();
    return { manifest, comparison };
  } finally {
    await folder.discard();
  }
}

/** Renders everybody; who cannot be rendered is skipped, as a run would skip them. */
async function renderAll(
  context: MessageContext,
  { found, gallery, request }: { found: Survey; gallery: Gallery; request: DryRunRequest },
): Promise<{ messages: ManifestMessage[]; skipped: SkippedPerson[] }> {
  const { limit = Number.POSITIVE_INFINITY, onProgress, signal } = request;
  const messages: ManifestMessage[] = [];
  const skipped: SkippedPerson[] = [];
  const writes = createWrites();
  const chosen = found.candidates.slice(0, limit);
  for (const [index, { person, dn, pattern, place }] of chosen.entries()) {
    signal?.throwIfAborted();
    try {
      const { entry, view, written } = await writeMessage(context, await found.assignments.read(place));
      await writes.add(written);
      messages.push(entry);
      await gallery.add(view);
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      const { code, message, facts } = error;
      skipped.push({ person, dn, reason: 'unusable', code, pattern, detail: { message, ...placeIn(facts) } });
    }
    onProgress?.(index + 1, chosen.length);
  }
  await writes.end();
  return { messages, skipped };
}

/** Where in a template a mail failed, if the error knows. */
function placeIn({ file, line, column }: RollcallError['facts']): Partial<Place> {
  return {
    ...(typeof file === 'string' && { file: fromHere(file) }),
    ...(typeof line === 'number' && { line }),
    ...(typeof column === 'number' && { column }),
  };
}

/** Whoever is skipped for a fault, or shares an alias, is a problem; whoever a rule leaves out is not. */
function peopleProblems(
  skipped: readonly SkippedPerson[],
  conflicts: readonly ManifestConflict[],
): ManifestProblem[] {
  return [
    ...skipped.flatMap(({ person, dn, reason, code, detail: { message = reason, ...place } }) =>
      code === null ? [] : [personProblem(code, `${dn}: ${message}`, person, place)],
    ),
    ...conflicts.flatMap(({ alias, people }) =>
      people.map(({ person, dn }) => {
        const others = people.length - 1;
        const message = `${dn}: the alias ${alias} is also that of ${others === 1 ? 'somebody else' : `${others} others`}`;
        return personProblem('ROLLCALL_ERR_ALIAS_CONFLICT', message, person, {});
      }),
    ),
  ];
}

function personProblem(
  code: string,
  message: string,
  person: string,
  { file = null, line = null, column = null }: Partial<Place>,
): ManifestProblem {
  return { severity: 'error', code, message, person, file, line, column };
}
