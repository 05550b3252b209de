#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { runCommandLine } from './command-line.js';

// Nothing that Rollcall or a Redis it runs writes is for others to read, whatever the umask was.
process.umask(0o077);

// The program is bundled (scripts/build.mjs): whoever wants to see stacks wants them in terms of its sources.
if (process.env['ROLLCALL_DEBUG']) process.setSourceMapsEnabled(true);

// V8 lets garbage lie until the heap is up to four times what is in use; twice is enough, costs about a microsecond of
// collecting for each person planned, and keeps the memory of a large plan near that of a small one.
setFlagsFromString('--heap-growing-percent=100');

// Whatever still holds the event loop open, the command is over: its exit code and output are out.
process.exit(await runCommandLine(process.argv.slice(2), process.env));
