// A chart follows what its records become.
import { part } from "./ask";
import type { Change } from "./changes";

/** Many changes are one new picture. */
const PAUSE = 400;
let timer = 0;

async function renew(): Promise<void> {
  const fresh = (await part(location.href))?.querySelector("[data-chart]");
  const old = document.querySelector("[data-chart]");
  if (!fresh || !old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : undefined;
  const made = document.importNode(fresh, true);
  old.replaceWith(made);
  if (focused) made.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

document.addEventListener("changes", (event) => {
  const module = document.querySelector<HTMLElement>("[data-chart]")?.dataset["chart"];
  if (!module || !(event as CustomEvent<Change[]>).detail.some((change) => change.module === module)) return;
  clearTimeout(timer);
  timer = setTimeout(() => void renew(), PAUSE);
});
