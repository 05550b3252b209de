#!/usr/bin/env node
import { runCommandLine } from './command-line.js';

// Nothing that Rollcall or a Redis it runs writes is for others to read, whatever the umask was.
process.umask(0o077);

// The program is bundled (scripts/build.mjs): whoever wants to see stacks wants them in terms of its sources.
if (process.env['ROLLCALL_DEBUG']) process.setSourceMapsEnabled(true);

// Whatever still holds the event loop open, the command is over: its exit code and output are out.
process.exit(await runCommandLine(process.argv.slice(2), process.env));
