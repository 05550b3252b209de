/** `de-AT` → de-at, de. */
export function* localeChain(locale: string): Generator<string> {
  const parts = locale.trim().toLowerCase().replaceAll('_', '-').split('-');
  for (let length = parts.length; length > 0; length--) yield parts.slice(0, length).join('-');
}

/**
 * The best of `locales` for what a person wants: one tag, or a list with weights as preferredLanguage holds it (RFC 2798
 * §2.7: the value of an Accept-Language header). Undefined is the plain file: where nothing fits, and where the language
 * that the plain file says it is in comes before the others.
 */
export function resolveLocale(
  wanted: string | undefined,
  locales: readonly string[],
  plainLanguage?: string,
): string | undefined {
  if (wanted === undefined) return undefined;
  const wishes = wanted
    .split(',')
    .map((wish) => {
      const [tag = '', ...parameters] = wish.split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of wishes) {
    for (const step of localeChain(tag)) {
      if (locales.includes(step)) return step;
      if (step === plainLanguage) return undefined;
    }
  }
  return undefined;
}
