// Help beside the work: the section of the manual that fits the page, put at its side; the page stays usable. Links from one
// section to another stay there. Without script the same links open the manual.
import { element, page } from "./page";
import { away } from "./toast";

let beside: HTMLElement | undefined;
let before: HTMLElement | null = null;

function sign(): HTMLAnchorElement | null {
  return document.querySelector<HTMLAnchorElement>("a[data-help]");
}

function word(name: string): string {
  return sign()?.getAttribute(`data-say-${name}`) ?? "";
}

function build(): HTMLElement {
  const shut = element("button", { type: "button", class: "btn quiet small", "aria-label": document.body.dataset["sayClose"] ?? "", title: document.body.dataset["sayClose"] ?? "" }, "×");
  shut.addEventListener("click", () => closeHelp());
  const whole = element("a", { class: "btn small whole" }, word("help-whole"));
  const head = element("header", {}, element("b", {}, word("help")), whole, shut);
  const made = element("aside", { class: "helper", id: "helper", tabindex: "-1", "aria-label": word("help") }, head, element("div", { class: "content", tabindex: "0" }));
  document.body.append(made);
  document.body.classList.add("has-help");
  return made;
}

async function show(link: HTMLAnchorElement): Promise<void> {
  const address = new URL(link.href);
  const place = address.hash.slice(1);
  address.hash = "";
  if (place) address.searchParams.set("section", place);
  const part = (await page(address, { partial: true }))?.querySelector<HTMLElement>(".manual");
  if (!part) return away();
  if (!beside) {
    before = document.activeElement instanceof HTMLElement && document.activeElement !== document.body ? document.activeElement : sign();
    beside = build();
  }
  const inside = beside.querySelector<HTMLElement>(".content");
  inside?.replaceChildren(document.importNode(part, true));
  if (inside) inside.scrollTop = 0;
  beside.querySelector(".whole")?.setAttribute("href", part.dataset["whole"] ?? link.href);
  if (place) beside.querySelector(`#${CSS.escape(place)}`)?.scrollIntoView({ block: "start" });
  inside?.focus({ preventScroll: true });
}

/** Opens what fits the page, or closes it; false where the page has no help. */
export function openHelp(): boolean {
  const link = sign();
  if (!link) return false;
  if (!closeHelp()) void show(link);
  return true;
}

/** Closes it; false when it is not open. */
export function closeHelp(): boolean {
  if (!beside) return false;
  const had = beside.contains(document.activeElement);
  beside.remove();
  beside = undefined;
  document.body.classList.remove("has-help");
  if (had && before?.isConnected) before.focus();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-help], #helper .content a[href^="/help"]');
  // On the pages of the manuals themselves it leads to another page of them.
  if (!link || location.pathname === "/help" || location.pathname.startsWith("/help/")) return;
  event.preventDefault();
  if (link.matches("[data-help]")) openHelp();
  else void show(link);
});
