const DIGITS = '0123456789';
const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const CAPITAL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Stay as they are: what joins the parts of Base64, UUIDs and the like. */
const JOINERS = '+/=-_.: ';

/**
 * A stand-in for a secret that is as long (in UTF-16 units, and in characters) and of the same alphabet: digits for digits, small letters
 * for small ones, capitals for capitals, Base64 for Base64. It is made from places and alphabets alone, so it tells nothing else of
 * the secret, and it is the same for the same text. Where it would happen to be the secret itself, another one is taken.
 */
export function maskSecret(text: string): string {
  const masked = mask(text, 1);
  if (text === '' || masked !== text) return masked;
  const other = mask(text, 4);
  // Nothing but joiners: they have to give way, or the "mask" would be the secret.
  return other === text ? text.replace(/./gsu, 'x') : other;
}

function mask(text: string, shift: number): string {
  return [...text].map((character, place) => standIn(character, place + shift)).join('');
}

function standIn(character: string, place: number): string {
  if (JOINERS.includes(character)) return character;
  for (const alphabet of [DIGITS, SMALL, CAPITAL])
    if (alphabet.includes(character)) return alphabet.charAt(place % alphabet.length);
  if (character.length === 2) return place % 2 === 0 ? '\u{1d4ea}' : '\u{1d4eb}';
  if (character > '\u007f') return place % 2 === 0 ? 'å' : 'é';
  return place % 2 === 0 ? '*' : '#';
}
