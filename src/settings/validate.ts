import { z } from 'zod';
import type { Problem } from '../lib/errors.js';
import { problemsOf } from './issues.js';
import { isMapping, partOf, type SourceDocument } from './source.js';

/** Checks a document against a schema. Without a value there is at least one problem. */
export function validate<S extends z.ZodType>(
  source: SourceDocument,
  schema: S,
): { value?: z.output<S>; problems: readonly Problem[] } {
  const result = schema.safeParse(source.value);
  return result.success
    ? { value: result.data, problems: [] }
    : { problems: problemsOf(source, schema, result.error.issues) };
}

/** The values of those keys that are as they should be. */
export type Sections<Shape extends z.ZodRawShape> = { readonly [Key in keyof Shape]?: z.output<Shape[Key]> };

/**
 * Checks each key of a mapping by itself, so that what is right can be used to look for further problems although another
 * key is wrong. Unknown keys are problems.
 *
 * @param only - the keys to check; all of them when not given. The others are left alone.
 */
export function validateSections<Shape extends z.ZodRawShape>(
  source: SourceDocument,
  shape: Shape,
  only?: readonly (keyof Shape)[],
): { values: Sections<Shape>; problems: readonly Problem[] } {
  if (!isMapping(source.value))
    return { values: {}, problems: validate(source, z.strictObject(shape)).problems };
  const problems: Problem[] = [];
  const values: Partial<Record<keyof Shape, unknown>> = {};
  for (const [key, schema] of Object.entries(shape)) {
    if (only !== undefined && !only.includes(key)) continue;
    // Every schema of a shape is a full zod type: its keys were written with zod's own functions.
    const checked = validate(partOf(source, [key]), schema as z.ZodType);
    problems.push(...checked.problems);
    if (checked.problems.length === 0) values[key as keyof Shape] = checked.value;
  }
  const unknown = validate(
    source,
    z.strictObject(Object.fromEntries(Object.keys(shape).map((key) => [key, z.unknown().optional()]))),
  );
  problems.push(...unknown.problems);
  return { values: values as Sections<Shape>, problems }; // each value is its own schema's output
}
