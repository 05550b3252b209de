import { pino } from 'pino';

/** What the rooms need of a logger: structured, one line a fact. Never give it a Secret's value. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** JSON lines on stderr, so that stdout carries only what the command was asked for. */
export function createLogger(level: 'debug' | 'info' | 'warn' | 'error' | 'silent' = 'info'): Logger {
  return pino(
    {
      base: null,
      level,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** For tests and for commands that have nothing to log. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
