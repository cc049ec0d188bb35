// Sentences and facts come from the page (data-say-… on <body>, and on the element #says), never from here: the server
// knows the language.
const says = document.getElementById("says");

/** The page's sentence of that name with what it is told in its {places}, or nothing when the page carries none. */
export function say(name: string, told: Record<string, string | number> = {}): string {
  const text = document.body.getAttribute(`data-say-${name}`) ?? says?.getAttribute(`data-say-${name}`) ?? "";
  return text.replace(/\{(\w+)\}/g, (_, key: string) => String(told[key] ?? ""));
}

/** What the page says about itself: who looks at it, how new it is. */
export function fact(name: string): string {
  return says?.dataset[name] ?? "";
}

/** A number as it is written in the page's language. */
export function number(of: number): string {
  return of.toLocaleString(document.documentElement.lang);
}
