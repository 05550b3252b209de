import type { z } from 'zod';
import type { Condition } from '../matching/schema.js';
import type { ProvisioningSection } from '../provisioning/schema.js';
import type { SourceDocument, SourcePath } from '../settings/source.js';
import type { campaignShape, MessageSection } from './campaign-schema.js';

/** A section as one alias pattern has it: its own keys over the campaign's, each with its place. */
export interface Merged<Value> {
  readonly value: Value;
  readonly source: SourceDocument;
}

/** What could be read of an alias pattern, although something in it may be wrong. */
export interface PatternDraft {
  /** Where it stands in the file. */
  readonly path: SourcePath;
  readonly name?: string | undefined;
  readonly match?: readonly Condition[] | undefined;
  readonly skip: boolean;
  readonly alias?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** True where something is provisioned, although that section may be wrong; else templates may build links themselves. */
  readonly provisioned: boolean;
  readonly provisioning?: Merged<ProvisioningSection> | undefined;
  readonly message?: Merged<MessageSection> | undefined;
}

/** An alias pattern with the sections that it overrides merged in. */
interface CampaignPattern extends PatternDraft {
  readonly name: string;
  readonly match: readonly Condition[];
}

type Shape = ReturnType<typeof campaignShape>;
type Output = { readonly [Key in keyof Shape]: z.output<Shape[Key]> };

/** A campaign file, checked: durations in milliseconds, paths absolute, patterns merged. */
export interface Campaign extends Omit<Output, 'aliases' | 'provisioning' | 'message'> {
  /** Absolute. */
  readonly file: string;
  /** The file's values with references put in, for places and the digest. */
  readonly source: SourceDocument;
  readonly patterns: readonly CampaignPattern[];
}

/** What could be read of a campaign although something in it is wrong. */
export type CampaignDraft = Partial<Omit<Campaign, 'file' | 'source' | 'patterns'>> &
  Pick<Campaign, 'file' | 'source'> & { readonly patterns: readonly PatternDraft[] };
