import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { composeMail, type MailParts } from '../../src/mail/compose.js';
import { FixedLines, textOf } from '../../src/model/lines.js';

const base: MailParts = {
  from: { name: 'Video Team', address: 'video@corp.example', domain: 'corp.example' },
  replyTo: { name: '', address: 'help@corp.example', domain: 'corp.example' },
  to: 'ada@corp.example',
  redirectAllTo: null,
  subject: 'Your video account',
  html: ['<p>Hello</p>\n'],
  text: 'Hello\n',
  pictures: [],
  messageId: '<abc@corp.example>',
  date: Date.UTC(2026, 0, 2, 3, 4, 5),
};

/** What readers of all sorts write, and what breaks encoders. */
const phrase = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '=3D',
    '=',
    '.',
    '..',
    '.\n.',
    ' ',
    '\t',
    '  ',
    ' \n',
    '\t\r\n',
    '\r',
    '\n',
    '\r\n',
    '\r\r\n',
    'From here',
    '张伟，您好',
    'مرحبا بالعالم',
    '👩‍👩‍👧‍👦🎉',
    'é',
    'İstanbul',
    '=?UTF-8?Q?x?=',
    '--=_',
    'x'.repeat(80),
    '=é'.repeat(40),
    '中'.repeat(400),
    'a b '.repeat(300),
    'https://x.example/?data='.concat('QUJD'.repeat(300)),
  ),
);
const words = fc.array(phrase, { maxLength: 12 }).map((parts) => parts.join(''));
const ascii = fc
  .array(fc.string({ unit: 'binary-ascii', maxLength: 70 }), { maxLength: 8 })
  .map((parts) => parts.join('\n'));
const body = fc.oneof(words, words, ascii);
const subject = fc.oneof(
  phrase,
  words.map((text) => text.slice(0, 300)),
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
);
const picture = fc.uint8Array({ maxLength: 400 }).map((bytes) => ({
  cid: 'qr@corp.example',
  contentType: 'image/png',
  content: Buffer.from(bytes),
}));

/** One spelling of line ends, and none at the end: MIME carries neither. */
const canonical = (text: string) =>
  text
    .replace(/\r\n|\r/g, '\n')
    .replace(/\n+$/, '')
    .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
/** A header has no lines, and no white space at its ends that readers would keep. */
const headerText = (text: string) =>
  canonical(text)
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim();

test('two independent parsers read back what was written, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      subject,
      body,
      body,
      fc.array(picture, { maxLength: 1 }),
      phrase,
      async (subject, html, text, pictures, name) => {
        const raw = composeMail({
          ...base,
          subject,
          html: [html],
          text,
          pictures,
          from: { ...base.from, name },
        });
        const postal = await PostalMime.parse(raw);
        expect(headerText(postal.subject ?? '')).toBe(headerText(subject));
        expect(canonical(postal.text ?? '')).toBe(canonical(text));
        expect(canonical(postal.html ?? '')).toBe(canonical(html));
        expect(headerText(postal.from?.name ?? '')).toBe(headerText(name));
        expect(postal.from?.address).toBe('video@corp.example');
        expect(postal.attachments.map(({ content }) => Buffer.from(content as ArrayBuffer))).toEqual(
          pictures.map(({ content }) => content),
        );
        expect(raw.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]/);
        const longest = Math.max(
          ...raw
            .toString('latin1')
            .split('\r\n')
            .map((line) => line.length),
        );
        expect(longest).toBeLessThanOrEqual(990);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('nothing that an independent parser reads differs from what nodemailer would have sent', async () => {
  await fc.assert(
    fc.asyncProperty(
      subject,
      body,
      body,
      fc.array(picture, { maxLength: 1 }),
      async (anySubject, anyHtml, anyText, pictures) => {
        // nodemailer passes on what only looks like an encoded word; we encode it
        const subject = anySubject.replaceAll('=?', '');
        // nodemailer takes CR CR LF for one line ending; every other spelling is the same to both
        const [html, text] = [anyHtml, anyText].map((part) => part.replace(/\r\n?/g, '\n')) as [
          string,
          string,
        ]; // two in, two out
        const ours = composeMail({ ...base, subject, html: [html], text, pictures });
        const theirs = await new MailComposer({
          from: { name: base.from.name, address: base.from.address },
          replyTo: 'help@corp.example',
          to: base.to,
          subject,
          html,
          text,
          messageId: base.messageId,
          date: new Date(base.date),
          attachments: pictures.map(({ cid, contentType, content }) => ({
            cid,
            contentType,
            content,
            contentDisposition: 'inline' as const,
          })),
        })
          .compile()
          .build();
        const [a, b] = await Promise.all([facts(ours), facts(theirs)]);
        expect(a).toEqual(b);
      },
    ),
    { numRuns: 400 },
  );
});

async function facts(raw: Buffer) {
  const postal = await PostalMime.parse(raw);
  const parsed = await simpleParser(raw, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  });
  return {
    subject: headerText(postal.subject ?? ''),
    from: postal.from,
    to: postal.to,
    replyTo: postal.replyTo,
    date: parsed.date?.getTime(),
    messageId: parsed.messageId,
    html: canonical(postal.html ?? ''),
    text: canonical(postal.text ?? ''),
    parsedSubject: headerText(parsed.subject ?? ''),
    parsedHtml: canonical(parsed.html || ''),
    pictures: parsed.attachments.map(({ content, cid, contentType }) => [
      content.toString('hex'),
      cid,
      contentType,
    ]),
  };
}

