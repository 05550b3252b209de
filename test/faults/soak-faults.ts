import type { Fault, Moment, Stage } from '../support/fault-smtp.js';

const close: Fault = { do: 'close' };
const reset: Fault = { do: 'reset' };
const hang: Fault = { do: 'hang' };
const slow: Fault = { do: 'trickle', everyMs: 5 };
const late: Fault = { do: 'delay', ms: 300 };
const says = (text: string): Fault => ({ do: 'reply', text });
const busy = says('421 4.3.2 Not now');
const later = says('451 4.3.0 Try later');
const never = says('554 5.7.1 Never');

/** How often something goes wrong at a stage, and what. A relay that takes nobody holds all workers, so that is rare. */
const faults: Readonly<Partial<Record<Stage, { readonly share: number; readonly what: readonly Fault[] }>>> =
  {
    greeting: { share: 0.01, what: [close, reset, hang, slow, late, busy] },
    ehlo: { share: 0.01, what: [close, reset, hang, slow, late, busy] },
    mail: { share: 0.02, what: [close, reset, slow, late, later] },
    rcpt: { share: 0.03, what: [close, reset, hang, slow, late, later, never] },
    data: { share: 0.03, what: [close, reset, hang, slow, late, later, never] },
    body: { share: 0.01, what: [close, reset, hang] },
    dot: {
      share: 0.06,
      what: [close, reset, hang, slow, late, busy, later, never, later, never, slow, late],
    },
  };

/** A server that misbehaves at every stage, as the random numbers say. */
export function misbehave(random: () => number): (moment: Moment) => Fault | undefined {
  return ({ stage }) => {
    const { share = 0, what = [] } = faults[stage] ?? {};
    return random() < share ? what[Math.floor(random() * what.length)] : undefined;
  };
}
