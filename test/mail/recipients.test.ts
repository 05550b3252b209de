import fc from 'fast-check';
import addressparser from 'nodemailer/lib/addressparser';
import { expect, test } from 'vitest';
import { checkRecipient } from '../../src/mail/recipients.js';
import { recipientsSchema } from '../../src/mail/schema.js';

const settings = (more: object) => recipientsSchema({ dir: '/' }).parse(more);
const corp = settings({ allowedDomains: ['corp.example', '*.corp.example', 'bücher.example'] });
const envelopeTo = (address: string) => {
  const checked = checkRecipient(address, corp);
  return checked.ok ? checked.envelopeTo : checked.reason;
};

test.each([
  ['ada@corp.example', 'ada@corp.example'],
  [' ada@corp.example\n', 'ada@corp.example'],
  ['Ada.Lovelace+x@CORP.Example', 'Ada.Lovelace+x@corp.example'],
  ["o'hara@eu.corp.example", "o'hara@eu.corp.example"],
  ['ada@a.b.corp.example', 'ada@a.b.corp.example'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  // full width, and the Roman numeral that folds to c: the same domain once it is mapped, and sent to as that
  ['ada@ｃｏｒｐ.example', 'ada@corp.example'],
  ['ada@ⅽorp.example', 'ada@corp.example'],
  ['юлия@corp.example', 'юлия@corp.example'],
])('%j may be written to as %s', (address, expected) => {
  expect(envelopeTo(address)).toBe(expected);
});

test.each(['ada%evil.example@corp.example', 'evil.example!ada@corp.example'])(
  '%j would be sent on to another domain by a server that reads routes',
  (address) => {
    expect(envelopeTo(address)).toBe('bad-address');
  },
);

test.each([
  'ada@evil.example',
  'ada@xcorp.example',
  'ada@corp.example.evil.example',
  'ada@соrp.example', // Cyrillic es and o
  'ada@xn--rp-8cdae.example',
])('%j is at a domain that is not allowed', (address) => {
  expect(envelopeTo(address)).toBe('domain-not-allowed');
});

test.each([
  '',
  'ada',
  '@corp.example',
  'ada@',
  'ada@corp.example.',
  'ada@corp.example#evil.example',
  'ada@corp.example, eve@evil.example',
  'ada@corp.example,eve@corp.example',
  'Ada <ada@corp.example>',
  'ada(comment)@corp.example',
  '"ada lovelace"@corp.example',
  '"ada@evil.example"@corp.example',
  'ada@evil.example@corp.example',
  'ada @corp.example',
  'ada@ corp.example',
  'ada..x@corp.example',
  '.ada@corp.example',
  'ada.@corp.example',
  'ada\0@corp.example',
  'ada\u202e@corp.example',
  'ada\u00a0@corp.example',
  'ada@corp。example',
  'ada@[127.0.0.1]',
  'ada@127.0.0.1',
  'ada@0x7f.1',
  'ada@corp_x.example',
  'ada@-corp.example',
  `${'a'.repeat(65)}@corp.example`,
  `${'й'.repeat(33)}@corp.example`,
  `ada@${'a'.repeat(64)}.corp.example`,
  `ada@${'a.'.repeat(120)}corp.example`,
])('%j is no address', (address) => {
  expect(envelopeTo(address)).toBe('bad-address');
});

test('the wildcard does not cover the domain itself, and the domain does not cover what is below it', () => {
  const below = settings({ allowedDomains: ['*.corp.example'] });
  expect(checkRecipient('ada@corp.example', below).ok).toBe(false);
  expect(checkRecipient('ada@x.corp.example', below).ok).toBe(true);
  const exact = settings({ allowedDomains: ['corp.example'] });
  expect(checkRecipient('ada@x.corp.example', exact).ok).toBe(false);
});

test('whatever is accepted is one recipient to another parser too, at an allowed domain', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'ada',
      '@',
      'corp.example',
      'evil.example',
      ',',
      ';',
      '<',
      '>',
      '"',
      '(',
      ')',
      ' ',
      '.',
      '#',
      '%',
      '!',
      ':',
      '\\',
      '\r\n',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
      const checked = checkRecipient(`${pieces.join('')}@corp.example`, corp);
      if (!checked.ok) return;
      const read = addressparser(checked.envelopeTo);
      expect(read).toEqual([{ address: checked.envelopeTo, name: '' }]);
      expect(checked.envelopeTo).toMatch(/^[^\s<>@,]+@corp\.example$/);
    }),
    { numRuns: 5_000 },
  );
});

test('redirectAllTo takes the place of every recipient, and must be allowed itself', () => {
  const staging = settings({ allowedDomains: ['corp.example'], redirectAllTo: 'staging@corp.example' });
  expect(checkRecipient('юлия@corp.example', staging)).toMatchObject({
    ok: true,
    address: 'юлия@corp.example',
    envelopeTo: 'staging@corp.example',
    needsSmtpUtf8: false,
  });
  expect(checkRecipient('ada@evil.example', staging).ok).toBe(false);
  expect(() => settings({ allowedDomains: ['corp.example'], redirectAllTo: 'x@evil.example' })).toThrow(
    /not among/,
  );
});
