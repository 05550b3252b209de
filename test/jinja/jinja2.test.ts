import { describe, expect, it } from 'vitest';
import { combine, differences, readSources } from './same-as-jinja2.js';
import { awkwardValues } from './values.js';

describe("Python's Jinja2 as the oracle", () => {
  it('gives the same for each expression that stands alone', () => {
    expect(differences(combine(readSources('alone.txt'), [null]))).toEqual([]);
  });

  it('gives the same for each expression on each awkward value, with and without escaping', () => {
    expect(differences(combine(readSources('on-values.txt'), awkwardValues))).toEqual([]);
  });

  it('gives the same for each filter and function of Pexip that can be written in Python', () => {
    const texts = awkwardValues.filter((value) => typeof value === 'string');
    expect(differences(combine(readSources('pexip.txt'), texts))).toEqual([]);
  });
});
