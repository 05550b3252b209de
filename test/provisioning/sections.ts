import { provisioningSchema } from '../../src/provisioning/schema.js';

const schema = provisioningSchema({ dir: '/etc/rollcall/jobs' });

/** A section as a campaign would have it, checked. */
export function sectionOf(raw: object) {
  return schema.parse(raw);
}

/** What the schema says of a section that is wrong, as `key: message`. */
export function complaints(raw: object): string[] {
  return (schema.safeParse(raw).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}
