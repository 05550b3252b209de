import { LimitError, valueError } from '../errors.js';
import { exponential, fixed, layOut } from './decimal.js';

const MAX_DIGITS = 1_000;

/** One floating-point conversion: the digits without a sign, as '%.2f', '%e' and '%g' give. */
export function floatDigits(value: number, kind: string, precision: number, alternate: boolean): string {
  if (precision > MAX_DIGITS) throw new LimitError('a number of more than 1,000 digits');
  const upper = kind === kind.toUpperCase();
  if (!Number.isFinite(value)) {
    const word = Number.isNaN(value) ? 'nan' : 'inf';
    return upper ? word.toUpperCase() : word;
  }
  const size = Math.abs(value);
  let text: string;
  switch (kind.toLowerCase()) {
    case 'f':
      text = fixed(size, precision) + (alternate && precision === 0 ? '.' : '');
      break;
    case 'e': {
      const { digits, exponent } = exponential(size, precision);
      const rest = precision > 0 ? `.${digits.slice(1)}` : alternate ? '.' : '';
      text = `${digits[0]}${rest}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent).toString().padStart(2, '0')}`;
      break;
    }
    case 'g': {
      const wanted = precision === 0 ? 1 : precision;
      const { digits, exponent } = exponential(size, wanted - 1);
      const kept = alternate ? digits : digits.replace(/0+$/, '') || '0';
      text = layOut(kept, exponent, wanted, false);
      break;
    }
    default:
      throw valueError(`there is no format ${JSON.stringify(kind)} for a float`);
  }
  return upper ? text.toUpperCase() : text;
}

/** An int's digits in the base of a conversion, without a sign. */
export function intDigits(value: number | bigint, kind: string, alternate: boolean): string {
  const size = BigInt(value) < 0n ? -BigInt(value) : BigInt(value);
  switch (kind) {
    case 'x':
      return (alternate ? '0x' : '') + size.toString(16);
    case 'X':
      return (alternate ? '0X' : '') + size.toString(16).toUpperCase();
    case 'o':
      return (alternate ? '0o' : '') + size.toString(8);
    case 'b':
      return (alternate ? '0b' : '') + size.toString(2);
    default:
      return size.toString();
  }
}

/** The sign that a number is written with. */
export function signOf(negative: boolean, flag: string): string {
  if (negative) return '-';
  return flag === '+' || flag === ' ' ? flag : '';
}
