// Groups of a list: folded and unfolded in their place, heads and totals that follow what others change.
import htmx from "htmx.org";
import { does } from "./bound";
import type { Change } from "./changes";
import { replace } from "./fresh";
import { isDoor, page } from "./page";
import { saving } from "./saving";
import { encoded, signedOut } from "./session";
import { toast } from "./toast";
import { say } from "./words";

/** Heads that are asked for at once. */
const HEADS = 60;

const list = /^\/([a-z_0-9]+)$/.exec(location.pathname)?.[1] ?? "";

/** The list from its beginning, as the address asks for it. */
function beginning(): URL {
  const address = new URL(location.href);
  for (const name of ["cursor", "trail", "page", "done", "many"]) address.searchParams.delete(name);
  return address;
}

async function fold(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  button?.setAttribute("aria-busy", "true");
  const answer = await fetch(form.getAttribute("action") ?? "", { method: "POST", headers: { "hx-request": "true" }, body: encoded(form, button) }).catch(() => null);
  button?.removeAttribute("aria-busy");
  if (!answer || (!answer.ok && !isDoor(answer))) return toast({ text: say(answer ? "failed" : "offline"), tone: "bad" });
  if (isDoor(answer)) return signedOut();
  const address = beginning();
  const [old, fresh] = [document.querySelector("#main > .list"), (await page(address))?.querySelector("#main > .list")];
  if (!old || !fresh) return location.assign(address);
  history.replaceState(history.state, "", address);
  const top = old.querySelector(".scroll")?.scrollTop ?? 0;
  const made = replace(old, fresh);
  made.querySelector(".scroll")?.scrollTo({ top });
  const mark = button?.closest<HTMLElement>("[data-mark]")?.dataset["mark"];
  const menu = button?.closest("details");
  if (menu) menu.open = false;
  const again = mark ? made.querySelector<HTMLElement>(`[data-mark="${CSS.escape(mark)}"] .fold`) : menu?.querySelector<HTMLElement>("summary");
  // Whoever went on to another head is not called back.
  if (!made.contains(document.activeElement)) again?.focus({ preventScroll: true });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.id !== "folds") return;
  event.preventDefault();
  void saving(fold(form, event.submitter), form);
});

// Left folds, right unfolds, up and down go to the next head.
document.addEventListener("keydown", (event) => {
  const button = (event.target as Element).closest?.<HTMLElement>("[data-rows] .fold");
  if (!button || !does(event, "fold")) return;
  event.preventDefault();
  const isFolded = button.ariaExpanded === "false";
  if (event.code === "ArrowLeft" || event.code === "ArrowRight") {
    if (isFolded === (event.code === "ArrowRight")) button.click();
    return;
  }
  const all = [...document.querySelectorAll<HTMLElement>("[data-rows] .fold")];
  all[all.indexOf(button) + (event.code === "ArrowDown" ? 1 : -1)]?.focus();
});

let isAsking = false;
let isWanted = false;

/** Asks once for all that came while the answer was under way. */
async function follow(): Promise<void> {
  isWanted = true;
  if (isAsking) return;
  isAsking = true;
  try {
    while (isWanted) {
      isWanted = false;
      await sums();
    }
  } finally {
    isAsking = false;
  }
}

async function sums(): Promise<void> {
  const heads = [...document.querySelectorAll<HTMLElement>("#main > .list th[data-mark]")].slice(0, HEADS);
  const foot = document.querySelector("#main > .list tfoot");
  if (heads.length === 0 && !foot) return;
  const address = beginning();
  address.searchParams.delete("open");
  address.searchParams.set("sums", `[${heads.map((head) => head.dataset["mark"]).join(",")}]`);
  const fresh = await page(address, { partial: true });
  if (!fresh) return;
  for (const head of heads) settle(head, fresh.querySelector(`th[data-mark="${CSS.escape(head.dataset["mark"] ?? "")}"]`));
  const other = fresh.querySelector("tfoot");
  if (!foot || !other || foot.contains(document.activeElement)) return;
  // Cell by cell: whether there are boxes to tick before them depends on the rows, which were not asked for.
  for (const cell of foot.querySelectorAll<HTMLElement>("td[data-label]")) {
    const now = other.querySelector(`td[data-label="${CSS.escape(cell.dataset["label"] ?? "")}"]`);
    if (now && now.textContent !== cell.textContent) put(cell, now);
  }
}

function put(old: Element, fresh: Element): void {
  const made = document.importNode(fresh, true);
  old.replaceWith(made);
  htmx.process(made);
}

/** What stands behind the name of a group: how many it has, and what they come to. A group that is no more has neither. */
function settle(head: HTMLElement, fresh: Element | null): void {
  const told = (of: Element | null): Element[] => [...(of?.querySelectorAll(":scope > div > :not(.fold, b)") ?? [])];
  const words = (parts: Element[]): string => parts.map((part) => part.textContent).join("|");
  const [before, after] = [told(head), told(fresh)];
  if (words(before) === words(after) || before.some((part) => part === document.activeElement)) return;
  for (const part of before) part.remove();
  head.querySelector(":scope > div")?.append(...after.map((part) => document.importNode(part, true)));
}

document.addEventListener("changes", (event) => {
  if (list && (event as CustomEvent<Change[]>).detail.some((change) => change.module === list)) void follow();
});
// A head that has just come, or lost its rows.
document.addEventListener("regrouped", () => void follow());
