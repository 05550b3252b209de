import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A value that must never be seen: a password, a bind credential, a provisioning link.
 * Printing, logging, joining or serialising one gives `[redacted]`; only {@link Secret.reveal} gives the value,
 * so that each place that does is found by searching for that word.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it as late as possible and never keep the result. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