test('no value brings a header or a part of its own', async () => {
  await fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '\r',
          '\n',
          '\r\n',
          'Bcc: eve@evil.example',
          ': ',
          ' ',
          '\0',
          '\u2028',
          '\u0085',
          'x',
          '--=_',
        ),
        { maxLength: 9 },
      ),
      (parts) => {
        const hostile = parts.join('');
        const raw = composeMail({
          ...base,
          subject: hostile,
          from: { ...base.from, name: hostile },
          headers: { 'X-Note': hostile },
        }).toString('latin1');
        const headers = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]/g, ' ');
        expect(headers.split('\r\n').map((line) => line.slice(0, line.indexOf(':')))).toEqual([
          'From',
          'To',
          'Reply-To',
          'Subject',
          'Message-ID',
          'Date',
          'Auto-Submitted',
          'X-Auto-Response-Suppress',
          'X-Note',
          'MIME-Version',
          'Content-Type',
        ]);
      },
    ),
    { numRuns: 500 },
  );
});

test('a body that holds the boundary is not taken for the end of its part', async () => {
  const raw = composeMail(base);
  const boundary = /boundary="([^"]+)-a"/.exec(raw.toString('latin1'))?.[1] ?? 'none';
  const html = `<p>a</p>\n--${boundary}-a--\n<p>b</p>`;
  const parsed = await PostalMime.parse(composeMail({ ...base, html: [html] }));
  expect(canonical(parsed.html ?? '')).toBe(html);
});

test('the same parts give the same bytes, and nothing in them tells where or when they were made', () => {
  const parts = { ...base, pictures: [{ cid: 'q', contentType: 'image/png', content: randomBytes(300) }] };
  const raw = composeMail(parts);
  expect(composeMail(parts).equals(raw)).toBe(true);
  expect(raw.toString('latin1')).toContain('\r\nDate: Fri, 02 Jan 2026 03:04:05 +0000\r\n');
});

test('plain ASCII stays as it is, so that it can be read on the wire; anything else is quoted-printable', () => {
  expect(
    composeMail(base)
      .toString('latin1')
      .match(/Content-Transfer-Encoding: .*/g),
  ).toEqual(['Content-Transfer-Encoding: 7bit', 'Content-Transfer-Encoding: 7bit']);
  const foreign = composeMail({ ...base, html: ['<p>Grüße</p>'] }).toString('latin1');
  expect(foreign).toContain('Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=C3=BC=C3=9Fe</p>\r\n');
});

test('a redirected message says in To where it goes, and in a header and the subject whom it was for', async () => {
  const parsed = await PostalMime.parse(composeMail({ ...base, redirectAllTo: 'staging@corp.example' }));
  expect(parsed.to).toEqual([{ address: 'staging@corp.example', name: '' }]);
  expect(parsed.subject).toBe('[for ada@corp.example] Your video account');
  expect(parsed.headers.find(({ key }) => key === 'x-original-to')?.value).toBe('ada@corp.example');
  expect(composeMail(base).toString()).not.toContain('X-Original-To');
});

test('a text in pieces gives the bytes that it gives as one, whatever the pieces are', () => {
  const line = body.map((text) => `${text}\n`);
  const pieces = fc.array(
    fc.oneof(
      line,
      line.map((text) => new FixedLines(text)),
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(pieces, body, (start, end) => {
      const html = [...start, end];
      const whole = composeMail({ ...base, html: [textOf(html)] });
      expect(composeMail({ ...base, html }).toString('latin1')).toBe(whole.toString('latin1'));
      // and a second time, when the fixed ones are known
      expect(composeMail({ ...base, html }).equals(whole)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
