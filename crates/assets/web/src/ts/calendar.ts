// A calendar: what is in it goes to another day or hour by pointer and by keyboard (Shift with arrows).
import htmx from "htmx.org";
import { ask, part } from "./ask";
import { does } from "./bound";
import type { Change } from "./changes";
import { carry, isAtWork } from "./drag";

const place = "[data-calendar] td[data-at]";

async function move(event: HTMLElement, to: HTMLElement | null | undefined): Promise<void> {
  const [address, calendar, from] = [event.dataset["when"], event.closest<HTMLElement>("[data-calendar]"), event.closest("td")];
  if (!address || !calendar || !to || to === from || event.ariaBusy === "true") return;
  // Side by side stand people: another's column is no other time.
  if (to.dataset["lane"] !== from?.dataset["lane"]) return;
  event.ariaBusy = "true";
  const { by = "", next = "" } = calendar.dataset;
  if (await ask(address, { by, next, at: to.dataset["at"] ?? "" })) await renew();
  event.ariaBusy = null;
}

/** The calendar as it is now, in the place of what is shown. What others did takes nothing from whoever is at work by then. */
async function renew(isOfOthers = false): Promise<void> {
  const fresh = (await part(location.href))?.querySelector("[data-calendar]");
  if (isOfOthers && isAtWork()) return;
  const old = document.querySelector("[data-calendar]");
  if (!old || !fresh) return location.reload();
  // Where one is now, not when it was asked for: one walks on meanwhile.
  const focus = focused();
  const made = document.importNode(fresh, true);
  old.replaceWith(made);
  htmx.process(made);
  document.dispatchEvent(new Event("redrawn"));
  if (focus) made.querySelector<HTMLElement>(focus)?.focus();
}

/** How what has the focus, an entry or a free hour, is found in a fresh calendar. */
function focused(): string | undefined {
  const at = document.activeElement;
  const when = at?.closest<HTMLElement>(".event[data-when]")?.dataset["when"];
  if (when) return `.event[data-when="${CSS.escape(when)}"]`;
  const cell = at?.matches(".add") ? at.closest<HTMLElement>(place) : undefined;
  const { at: hour, lane } = cell?.dataset ?? {};
  return hour && `td[data-at="${CSS.escape(hour)}"]${lane === undefined ? "" : `[data-lane="${CSS.escape(lane)}"]`} .add`;
}

document.addEventListener("changes", (event) => {
  const module = document.querySelector<HTMLElement>("[data-calendar]")?.dataset["calendar"];
  const isConcerned = (event as CustomEvent<Change[]>).detail.some((change) => change.module === module);
  if (module && isConcerned && !isAtWork()) void renew(true);
});

// What was made over the calendar stands in it at once, also where nothing is heard from the server.
document.addEventListener("made", () => {
  if (document.querySelector("[data-calendar]")) setTimeout(() => void renew(), 0);
});

/** The cell beside, above or below. */
function beside(cell: HTMLTableCellElement, code: string): HTMLElement | null | undefined {
  const row = cell.closest("tr");
  const side = code === "ArrowLeft" ? cell.previousElementSibling : code === "ArrowRight" ? cell.nextElementSibling : undefined;
  const line = code === "ArrowUp" ? row?.previousElementSibling : code === "ArrowDown" ? row?.nextElementSibling : undefined;
  const found = side ?? (line as HTMLTableRowElement | undefined)?.cells[cell.cellIndex];
  return found?.matches("td[data-at]") ? (found as HTMLElement) : null;
}

// From one free hour to the next.
document.addEventListener("keydown", (event) => {
  const free = (event.target as Element).closest?.<HTMLElement>(".hours .add");
  const cell = free?.closest<HTMLTableCellElement>("td[data-at]");
  if (!cell || !does(event, "hours")) return;
  const to = beside(cell, event.code)?.querySelector<HTMLElement>(".add");
  if (!to) return;
  event.preventDefault();
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
});

carry({ thing: ".event[data-when]", place, drop: (event, to) => void move(event, to) });

document.addEventListener("keydown", (event) => {
  const thing = (event.target as Element).closest?.<HTMLElement>(".event[data-when]");
  const cell = thing?.closest<HTMLTableCellElement>("td[data-at]");
  if (!thing || !cell || !does(event, "move")) return;
  event.preventDefault();
  void move(thing, beside(cell, event.code));
});

// The free part of a day leads to something new, as its plus does.
document.addEventListener("click", (event) => {
  const target = event.target as Element;
  if (target.matches?.(".month td[data-at]")) target.querySelector<HTMLElement>(".add")?.click();
});
