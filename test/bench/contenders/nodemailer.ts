/**
 * Nodemailer's pool and nothing else: sends mails that are rendered already, as fast as it takes them.
 * Arguments: the port, the connections, a file with a mail a line.
 */
import { readFileSync } from 'node:fs';
import { createTransport, type SendMailOptions } from 'nodemailer';

const [port, connections, file = ''] = process.argv.slice(2);
const mails = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as SendMailOptions); // written by the bench

const transport = createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(port),
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Number.POSITIVE_INFINITY,
});
// Its queue holds whatever is waiting: asking for all at once would only make it sort a long list.
let next = 0;
const loop = async () => {
  for (let mail = mails[next++]; mail !== undefined; mail = mails[next++]) await transport.sendMail(mail);
};
await Promise.all(Array.from({ length: 2 * Number(connections) }, loop));
transport.close();
