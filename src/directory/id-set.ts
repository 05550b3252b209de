import { createHash } from 'node:crypto';

const HEX = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) + 1);
const UUID_LENGTH = 36;

/**
 * The ids seen in one read, 16 bytes each: a Set of strings would grow the heap by some 10 MB for every 100,000 people.
 * UUIDs are kept as they are, other ids as 128 bits of SHA-256.
 */
export class IdSet {
  #slots = new Uint32Array(4 * 1024);
  #count = 0;
  readonly #key = new Uint32Array(4);

  /** Adds an id. False where it was there already. */
  add(id: string): boolean {
    if (!readUuid(id, this.#key)) this.#key.set(hash(id));
    // An empty slot is all zeros, so the one key that is all zeros becomes another.
    const key = this.#key;
    if (!key[0] && !key[1] && !key[2] && !key[3]) key.fill(0xffff_ffff);
    if ((this.#count + 1) * 2 > this.#slots.length / 4) this.#grow();
    const added = insert(this.#slots, key, 0);
    if (added) this.#count++;
    return added;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      if (old[at] || old[at + 1] || old[at + 2] || old[at + 3]) insert(this.#slots, old, at);
    }
  }
}

/** Puts in the key that begins there. Open addressing with steps of one slot; the table is at most half full. */
function insert(slots: Uint32Array, keys: Uint32Array, from: number): boolean {
  const a = keys[from] ?? 0;
  const b = keys[from + 1] ?? 0;
  const c = keys[from + 2] ?? 0;
  const d = keys[from + 3] ?? 0;
  const mask = slots.length / 4 - 1;
  // Ids made from a counter differ in few bits: mix them before they become a place.
  let slot =
    Math.imul(
      a ^ Math.imul(b, 0x85eb_ca6b) ^ Math.imul(c, 0xc2b2_ae35) ^ Math.imul(d, 0x27d4_eb2f),
      0x9e37_79b1,
    ) >>> 8;
  for (; ; slot++) {
    const at = (slot & mask) * 4;
    const e = slots[at];
    const f = slots[at + 1];
    const g = slots[at + 2];
    const h = slots[at + 3];
    if (e === a && f === b && g === c && h === d) return false;
    if (!e && !f && !g && !h) {
      slots[at] = a;
      slots[at + 1] = b;
      slots[at + 2] = c;
      slots[at + 3] = d;
      return true;
    }
  }
}

/** The 32 hex digits of a UUID as four words; false where it is none. */
function readUuid(text: string, into: Uint32Array): boolean {
  if (text.length !== UUID_LENGTH) return false;
  let digits = 0;
  let word = 0;
  for (let at = 0; at < UUID_LENGTH; at++) {
    const code = text.charCodeAt(at);
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (code !== 0x2d) return false;
      continue;
    }
    // Only lower case: "A" and "a" are two ids where they are no UUIDs.
    const value = code < 128 && (code < 0x41 || code > 0x5a) ? (HEX[code] ?? 0) : 0;
    if (value === 0) return false;
    word = (word << 4) | (value - 1);
    digits++;
    if (digits % 8 === 0) {
      into[digits / 8 - 1] = word;
      word = 0;
    }
  }
  return true;
}

function hash(id: string): Uint32Array {
  const bytes = createHash('sha256').update(id, 'utf8').digest();
  return Uint32Array.from([0, 4, 8, 12], (at) => bytes.readUInt32LE(at));
}
