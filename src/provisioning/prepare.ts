import { prepareCustom } from './custom.js';
import { prepareInfinityOne } from './infinityone.js';
import { prepareJitsi } from './jitsi.js';
import { preparePexip } from './pexip.js';
import { prepareSametime } from './sametime.js';
import type { ProvisioningSection } from './schema.js';
import type { Prepared, PrepareOptions } from './system.js';

/** Compiles a section's templates; what is wrong with them is in `problems`, with its place. */
export function prepareSystem(section: ProvisioningSection, options: PrepareOptions): Prepared {
  switch (section.system) {
    case 'pexip':
      return preparePexip(section, options);
    case 'sametime':
      return prepareSametime(section, options);
    case 'jitsi':
      return prepareJitsi(section, options);
    case 'infinityone':
      return prepareInfinityOne(section, options);
    case 'custom':
      return prepareCustom(section, options);
  }
}
