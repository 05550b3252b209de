import { isIP } from 'node:net';
import { z } from 'zod';
import { type FieldContext, path } from '../settings/fields.js';
import { parseHostPort } from './host.js';

/** The settings that every system has. */
export const commonFields = (context: FieldContext) => ({
  /** What `run` does about the system's prerequisites: nothing, tell, or refuse (exit 3) when one is not met. */
  preflight: z.enum(['off', 'warn', 'require']).default('off'),
  /** PEM certificates that the people's devices trust besides the public ones. */
  caFile: path(context).optional(),
  /** DNS servers to ask instead of this machine's, as the people's devices would. */
  resolver: z.array(dnsServer()).min(1).optional(),
});

/** What preflight takes from the settings of any system. */
export interface ProbeSettings {
  readonly caFile?: string | undefined;
  readonly resolver?: readonly string[] | undefined;
}

const dnsServer = () =>
  z.string().refine((text) => isIP(text) !== 0 || isIP(parseHostPort(text)?.host ?? '') !== 0, {
    message: 'a DNS server is an IP address, with a port where it is not 53: 192.0.2.53 or 127.0.0.1:5353',
  });

/** A Jinja template, rendered for each person without HTML escaping. */
export const template = () => z.string();

/**
 * For rules over several keys: zod would keep them back while any key is wrong, but all problems are to be told at
 * once. Such a rule must not rely on the types of what it reads.
 */
export const evenIfOthersFail = { when: () => true };
