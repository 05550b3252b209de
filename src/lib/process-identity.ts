import { readFileSync } from 'node:fs';

/** A process as a file can name it: its id, and when it began, since ids come round again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, from /proc; empty where there is no /proc. */
  readonly began: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, began: beginOf(pid) };
}

/** True while that very process lives. */
export function isAlive({ pid, began }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return beginOf(pid) === began && !isZombie(pid);
}

/** proc(5): the fields after the command, which is in brackets and may hold anything. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const STATE = 0;
const START_TIME = 19;

function beginOf(pid: number): string {
  return statOf(pid)[START_TIME] ?? '';
}

function isZombie(pid: number): boolean {
  return statOf(pid)[STATE] === 'Z';
}
