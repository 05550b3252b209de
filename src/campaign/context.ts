import type { HostValue, SymbolUse } from '../jinja/types.js';
import { deviceVariables } from './scope.js';

const RESERVED: ReadonlySet<string> = new Set(['campaign', 'vars', 'match', 'link', ...deviceVariables]);

/** Which attributes a set of templates uses, so that a context holds nothing else. */
export interface ContextPlan {
  /** Variables that are an attribute's first value: as written, and in lower case. */
  readonly first: readonly (readonly [written: string, attribute: string])[];
  /** Names in `attributes[…]`, which gives all values: as written, and in lower case. */
  readonly all: readonly (readonly [written: string, attribute: string])[];
  /** Every attribute of both, in lower case. */
  readonly attributes: ReadonlySet<string>;
}

export function planContext(symbols: readonly SymbolUse[]): ContextPlan {
  const first = new Set<string>();
  const all = new Set<string>();
  for (const { name, path } of symbols) {
    if (name !== 'attributes') {
      if (!RESERVED.has(name)) first.add(name);
    } else if (path[1] !== undefined) all.add(path[1]);
  }
  const withAttribute = (names: ReadonlySet<string>) =>
    [...names].sort().map((name) => [name, name.toLowerCase()] as const);
  return {
    first: withAttribute(first),
    all: withAttribute(all),
    attributes: new Set([...first, ...all].map((name) => name.toLowerCase())),
  };
}

/** The attributes' part of a context. One that the person lacks is undefined. */
export function attributeContext(
  plan: ContextPlan,
  valuesOf: (attribute: string) => readonly string[] | undefined,
): Record<string, HostValue> {
  const context: Record<string, HostValue> = {};
  for (const [written, attribute] of plan.first) context[written] = valuesOf(attribute)?.[0];
  if (plan.all.length > 0) {
    const lists: Record<string, HostValue> = {};
    for (const [written, attribute] of plan.all) lists[written] = valuesOf(attribute);
    context['attributes'] = lists;
  }
  return context;
}

/** What a mail needs of a person later on, by lower-case name: of attributes used as single values only the first. */
export function keepAttributes(
  plan: ContextPlan,
  valuesOf: (attribute: string) => readonly string[] | undefined,
): Record<string, readonly string[]> {
  const lists = new Set(plan.all.map(([, attribute]) => attribute));
  const kept: Record<string, readonly string[]> = {};
  for (const attribute of plan.attributes) {
    const values = valuesOf(attribute);
    if (values === undefined || values.length === 0) continue;
    kept[attribute] = lists.has(attribute) ? values : values.slice(0, 1);
  }
  return kept;
}
