/**
 * A float's exact decimal expansion, rounded half to even as CPython's dtoa does. JavaScript's toFixed rounds exact ties
 * up ((2.5).toFixed(0) is 3, Python's is 2) and gives up at 1e21.
 */

/** The exact value of a finite float as numerator / denominator (a power of two). */
function fraction(value: number): readonly [bigint, bigint] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const mantissa = bits & 0xfffffffffffffn;
  const [whole, shift] = exponent === 0 ? [mantissa, -1074] : [mantissa | (1n << 52n), exponent - 1075];
  return shift >= 0 ? [whole << BigInt(shift), 1n] : [whole, 1n << BigInt(-shift)];
}

/** |value| × 10^digits, to the nearest whole number, ties to even. */
function scaled(value: number, digits: number): bigint {
  let [numerator, denominator] = fraction(value);
  if (digits >= 0) numerator *= 10n ** BigInt(digits);
  else denominator *= 10n ** BigInt(-digits);
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && whole % 2n === 1n) ? whole + 1n : whole;
}

/** |value| with so many digits after the point, as '%.3f' gives. */
export function fixed(value: number, digits: number): string {
  const text = scaled(value, digits).toString();
  if (digits === 0) return text;
  const padded = text.padStart(digits + 1, '0');
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

/** The significant digits (so many + 1) and the power of ten of the first, as '%.3e' gives. */
export function exponential(
  value: number,
  digits: number,
): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: '0'.repeat(digits + 1), exponent: 0 };
  let exponent = Number(Math.abs(value).toExponential().split('e')[1]);
  let text = scaled(value, digits - exponent).toString();
  if (text.length > digits + 1) {
    exponent += 1;
    text = scaled(value, digits - exponent).toString();
  }
  return { digits: text, exponent };
}

/** Python's round(value, digits) of a float. */
export function roundFloat(value: number, digits: number): number {
  if (!Number.isFinite(value) || value === 0 || digits > 330) return value;
  if (digits < -310) return value < 0 ? -0 : 0;
  const size =
    digits >= 0 ? Number(fixed(value, digits)) : Number(scaled(value, digits) * 10n ** BigInt(-digits));
  return value < 0 ? -size : size;
}

/** Python's repr of a float: the shortest digits that read back. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  return sign + layOut(mantissa.replace('.', ''), Number(power), 16, true);
}

/** Digits as a plain number, or with an exponent where it is below -4 or at `limit`. */
export function layOut(digits: string, exponent: number, limit: number, point: boolean): string {
  if (exponent < -4 || exponent >= limit) {
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = Math.abs(exponent).toString().padStart(2, '0');
    return `${digits[0]}${rest}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const rest = digits.slice(exponent + 1);
  return rest ? `${whole}.${rest}` : point ? `${whole}.0` : whole;
}
