import { userInfo } from 'node:os';

/** Who is at the keyboard: the OS user, and behind sudo the one who called it. */
export function actorOf(env: Readonly<Record<string, string | undefined>>): string {
  const user = osUser();
  const sudo = env['SUDO_USER'];
  return sudo !== undefined && sudo !== user ? `${user} (sudo: ${sudo})` : user;
}

function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no entry in passwd.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
