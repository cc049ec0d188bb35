// Pages of ours, fetched by script: their parts take the place of what is shown.
import { signedOut } from "./session";

/** Elements of a piece of markup. Scripts in it are never run. */
export function parsed(text: string): Document {
  return new DOMParser().parseFromString(text, "text/html");
}

/** Whether an answer is the door instead of what was asked for. */
export function isDoor(answer: Response): boolean {
  return answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/sign-in");
}

/** The page at an address; nothing where it is refused or the server is away. `partial` asks for a part of a page. */
export async function page(address: string | URL, options: RequestInit & { partial?: boolean } = {}): Promise<Document | null> {
  const headers = options.partial ? { "HX-Request": "true" } : undefined;
  let answer: Response;
  try {
    answer = await fetch(address, { ...options, ...(headers && { headers }) });
  } catch {
    return null;
  }
  if (isDoor(answer)) void signedOut();
  return answer.ok && !isDoor(answer) ? parsed(await answer.text()) : null;
}

/** An element made in one expression. */
export function element<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, string> = {}, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

/** The icon of another element, copied. */
export function iconOf(source: Element | null): Node[] {
  const icon = source?.querySelector("svg.ic");
  return icon ? [icon.cloneNode(true)] : [];
}
