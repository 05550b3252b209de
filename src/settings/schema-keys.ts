import type { z } from 'zod';
import { type SourcePath, valueAt } from './source.js';

type Def = z.core.$ZodTypes['_zod']['def'];

/** The keys that `schema` knows at `path`; of a union told apart by a key, those of the member that the value chose. */
export function keysAt(schema: z.ZodType, path: SourcePath, value: unknown): string[] {
  let schemas = unwrap(schema, value);
  path.forEach((step, index) => {
    const below = valueAt(value, path.slice(0, index + 1));
    schemas = schemas.flatMap((each) => inside(defOf(each), step)).flatMap((each) => unwrap(each, below));
  });
  const keys = schemas.flatMap((each) => {
    const def = defOf(each);
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
  return [...new Set(keys)];
}

function defOf(schema: z.core.$ZodType): Def {
  return (schema as z.core.$ZodTypes)._zod.def; // zod's own union of all its types: what `type` tells apart
}

function inside(def: Def, step: string | number): readonly z.core.$ZodType[] {
  if (def.type === 'object') {
    const found = def.shape[step];
    return found === undefined ? [] : [found];
  }
  if (def.type === 'array') return [def.element];
  if (def.type === 'record') return [def.valueType];
  return [];
}

/** Takes off what surrounds the objects, arrays and records of a schema. */
function unwrap(schema: z.core.$ZodType, value: unknown): z.core.$ZodType[] {
  const def = defOf(schema);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return unwrap(def.innerType, value);
    case 'pipe':
      // z.preprocess is a pipe that begins with a transform: what it takes is described by its end.
      return unwrap(defOf(def.in).type === 'transform' ? def.out : def.in, value);
    case 'union': {
      const members = def.options.flatMap((option) => unwrap(option, value));
      const key =
        'discriminator' in def && typeof def.discriminator === 'string' ? def.discriminator : undefined;
      if (key === undefined) return members;
      const wanted = valueAt(value, [key]);
      const chosen = members.filter((member) =>
        inside(defOf(member), key).some((each) => takes(each, wanted)),
      );
      return chosen.length === 0 ? members : chosen;
    }
    default:
      return [schema];
  }
}

function takes(schema: z.core.$ZodType, value: unknown): boolean {
  const def = defOf(schema);
  return def.type === 'literal' && (def.values as readonly unknown[]).includes(value); // of literals; any value may be asked for
}
