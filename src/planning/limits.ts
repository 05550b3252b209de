import { RollcallError } from '../lib/errors.js';

export interface Limits {
  readonly maxRecipients: number;
  readonly minPeople: number;
  /** Fractions: 0.25 is 25 %. */
  readonly maxIncrease: number;
  readonly maxDecrease: number;
}

export interface Numbers {
  /** People read from the directory. */
  readonly people: number;
  /** People read at the last complete run. */
  readonly lastPeople: number | undefined;
  /** Who would be written to. */
  readonly recipients: number;
  /** A re-send has nothing to go past a limit with: it is made in parts, or the limit is raised. */
  readonly isResend?: boolean;
}

const number = (value: number) => value.toLocaleString('en-GB');
const percent = (fraction: number) => `${Number((fraction * 100).toFixed(1))} %`;

/**
 * Refuses a plan that is larger, smaller or further from the last one than the campaign allows. `accepted` is the number
 * an admin has looked at: it must be the very number that the refusal named, people where the directory's size is in
 * question and recipients otherwise, so that yesterday's yes does not let today's accident through.
 * @throws ROLLCALL_ERR_LIMIT with the numbers and how to go ahead.
 */
export function holdLimits(limits: Limits, numbers: Numbers, accepted: number | undefined): void {
  const { people, lastPeople, recipients, isResend = false } = numbers;
  const size = sizeTrouble(limits, numbers);
  const count = size === undefined ? recipients : people;
  const trouble =
    size ??
    (recipients > limits.maxRecipients
      ? `${number(recipients)} people would be written to, more than limits.maxRecipients (${number(limits.maxRecipients)})`
      : undefined);
  if (trouble === undefined || accepted === count) return;

  throw new RollcallError(
    'ROLLCALL_ERR_LIMIT',
    `${trouble}. ${isResend ? 'Asked for' : 'Read'}: ${number(people)} people${isResend ? '' : ` (last complete run: ${lastPeople === undefined ? 'none' : number(lastPeople)})`}; to write to: ${number(recipients)}.` +
      (accepted === undefined ? '' : ` --accept-count ${accepted} is not that number.`),
    {
      hint: isResend
        ? 'Nothing was queued. If this is right, re-send in parts, or raise limits.maxRecipients.'
        : `Nothing was queued. If this is right, run it again with --accept-count ${count}.`,
      facts: { people, recipients, acceptCount: count, ...(lastPeople !== undefined && { lastPeople }) },
    },
  );
}

function sizeTrouble(limits: Limits, { people, lastPeople }: Numbers): string | undefined {
  if (people < limits.minPeople) {
    return `${number(people)} people were read, fewer than limits.minPeople (${number(limits.minPeople)})`;
  }
  if (lastPeople === undefined || lastPeople === 0) return undefined;
  const change = (people - lastPeople) / lastPeople;
  if (change > limits.maxIncrease) {
    return `the directory grew by ${percent(change)} since the last complete run, more than limits.maxIncrease (${percent(limits.maxIncrease)})`;
  }
  if (-change > limits.maxDecrease) {
    return `the directory shrank by ${percent(-change)} since the last complete run, more than limits.maxDecrease (${percent(limits.maxDecrease)})`;
  }
  return undefined;
}
