// Records that were looked at last, in this browser, by whoever is signed in.
import { fact } from "./words";

export interface Recent {
  href: string;
  title: string;
  /** Its module, as people call it. */
  kind: string;
}

const KEPT = 12;
const key = `recent ${fact("me")}`;

export function recent(): Recent[] {
  return JSON.parse(localStorage.getItem(key) ?? "[]") as Recent[];
}

/** Keeps the record that a page shows. */
export function keep(shown: Document, href: string): void {
  const title = shown.querySelector("#main .top h1")?.textContent?.trim() ?? "";
  const kind = shown.querySelector("#main .top .crumbs a")?.textContent?.trim() ?? "";
  if (!title || !fact("me")) return;
  const others = recent().filter((other) => other.href !== href);
  localStorage.setItem(key, JSON.stringify([{ href, title, kind }, ...others].slice(0, KEPT)));
}

if (/^\/[a-z_0-9]+\/[0-9a-f-]{36}$/.test(location.pathname)) keep(document, location.pathname);
// On a machine that others use, nothing of it stays.
document.addEventListener("submit", (event) => {
  if ((event.target as Element).getAttribute("action") === "/sign-out") localStorage.removeItem(key);
});
