#!/usr/bin/env node
import { runCommandLine } from './command-line.js';

// Whatever still holds the event loop open, the command is over: its exit code and output are out.
process.exit(await runCommandLine(process.argv.slice(2), process.env));
