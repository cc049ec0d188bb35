// A record beside the list: opened from a row, a card of a board or an entry of a calendar, with an address of its own (the list's, and what is open in it), so that
// back, forward and a reload work. The page of the record is one click away.
import htmx from "htmx.org";
import type { Change } from "./changes";
import { deliver } from "./dialogs";
import { concerns, refreshRecord } from "./fresh";
import { adoptWithin } from "./guard";
import { element, page } from "./page";
import { keep } from "./recent";
import { saving } from "./saving";
import { away, takeOver, tellUndone, toast } from "./toast";
import { NAMES, recordsOf, spotOf, steps } from "./trail";
import { say } from "./words";

const wide = matchMedia("(min-width: 801px)");
const RECORD = /^\/[a-z_0-9]+\/[0-9a-f-]{36}$/;

let panel: HTMLElement | undefined;
let opened = "";

function content(): HTMLElement | null {
  return panel?.querySelector<HTMLElement>(".content") ?? null;
}

function button(name: string, icon: string, key = ""): HTMLButtonElement {
  const inside = key ? element("kbd", {}, key) : icon;
  return element("button", { type: "button", class: "btn quiet small", "aria-label": say(name), title: say(name) }, inside);
}

function build(): HTMLElement {
  const whole = element("a", { class: "btn small whole" }, say("whole"));
  const shut = button("close", "×");
  shut.addEventListener("click", () => closePanel());
  const head = element("header", { class: "beside-head" }, element("span", { class: "place" }), whole, shut);
  const made = element("aside", { class: "beside", id: "panel", tabindex: "-1", "aria-label": say("panel") }, head, element("div", { class: "content" }));
  document.body.querySelector("#main")?.after(made);
  document.body.classList.add("has-beside");
  return made;
}

function fill(fresh: Document, path: string): void {
  panel ??= build();
  opened = path;
  const main = fresh.querySelector("#main");
  const inside = content();
  if (!main || !inside) return;
  inside.replaceChildren(...[...document.importNode(main, true).childNodes]);
  inside.scrollTop = 0;
  htmx.process(inside);
  adoptWithin(inside);
  const records = recordsOf(document);
  panel.querySelector(".place")?.replaceWith(steps(records.indexOf(path), records, spotOf(document, records)));
  panel.querySelector<HTMLAnchorElement>(".whole")?.setAttribute("href", path);
  mark()?.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.title = fresh.title;
  keep(fresh, path);
}

function link(path: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(NAMES)].find((name) => name.getAttribute("href") === path && name.checkVisibility());
}

/** Shows which row, card or entry is open. */
function mark(): Element | null | undefined {
  for (const before of document.querySelectorAll("#main .opened")) before.classList.remove("opened");
  const holder = opened ? link(opened)?.closest(".event, .card, tr") : null;
  holder?.classList.add("opened");
  return holder;
}
// Boards and calendars are drawn anew when something has changed.
document.addEventListener("redrawn", () => void mark());

function address(path?: string): URL {
  const url = new URL(location.href);
  if (path) url.searchParams.set("open", path.split("/").at(-1) ?? "");
  else url.searchParams.delete("open");
  return url;
}

async function show(path: string, how: "pushState" | "replaceState" | null): Promise<void> {
  panel?.setAttribute("aria-busy", "true");
  const fresh = await page(path);
  panel?.removeAttribute("aria-busy");
  if (!fresh) return away();
  if (how) history[how](null, "", address(path));
  fill(fresh, path);
  if (how) panel?.focus({ preventScroll: true });
}

/** Closes the panel; false when there is none. */
export function closePanel(how: "pushState" | null = "pushState"): boolean {
  if (!panel) return false;
  if (how) history[how](null, "", address());
  panel.remove();
  panel = undefined;
  document.body.classList.remove("has-beside");
  document.title = title;
  link(opened)?.focus();
  opened = "";
  mark();
  return true;
}

/** The next or previous record of the list in the panel; false when there is no panel. */
export function stepPanel(by: 1 | -1): boolean {
  if (!panel) return false;
  const records = recordsOf(document);
  const next = records[records.indexOf(opened) + by];
  if (next) void show(next, "replaceState");
  return true;
}

const title = document.title;

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const target = event.target as Element;
  const step = target.closest<HTMLElement>("#panel > .beside-head [rel]");
  if (step) {
    event.preventDefault();
    stepPanel(step.getAttribute("rel") === "next" ? 1 : -1);
    return;
  }
  const row = target.closest<HTMLAnchorElement>(NAMES);
  const isHere = row && RECORD.test(row.pathname) && row.pathname.startsWith(`${location.pathname}/`);
  if (!isHere || !wide.matches) return;
  event.preventDefault();
  void show(row.pathname, panel ? "replaceState" : "pushState");
});

// What is sent from the panel, or from a dialog that it opened, comes back into the panel.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!panel || event.defaultPrevented || !(form instanceof HTMLFormElement) || form.getAttribute("method") !== "post" || form.hasAttribute("hx-post")) return;
  if (!form.closest("#panel, dialog[data-modal]") || form.id === "again") return;
  event.preventDefault();
  void saving(send(form, event.submitter), form);
});

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const taken = await deliver(form, submitter);
  if (!taken) return;
  const { url, page: fresh, isDone } = taken;
  if (isDone && url.pathname !== opened) return location.assign(url);
  if (!fresh.querySelector("#main")) return toast({ text: fresh.querySelector(".note.bad")?.textContent?.trim() ?? say("failed"), tone: "bad" });
  form.closest("dialog")?.close();
  fill(fresh, opened);
  takeOver(fresh);
  tellUndone();
}

document.addEventListener("changes", (event) => {
  const id = opened.split("/").at(-1);
  const inside = content();
  if (!id || !inside || !(event as CustomEvent<Change[]>).detail.some((change) => concerns(change, id))) return;
  void page(opened).then((fresh) => fresh && content() === inside && refreshRecord(inside, fresh));
});

/** What the address says is open. */
function settle(): void {
  const id = new URL(location.href).searchParams.get("open");
  const path = `${location.pathname}/${id ?? ""}`;
  if (id && RECORD.test(path)) {
    if (!wide.matches) return location.replace(path);
    if (path !== opened) void show(path, null);
  } else closePanel(null);
}
addEventListener("popstate", settle);
settle();
