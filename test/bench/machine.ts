import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Seconds of all cores since boot: lost to the hypervisor, and used by anybody. Zeros where there is no /proc. */
export function machineTimes(): { stolen: number; busy: number } {
  try {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
      /^cpu +(.+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
    )
      .split(' ')
      .map(Number);
    return { stolen: steal / TICKS, busy: (user + nice + system + irq + softirq) / TICKS };
  } catch {
    return { stolen: 0, busy: 0 };
  }
}

/** Seconds of CPU that a process has used; 0 where it cannot be told. */
export function cpuOf(pid: number): number {
  try {
    // After the name, which may hold spaces, in brackets: state is field 3, utime and stime are 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

export function describeMachine(): string {
  const [cpu] = cpus();
  return [
    `${cpus().length} × ${cpu?.model ?? 'unknown'}`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `Linux ${release()}`,
    `Node ${process.version}`,
    `load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  ].join(', ');
}
