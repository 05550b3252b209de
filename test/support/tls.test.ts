import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { createTestCa, type TestCertificate } from './tls.js';

const dir = mkdtempSync(join(tmpdir(), 'rollcall-tls-'));
afterAll(() => rmSync(dir, { recursive: true }));

function handshake(certificate: TestCertificate, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer({ cert: certificate.cert, key: certificate.key }, (socket) => socket.end());
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      const done = (outcome: string) => server.close(() => resolve(outcome));
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca }, () => {
        socket.destroy();
        done('trusted');
      });
      socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    });
  });
}

test('The certificates made for tests are taken and refused as their names say.', async () => {
  const ca = createTestCa(join(dir, 'one'));
  const stranger = createTestCa(join(dir, 'two'));
  expect(await handshake(ca.issue(), ca.ca)).toBe('trusted');
  expect(await handshake(ca.issueExpired(), ca.ca)).toBe('CERT_HAS_EXPIRED');
  expect(await handshake(ca.issueForAnotherName(), ca.ca)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await handshake(ca.issue(), stranger.ca)).toMatch(
    /UNABLE_TO_VERIFY_LEAF_SIGNATURE|ISSUER|SELF_SIGNED/,
  );
});
