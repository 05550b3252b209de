import { expect, test } from 'vitest';
import { windowOf } from '../../src/delivery/window.js';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'];
const office = { days: weekdays, from: '07:00', to: '19:00', timezone: 'Europe/Berlin' };
const at = (text: string) => new Date(text).getTime();

test.each([
  ['a Tuesday at ten', '2026-11-24T10:00:00+01:00', '2026-11-24T10:00:00+01:00'],
  ['the first open second', '2026-11-24T07:00:00+01:00', '2026-11-24T07:00:00+01:00'],
  ['the night before', '2026-11-24T02:31:12+01:00', '2026-11-24T07:00:00+01:00'],
  ['the first closed second', '2026-11-24T19:00:00+01:00', '2026-11-25T07:00:00+01:00'],
  ['a Friday evening', '2026-11-27T20:00:00+01:00', '2026-11-30T07:00:00+01:00'],
  ['the night the clocks go forward', '2026-03-29T01:30:00+01:00', '2026-03-30T07:00:00+02:00'],
  ['the night the clocks go back', '2026-10-25T02:30:00+02:00', '2026-10-26T07:00:00+01:00'],
])('%s', (_, now, open) => {
  expect(new Date(windowOf(office)(at(now))).toISOString()).toBe(new Date(open).toISOString());
});

test('a window over midnight belongs to the day it begins on', () => {
  const night = windowOf({ days: ['fri'], from: '22:00', to: '04:00', timezone: 'UTC' });
  expect(night(at('2026-11-28T03:00:00Z'))).toBe(at('2026-11-28T03:00:00Z'));
  expect(night(at('2026-11-27T03:00:00Z'))).toBe(at('2026-11-27T22:00:00Z'));
  expect(night(at('2026-11-28T04:00:00Z'))).toBe(at('2026-12-04T22:00:00Z'));
});

test('a window of a few minutes is found', () => {
  const short = windowOf({ days: ['wed'], from: '12:01', to: '12:04', timezone: 'Asia/Kathmandu' });
  expect(short(at('2026-11-22T00:00:00Z'))).toBe(at('2026-11-25T12:01:00+05:45'));
});

test('the remembered answer holds only while the window is closed', () => {
  const open = windowOf(office);
  expect(open(at('2026-11-24T05:00:00+01:00'))).toBe(at('2026-11-24T07:00:00+01:00'));
  expect(open(at('2026-11-24T06:59:59+01:00'))).toBe(at('2026-11-24T07:00:00+01:00'));
  expect(open(at('2026-11-24T08:00:00+01:00'))).toBe(at('2026-11-24T08:00:00+01:00'));
});
