import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkSecret, linkWithout } from '../../src/campaign/payload.js';
import type { Assignment } from '../../src/model/assignment.js';

const WORDING = new Set(['message', 'note']);
const keys = fc.constantFrom('host', 'message', 'note', 'Message', '10', '9', 'a"b', 'é');
const values = fc.oneof(fc.string(), fc.constantFrom('"message":', '{"note":"x"}', '\\"message\\":'));
const assignment = (link: Assignment['link']): Assignment => ({
  person: 'p',
  dn: 'uid=p',
  pattern: 'staff',
  to: 'p@corp.example',
  locale: undefined,
  alias: 'p@vc',
  username: undefined,
  password: undefined,
  match: {},
  link,
  attributes: {},
});

test('Link data is the same text whatever the order of its keys, and its wording can be left out of it.', () => {
  fc.assert(
    fc.property(fc.dictionary(keys, values), (data) => {
      const entries = Object.entries(data);
      const link = linkSecret(data);
      expect(linkSecret(Object.fromEntries(entries.reverse())).reveal()).toBe(link.reveal());
      expect(JSON.parse(link.reveal())).toEqual(data);

      const rest = Object.fromEntries(entries.filter(([key]) => !WORDING.has(key)));
      expect(linkWithout(assignment(link), WORDING)).toBe(linkSecret(rest).reveal());
    }),
    { numRuns: 1_000 },
  );
});
