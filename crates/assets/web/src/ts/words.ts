// Sentences come from the page (data-say-… on <body>), never from here: the server knows the language.

/** The page's sentence of that name, or nothing when the page carries none. */
export function say(name: string): string {
  return document.body.getAttribute(`data-say-${name}`) ?? "";
}
