import { stringify } from 'csv-stringify/sync';
import { RollcallError } from '../lib/errors.js';
import type { Assignment, LinkData } from '../model/assignment.js';
import type { ExportFormat } from './export-format.js';

/** The columns of Pexip's bulk import of device aliases, in its order. */
const COLUMNS = [
  'alias',
  'tag',
  'description',
  'username',
  'password',
  'primary_owner_email_address',
] as const;

/** What Pexip's description and tag hold at most, in characters. */
const LIMIT = 250;

/**
 * Pexip's device import file: what the mails say and what Pexip knows then agree. A program reads it, so cells that
 * begin with `=` or `+` are left as they are (a defused password would be a wrong one): it is not for a
 * spreadsheet.
 */
export const pexipDevices: ExportFormat = {
  system: 'pexip',
  async *write({ campaign, assignments }) {
    let open = 0;
    yield row(COLUMNS);
    for await (const assignment of assignments()) {
      if (assignment.username === undefined && assignment.password === undefined) open += 1;
      yield row(device(campaign, assignment));
    }
    return open === 0
      ? []
      : [
          `Aliases without user name and password: ${open}. Pexip lets anybody register those, unless single sign-on is switched on for them.`,
        ];
  },
};

function device(campaign: string, assignment: Assignment): string[] {
  return [
    assignment.alias,
    cut(campaign),
    cut(displayName(assignment)),
    assignment.username ?? '',
    assignment.password?.reveal() ?? '',
    assignment.to,
  ];
}

/** The display name of the person's own link: the one their app shows. */
function displayName({ link, person }: Assignment): string {
  let data: unknown;
  try {
    data = JSON.parse(link.reveal());
  } catch (cause) {
    throw new RollcallError('ROLLCALL_ERR_INTERNAL', `The link data of ${person} is no JSON.`, { cause });
  }
  // The caller's own canonical JSON of what linkData gave.
  return (data as LinkData)['name'] ?? '';
}

function cut(text: string): string {
  return [...text.replace(/\s+/g, ' ')].slice(0, LIMIT).join('');
}

function row(cells: readonly string[]): string {
  return stringify([[...cells]], { record_delimiter: '\r\n' });
}
