/**
 * The argument parser, behind a file of its own so that the build can bundle it into one (scripts/build.mjs):
 * loaded from its thirty files it costs more than the rest of `rollcall --help` together.
 */
export type { Argv } from 'yargs';
export { default } from 'yargs';
