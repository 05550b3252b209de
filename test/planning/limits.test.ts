import { expect, test } from 'vitest';
import { RollcallError } from '../../src/lib/errors.js';
import { holdLimits, type Numbers } from '../../src/planning/limits.js';

const limits = { maxRecipients: 5_000, minPeople: 10, maxIncrease: 0.25, maxDecrease: 0.1 };
const fine: Numbers = { people: 1_000, lastPeople: 1_000, recipients: 20 };

function refusal(numbers: Partial<Numbers>, accepted?: number): RollcallError | undefined {
  try {
    holdLimits(limits, { ...fine, ...numbers }, accepted);
    return undefined;
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
}

test('a usual night passes', () => {
  expect(refusal({})).toBeUndefined();
  expect(refusal({ lastPeople: undefined, people: 10 })).toBeUndefined();
});

test.each([
  ['exactly a quarter more', { people: 1_250 }],
  ['exactly a tenth fewer', { people: 900 }],
  ['exactly so many recipients', { recipients: 5_000 }],
])('%s passes', (_, numbers) => {
  expect(refusal(numbers)).toBeUndefined();
});

test.each([
  ['more than a quarter more', { people: 1_251 }, 1_251, 'grew by 25.1 %'],
  ['more than a tenth fewer', { people: 600 }, 600, 'shrank by 40 %'],
  ['fewer than the least', { people: 9, lastPeople: undefined }, 9, 'fewer than limits.minPeople (10)'],
  ['too many recipients', { recipients: 5_001 }, 5_001, 'more than limits.maxRecipients (5,000)'],
])('%s is refused with exit 3, the numbers, and the number to accept', (_, numbers, acceptCount, words) => {
  const error = refusal(numbers);
  expect(error?.code).toBe('ROLLCALL_ERR_LIMIT');
  expect(error?.exitCode).toBe(3);
  expect(error?.message).toContain(words);
  expect(error?.hint).toContain(`--accept-count ${acceptCount}`);
  expect(refusal(numbers, acceptCount)).toBeUndefined();
  expect(refusal(numbers, acceptCount + 1)?.message).toContain('is not that number');
});

test('where the size of the directory is in question, its number is the one to accept, and lets the recipients through', () => {
  const numbers = { people: 20_000, recipients: 19_000 };
  expect(refusal(numbers, 19_000)).toBeDefined();
  expect(refusal(numbers, 20_000)).toBeUndefined();
});
