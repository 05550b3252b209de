import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixedKeyring } from '../../src/lib/keyring.js';
import { deliveryMessageId, deliveryOfMessageId } from '../../src/mail/message-id.js';
import { bounceToken, deliveryOfToken, envelopeSender, tokenOfSender } from '../../src/mail/verp.js';
import { smtpSettings } from './relay-fixtures.js';

const smtp = smtpSettings(25, { bounceAddress: 'bounces@corp.example' });
const keyring = fixedKeyring();
const delivery = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'),
  minLength: 26,
  maxLength: 26,
});

const deliveryOfSender = (address: string) => deliveryOfToken(keyring, tokenOfSender(address, smtp) ?? '');

test('an envelope sender leads back to its delivery, also in another case, and fits into an address', () => {
  fc.assert(
    fc.property(delivery, (id) => {
      const sender = envelopeSender(smtp, bounceToken(keyring, id));
      expect(sender.lastIndexOf('@')).toBeLessThanOrEqual(64);
      expect(deliveryOfSender(sender)).toBe(id);
      expect(deliveryOfSender(sender.toUpperCase())).toBe(id);
      expect(deliveryOfToken(keyring, bounceToken(keyring, id))).toBe(id);
    }),
  );
});

test('an address that was changed in any place leads nowhere', () => {
  fc.assert(
    fc.property(delivery, fc.nat(70), fc.constantFrom(...'abz27.+@'), (id, at, letter) => {
      const sender = envelopeSender(smtp, bounceToken(keyring, id));
      const forged = sender.slice(0, at) + letter + sender.slice(at + 1);
      if (forged.toLowerCase() !== sender) expect(deliveryOfSender(forged)).toBeUndefined();
    }),
  );
  expect(deliveryOfSender('bounces@corp.example')).toBeUndefined();
  expect(deliveryOfSender('')).toBeUndefined();
});

test('a Message-ID is the same at every try and leads back to its delivery, and a forged one nowhere', () => {
  fc.assert(
    fc.property(delivery, fc.nat(60), fc.constantFrom(...'abz27.'), (id, at, letter) => {
      const messageId = deliveryMessageId(bounceToken(keyring, id), 'corp.example');
      expect(deliveryMessageId(bounceToken(keyring, id), 'corp.example')).toBe(messageId);
      expect(deliveryOfMessageId(keyring, messageId)).toBe(id);
      const forged = messageId.slice(0, at) + letter + messageId.slice(at + 1);
      if (forged !== messageId) expect([undefined, id]).toContain(deliveryOfMessageId(keyring, forged));
      if (forged !== messageId && at < 44) expect(deliveryOfMessageId(keyring, forged)).toBeUndefined();
    }),
  );
});

test('without VERP the bounce address stands by itself, and without one the sender', () => {
  expect(envelopeSender({ ...smtp, verp: false }, bounceToken(keyring, 'abc'))).toBe('bounces@corp.example');
  expect(envelopeSender(smtpSettings(25), bounceToken(keyring, 'abc'))).toBe('video@corp.example');
});

test('a delivery id that does not fit is refused', () => {
  expect(() => envelopeSender(smtp, bounceToken(keyring, 'x'.repeat(40)))).toThrow(/no name that fits/);
  expect(() => envelopeSender(smtp, bounceToken(keyring, 'a b'))).toThrow(/no name that fits/);
});
