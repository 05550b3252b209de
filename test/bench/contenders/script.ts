/**
 * What an admin would write in an afternoon: reads people with ldapts, makes each one's link, renders MJML and Nunjucks,
 * sends through Nodemailer's pool, and remembers nothing. Argument: JSON as below.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'ldapts';
import mjml2html from 'mjml';
import { createTransport } from 'nodemailer';
import nunjucks from 'nunjucks';

const options = JSON.parse(process.argv[2] ?? '{}') as {
  // from the bench
  url: string;
  base: string;
  template: string;
  port: number;
  connections: number;
  messages: number;
  /** MJML and Nunjucks compiled for everybody, or for each one anew. */
  compile: 'once' | 'each';
  from: string;
};
const { url, base, template, port, connections, messages, compile, from } = options;

const read = (name: string) => readFileSync(join(template, name), 'utf8');
const [mjml, text, subject] = [read('message.mjml'), read('message.txt'), read('subject.txt').trim()];
const html = nunjucks.configure({ autoescape: true });
const plain = new nunjucks.Environment(null, { autoescape: false });

/** As Rollcall has them, so that the HTML is the same. */
const MJML = {
  fonts: {},
  keepComments: false,
  minify: false,
  beautify: false,
  ignoreIncludes: true,
  validationLevel: 'strict',
} as const;

type Render = (variables: object) => Promise<{ html: string; text: string; subject: string }>;

async function compiledOnce(): Promise<Render> {
  const { html: page } = await mjml2html(mjml, MJML);
  const templates = {
    html: nunjucks.compile(page, html),
    text: nunjucks.compile(text, plain),
    subject: nunjucks.compile(subject, plain),
  };
  return async (variables) => ({
    html: templates.html.render(variables),
    text: templates.text.render(variables),
    subject: templates.subject.render(variables),
  });
}

const compiledEach: Render = async (variables) => ({
  html: (await mjml2html(html.renderString(mjml, variables), MJML)).html,
  text: plain.renderString(text, variables),
  subject: plain.renderString(subject, variables),
});

const render = compile === 'once' ? await compiledOnce() : compiledEach;
const transport = createTransport({
  pool: true,
  host: '127.0.0.1',
  port,
  ignoreTLS: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
});

async function write(entry: Record<string, unknown>): Promise<void> {
  const { uid, givenName, mail } = entry as Record<string, string>; // one value each, in this directory
  const alias = `${uid}@vc.corp.example`;
  const password = createHmac('sha256', 'key').update(`${uid}`).digest('hex').slice(-12);
  const pairs = { name: uid, registrationHost: 'px01.vc.corp.example', registrationAlias: alias };
  const all = { ...pairs, registrationUsername: uid, registrationPassword: password };
  const data = Object.entries(all)
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
  const bag = encodeURIComponent(Buffer.from(data).toString('base64'));
  const rendered = await render({
    givenName,
    device_alias: alias,
    device_username: uid,
    link: { uri: `https://px01.vc.corp.example/api/client/v2/provision?data=${bag}` },
    vars: {},
  });
  await transport.sendMail({ from, to: mail, ...rendered });
}

const client = new Client({ url });
await client.bind('', '');
const pages = client.searchPaginated(base, {
  filter: '(objectClass=inetOrgPerson)',
  attributes: ['uid', 'givenName', 'mail'],
  paged: { pageSize: 500 },
});
const entries: Record<string, unknown>[] = [];
for await (const { searchEntries } of pages) {
  entries.push(...searchEntries);
  if (entries.length >= messages) break;
}
await client.unbind();
entries.length = messages;
const loop = async () => {
  for (let entry = entries.shift(); entry !== undefined; entry = entries.shift()) await write(entry);
};
await Promise.all(Array.from({ length: 2 * connections }, loop));
transport.close();
