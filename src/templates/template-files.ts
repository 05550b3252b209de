import { isUtf8 } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean } from '../lib/closest.js';
import type { ErrorCode } from '../lib/error-codes.js';
import type { Problem } from '../lib/errors.js';
import { localeChain } from './locale.js';
import { createSource, type SourceFile } from './source.js';

/** The files of one template by locale; the plain files under ''. Locales are lower-case, as in `de-at`. */
export interface TemplateFiles {
  readonly dir: string;
  readonly html: ReadonlyMap<string, SourceFile>;
  readonly text: ReadonlyMap<string, SourceFile>;
  readonly subject: ReadonlyMap<string, SourceFile>;
}

const FILE_NAME = /^(message|subject)(?:\.([a-z]{2,3}(?:-[a-z0-9]{2,8})*))?\.(mjml|html|txt)$/i;
const PLAIN_NAMES = ['message.mjml', 'message.html', 'message.txt', 'subject.txt'];
const FILE = 'ROLLCALL_ERR_TEMPLATE_FILE';
/** No template is larger; anything that is, is no template. */
const MAX_BYTES = 1024 * 1024;

type Complain = (
  file: string,
  code: ErrorCode,
  message: string,
  hint?: string,
  severity?: Problem['severity'],
) => void;

async function readSource(
  file: string,
  complain: (message: string, hint: string, severity?: Problem['severity']) => void,
): Promise<SourceFile | undefined> {
  const bytes = await readFile(file);
  if (bytes.length > MAX_BYTES) {
    complain(`The file has ${bytes.length} bytes`, 'A template is text of some kilobytes.');
    return undefined;
  }
  if (!isUtf8(bytes)) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    complain(utf16 ? 'The file is UTF-16' : 'The file is not UTF-8', 'Save it as UTF-8.');
    return undefined;
  }
  const text = bytes.toString('utf8');
  if (text.startsWith('\uFEFF'))
    complain('The file begins with a byte-order mark', 'Save it as UTF-8 without one.', 'warning');
  if (text.includes('\0')) complain('The file has a NUL character in it', 'Save it as UTF-8 text.');
  // A byte-order mark at the start of a subject or of HTML would be sent; carriage returns would double.
  return createSource(file, text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
}

function checkStranger(dir: string, entry: string, complain: Complain): void {
  if (entry.startsWith('.') || /^readme/i.test(entry)) return;
  const looksLike =
    /\.(?:mjml|html?|txt|text|te?xt|md)$/i.test(entry) || /^(?:mess?age|subject)/i.test(entry);
  if (!looksLike) return;
  const hint = didYouMean(entry, PLAIN_NAMES);
  complain(
    join(dir, entry),
    FILE,
    'No message is made from this file',
    hint ??
      'Names are message.mjml, message.txt and subject.txt, and message.de.mjml or message.de-AT.mjml for a locale.',
    'warning',
  );
}

/** Reads the files of `dir`, and says what is missing, doubled, misnamed or not UTF-8. */
export async function readTemplateFiles(dir: string, problems: Problem[]): Promise<TemplateFiles> {
  const files = {
    html: new Map<string, SourceFile>(),
    text: new Map<string, SourceFile>(),
    subject: new Map<string, SourceFile>(),
  };
  const complain: Complain = (file, code, message, hint, severity = 'error') => {
    problems.push({
      severity,
      code,
      message,
      file,
      line: 1,
      column: 1,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const entries = (await readdir(dir)).sort();
  const broken = new Set<string>();
  for (const entry of entries) {
    const found = FILE_NAME.exec(entry);
    const [, base, locale = '', extension] = found ?? [];
    if (!found || (base?.toLowerCase() === 'subject' && extension?.toLowerCase() !== 'txt')) {
      checkStranger(dir, entry, complain);
      continue;
    }
    const part =
      extension?.toLowerCase() !== 'txt' ? 'html' : base?.toLowerCase() === 'subject' ? 'subject' : 'text';
    const file = join(dir, entry);
    const source = await readSource(file, (message, hint, severity) =>
      complain(file, 'ROLLCALL_ERR_TEMPLATE_ENCODING', message, hint, severity),
    );
    const key = locale.toLowerCase();
    if (!source) broken.add(`${part}.${key}`);
    else if (files[part].has(key)) {
      complain(
        file,
        FILE,
        `There is ${files[part].get(key)?.file.split('/').at(-1)} too`,
        'Keep one of the two.',
      );
    } else files[part].set(key, source);
  }
  if (!files.html.has('') && !broken.has('html.')) {
    complain(
      join(dir, 'message.mjml'),
      'ROLLCALL_ERR_TEMPLATE_MISSING',
      'There is no message.mjml (nor message.html)',
      'Write it: it is what everybody gets for whom there is no locale.',
    );
  }
  if (!files.subject.has('') && !broken.has('subject.')) {
    complain(
      join(dir, 'subject.txt'),
      'ROLLCALL_ERR_TEMPLATE_MISSING',
      'There is no subject.txt',
      'Write the subject into it, on one line.',
    );
  }
  for (const [locale, source] of files.html) {
    if (
      locale !== '' &&
      files.text.has('') &&
      ![...localeChain(locale)].some((step) => files.text.has(step))
    ) {
      complain(
        source.file,
        FILE,
        `The text part for "${locale}" is the plain message.txt, in another language`,
        `Write message.${locale}.txt.`,
        'warning',
      );
    }
  }
  for (const [locale, source] of files.text) {
    if (locale !== '' && ![...localeChain(locale)].some((step) => files.html.has(step))) {
      complain(
        source.file,
        FILE,
        `The HTML part for "${locale}" is the plain one, in another language`,
        `Write message.${locale}.mjml.`,
        'warning',
      );
    }
  }
  return { dir, ...files };
}
