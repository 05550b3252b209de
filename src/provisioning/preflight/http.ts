import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { withDeadline } from '../../lib/deadline.js';
import { pinned, type Target } from './certificate.js';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** The reason phrase: Openfire's plugin tells its errors there. */
  readonly reason: string;
  readonly location: string | undefined;
  /** The first 64 KiB. */
  readonly body: string;
}

export interface Question {
  readonly scheme: 'https' | 'http';
  readonly path: string;
  /** Sent by POST, as a form. */
  readonly form?: URLSearchParams;
}

const BODY_BYTES = 65_536;

/** Asks the server once, following nothing; over TLS only with a certificate that is trusted. */
export async function ask(
  target: Target,
  { scheme, path, form }: Question,
  timeoutMs: number,
): Promise<Answer> {
  const stop = new AbortController();
  const body = form?.toString();
  const asked = new Promise<Answer>((resolve, reject) => {
    const request = (scheme === 'https' ? tlsRequest : plainRequest)({
      host: target.host,
      port: target.port,
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'user-agent': 'rollcall-check',
        ...(body !== undefined && {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'content-length': Buffer.byteLength(body),
        }),
      },
      lookup: pinned(target.addresses),
      agent: false,
      signal: stop.signal,
      ...(scheme === 'https' && {
        ca: [...target.ca],
        rejectUnauthorized: true,
        servername: isIP(target.host) === 0 ? target.host : '',
      }),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const done = () =>
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          location: response.headers.location,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes >= BODY_BYTES) done();
      });
      response.once('end', done);
      response.once('error', reject);
    });
    request.end(body);
  });
  try {
    return await withDeadline(asked, timeoutMs, `an answer from ${target.host}:${target.port}`);
  } finally {
    stop.abort();
    asked.catch(() => {});
  }
}
