import type { Jinja, JinjaContext, SymbolUse } from '../jinja/types.js';
import type { Problem } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import type { LinkData } from '../model/assignment.js';

/** What can be provisioned. */
export type SystemName = 'pexip' | 'sametime' | 'jitsi' | 'infinityone' | 'custom';

/** What templates see as `link` (but for `link.qr`, which is the picture's `cid:` URL and made by the caller). */
export interface Link {
  /** `link.uri`: a credential wherever a password is in it. */
  readonly uri: Secret;
  /** `link.<name>`; each name of {@link linkFields} is here, empty where it does not apply to this person. */
  readonly fields: Readonly<Record<string, string>>;
  /** False where the URI is longer than any QR code can hold (2,953 bytes). */
  readonly fitsQr: boolean;
}

/** The fields `link.*` that each system offers to message templates. */
export const linkFields: Readonly<Record<SystemName, readonly string[]>> = {
  pexip: ['uri', 'qr', 'host', 'registrationHost', 'name'],
  sametime: ['uri', 'qr', 'host', 'port', 'hostPort', 'community', 'user'],
  jitsi: ['uri', 'qr', 'host', 'asksCredentials'],
  infinityone: ['uri', 'qr', 'host', 'port', 'hostPort', 'user'],
  custom: ['uri', 'qr', 'scheme'],
};

/** What the limits of a system's own records are checked against. */
export interface DeviceRecord {
  readonly alias: string;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly to: string;
}

/** A system whose templates are compiled: makes the links of one campaign (or of one alias pattern of it). */
export interface PreparedSystem {
  readonly name: SystemName;
  /** What its templates use. */
  readonly symbols: readonly SymbolUse[];
  /** The keys of the link data that are wording: they belong to the link but not to the revision. */
  readonly wording: ReadonlySet<string>;
  /**
   * What this person is provisioned with.
   * @param options.mask - put `maskSecret` over credentials that do not come from `device_password`, which the caller masks itself.
   * @throws ROLLCALL_ERR_UNDEFINED_VARIABLE where a template needs what this person lacks.
   * @throws ROLLCALL_ERR_UNUSABLE_VALUE where the system, or its client, cannot take the value.
   */
  linkData(context: JinjaContext, options?: { readonly mask?: boolean }): LinkData;
  /** The link, from nothing but the data: the same data gives the same link. */
  link(data: LinkData): Link;
  /**
   * The link without anybody's own values, where the system has a use for one. `constants` are `vars` and
   * `campaign`.
   */
  readonly sharedUri?: (constants: JinjaContext) => string;
  /** @throws ROLLCALL_ERR_FIELD_LIMIT where a value is longer than the system's own record holds. */
  checkLimits(record: DeviceRecord): void;
}

export interface PrepareOptions {
  readonly jinja: Jinja;
  /** Where the value of a key of the section stands. */
  readonly at: (key: string) => { readonly file: string; readonly line?: number; readonly column?: number };
}

export interface Prepared {
  /** Absent where a problem is an error. */
  readonly system?: PreparedSystem;
  readonly problems: readonly Problem[];
}
