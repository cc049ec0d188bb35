// Conditions of a list are made and changed in their place: the form comes into the menu of its chip. Without script each of
// these ways is a page of its own.
import htmx from "htmx.org";
import { does } from "./bound";

/** Puts what an address answers into a menu, and the focus into what has come. */
async function fill(pop: HTMLElement, address: string): Promise<void> {
  pop.setAttribute("aria-busy", "true");
  await htmx.ajax("GET", address, { target: pop, swap: "innerHTML" });
  pop.removeAttribute("aria-busy");
  if (pop.closest("details")?.open) first(pop)?.focus();
}

function first(pop: Element): HTMLElement | null {
  const wanted = ["[data-narrow]", "select, textarea", ".fields-offered a", "a"];
  return wanted.map((selector) => pop.querySelector<HTMLElement>(selector)).find((found) => found !== null) ?? null;
}

function popOf(inside: Element): HTMLElement | null {
  return inside.closest<HTMLElement>(".bar .pop");
}

// `toggle` does not bubble.
document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.matches(".bar details[data-load]")) return;
    const pop = menu.querySelector<HTMLElement>(":scope > .pop");
    if (!pop) return;
    // Only one form is in the page at a time, and a menu that is opened again is asked anew: it begins with the fields.
    if (!menu.open) {
      if (menu.closest(".cond") || pop.querySelector("form, .of-link")) pop.replaceChildren();
      return;
    }
    if (pop.querySelector("form, .fields-offered")) first(pop)?.focus();
    else void fill(pop, menu.dataset["load"] ?? "");
  },
  true,
);

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-part]");
  const pop = link ? popOf(link) : null;
  if (!link || !pop || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void fill(pop, link.href);
});

/** Shows the fields that agree with what is typed. */
function narrow(text: HTMLInputElement): void {
  const words = text.value.trim().toLowerCase();
  const pop = popOf(text);
  let shown = 0;
  for (const item of pop?.querySelectorAll<HTMLElement>(".fields-offered li") ?? []) {
    item.hidden = !(item.textContent ?? "").toLowerCase().includes(words);
    if (!item.hidden) shown += 1;
  }
  const none = pop?.querySelector<HTMLElement>("[data-none]");
  if (none) none.hidden = shown > 0;
}
document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLInputElement && target.matches("[data-narrow]")) narrow(target);
});

function offered(pop: Element): HTMLAnchorElement[] {
  return [...pop.querySelectorAll<HTMLAnchorElement>(".fields-offered li:not([hidden]) a")];
}

function press(event: KeyboardEvent): void {
  const target = event.target;
  if (!(target instanceof HTMLElement) || event.isComposing) return;
  const chip = target.closest(".cond");
  if (chip && target.matches("summary, .off") && does(event, "unfilter")) {
    event.preventDefault();
    return chip.querySelector<HTMLElement>("[data-off]")?.click();
  }
  const pop = target.matches("[data-narrow], .fields-offered a") ? popOf(target) : null;
  if (!pop) return;
  const links = offered(pop);
  const here = links.indexOf(target as HTMLAnchorElement);
  if (event.code === "ArrowDown") links[Math.min(here + 1, links.length - 1)]?.focus();
  else if (event.code === "ArrowUp") (here > 0 ? links[here - 1] : pop.querySelector<HTMLElement>("[data-narrow]"))?.focus();
  else if (event.code === "Enter" && here < 0) links[0]?.click();
  else return;
  event.preventDefault();
}
document.addEventListener("keydown", press);

/** Opens the menu of a new condition. */
export function openFilter(): boolean {
  const fold = document.querySelector<HTMLInputElement>("#tools-toggle:not(:checked)");
  if (fold?.checkVisibility()) fold.checked = true;
  const summary = document.querySelector<HTMLElement>("summary[data-filter]");
  if (!summary?.checkVisibility()) return false;
  const menu = summary.parentElement;
  if (menu instanceof HTMLDetailsElement && !menu.open) summary.click();
  return true;
}
