/** One step of a glob: some text as it is, any one character, or any characters. */
export type GlobStep = { readonly text: string } | 'one' | 'any';

/**
 * Whether the steps cover the whole of `value`. Linear in practice and never worse than |steps| × |value|: after a failure
 * only the last `any` is widened, which is enough, since an earlier one could take nothing that this one cannot.
 */
export function globMatches(steps: readonly GlobStep[], value: string): boolean {
  let at = 0;
  let step = 0;
  let resumeStep = -1;
  let resumeAt = 0;
  for (;;) {
    const current = steps[step];
    if (current === undefined) {
      if (at === value.length) return true;
    } else if (current === 'any') {
      resumeStep = step;
      resumeAt = at;
      step++;
      continue;
    } else if (current === 'one') {
      if (at < value.length) {
        at += characterLength(value, at);
        step++;
        continue;
      }
    } else if (value.startsWith(current.text, at)) {
      at += current.text.length;
      step++;
      continue;
    }
    if (resumeStep === -1 || resumeAt >= value.length) return false;
    resumeAt += characterLength(value, resumeAt);
    at = resumeAt;
    step = resumeStep + 1;
  }
}

/** The steps of a glob: `*` any characters, `?` one character, everything else itself. */
export function parseGlob(glob: string): GlobStep[] {
  return glob.split(/([*?])/).flatMap((part): GlobStep[] => {
    if (part === '*') return ['any'];
    if (part === '?') return ['one'];
    return part === '' ? [] : [{ text: part }];
  });
}

/** `?` is one character as people count: a character outside the first plane is two code units. */
function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
