/**
 * Who was read, in flat memory: an open-addressed set of 64-bit hashes of stable ids, eight bytes a person. Two ids that
 * collide (one chance in 3·10⁹ for 100,000 people) make one person look present who is gone: that is found the next time.
 */
export interface SeenPeople {
  add(person: string): void;
  has(person: string): boolean;
}

const FIRST_SLOTS = 8_192;
const FULL = 0.6;

export function createSeenPeople(): SeenPeople {
  let high = new Uint32Array(FIRST_SLOTS);
  let low = new Uint32Array(FIRST_SLOTS);
  let count = 0;

  /** The slot of this hash, or the empty one where it belongs. */
  const slotOf = (a: number, b: number): number => {
    const mask = high.length - 1;
    let slot = (a ^ b) & mask;
    while ((high[slot] !== 0 || low[slot] !== 0) && (high[slot] !== a || low[slot] !== b))
      slot = (slot + 1) & mask;
    return slot;
  };

  const grow = () => {
    const [oldHigh, oldLow] = [high, low];
    high = new Uint32Array(oldHigh.length * 2);
    low = new Uint32Array(oldLow.length * 2);
    for (let index = 0; index < oldHigh.length; index += 1) {
      const [a = 0, b = 0] = [oldHigh[index], oldLow[index]];
      if (a === 0 && b === 0) continue;
      const slot = slotOf(a, b);
      high[slot] = a;
      low[slot] = b;
    }
  };

  return {
    add(person) {
      if (count > high.length * FULL) grow();
      const [a, b] = hash64(person);
      const slot = slotOf(a, b);
      if (high[slot] === 0 && low[slot] === 0) count += 1;
      high[slot] = a;
      low[slot] = b;
    },
    has(person) {
      const [a, b] = hash64(person);
      const slot = slotOf(a, b);
      return high[slot] === a && low[slot] === b;
    },
  };
}

/** Two lanes of 32-bit FNV-1a with different offsets, each finished as in MurmurHash3. Never both zero: that marks an empty slot. */
function hash64(text: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000193) ^ (b >>> 15);
  }
  return [finish(a), finish(b) || 1];
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
