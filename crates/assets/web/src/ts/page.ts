// Pages of ours, fetched by script: their parts take the place of what is shown.
import { unpressed } from "./press";
import { signedOut } from "./session";
import { reached } from "./toast";

/** Elements of a piece of markup. Scripts in it are never run. */
export function parsed(text: string): Document {
  return new DOMParser().parseFromString(text, "text/html");
}

/** Whether an answer is the door instead of what was asked for. */
export function isDoor(answer: Response): boolean {
  return answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/sign-in");
}

/** The page at an address, once nothing is pressed; nothing where it is refused or the server is away. `partial` asks for a part of a page. */
export async function page(address: string | URL, options: RequestInit & { partial?: boolean } = {}): Promise<Document | null> {
  const headers = options.partial ? { "HX-Request": "true" } : undefined;
  try {
    const answer = await unpressed(address, { ...options, ...(headers && { headers }) });
    reached();
    if (isDoor(answer)) void signedOut();
    return answer.ok && !isDoor(answer) ? parsed(await answer.text()) : null;
  } catch {
    return null;
  }
}

/** Bytes of a request that the browser sends although its page is left; it refuses more than 65,536 in all that are under way. */
const KEPT_ALIVE = 48_000;

/** Whether what is saved by leaving for another page can be sent all the same. A longer text is sent only while its page stays. */
export function outlives(form: HTMLFormElement): boolean {
  const texts = [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return new URLSearchParams(texts).toString().length < KEPT_ALIVE;
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
