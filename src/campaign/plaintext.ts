import type { Problem } from '../lib/errors.js';
import { isLoopback } from '../lib/loopback.js';
import type { SourceDocument, SourcePath } from '../settings/source.js';
import type { AllSections } from './settings-schema.js';

/** LDAP, SMTP, IMAP and Redis without TLS to another machine, unless the settings allow it. */
export function plaintextProblems(source: SourceDocument, settings: Partial<AllSections>): Problem[] {
  if (settings.allowPlaintext === true) return [];
  const problems: Problem[] = [];
  const refuse = (path: SourcePath, what: string, hint: string) => {
    problems.push({
      severity: 'error',
      code: 'ROLLCALL_ERR_PLAINTEXT',
      message: `${path.join('.')}: ${what} without TLS would go over the network in the clear.`,
      hint: `${hint} To accept it, set allowPlaintext: true.`,
      ...source.locate(path),
    });
  };

  const { directory, smtp, redis, bounces } = settings;
  if (directory?.url.scheme === 'ldap' && !directory.startTls && !isLoopback(directory.url.host))
    refuse(['directory', 'url'], `LDAP to ${directory.url.host}`, 'Write ldaps://, or startTls: true.');
  if (smtp?.tls === 'none' && !isLoopback(smtp.host))
    refuse(['smtp', 'tls'], `SMTP to ${smtp.host}`, 'Write tls: starttls or tls: implicit.');
  if (redis?.url.kind === 'tcp' && !redis.url.tls && !isLoopback(redis.url.host))
    refuse(['redis', 'url'], `Redis at ${redis.url.host}`, 'Write rediss://.');
  if (bounces?.imap?.tls === 'none' && !isLoopback(bounces.imap.host))
    refuse(
      ['bounces', 'imap', 'tls'],
      `IMAP to ${bounces.imap.host}`,
      'Write tls: implicit or tls: starttls.',
    );
  return problems;
}

/** The variable that makes Node accept every certificate, whatever the settings say. */
export function tlsChecksOff(env: Readonly<Record<string, string | undefined>>): Problem[] {
  return env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
    ? [
        {
          severity: 'error',
          code: 'ROLLCALL_ERR_TLS_CHECKS_OFF',
          message: 'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: every certificate would be accepted.',
        },
      ]
    : [];
}
