// The list one came from: its records are known on their pages, so that one steps to the next and the previous.
import "./tab";
import { element, page } from "./page";
import { number, say } from "./words";

interface Trail {
  /** Address of the list. */
  list: string;
  /** Its records, in order. */
  records: string[];
  /** Where its next page is. */
  next: string;
  /** How many stand before the first of them. */
  before: number;
  /** How many the list finds; nothing where that is not known. */
  found?: number | undefined;
}

/** Where a record stands among those that were found. */
export type Spot = Pick<Trail, "before" | "found">;

const KEY = "trail";

/** The links that name the records of a list: in its rows, on the cards of a board, in the days of a calendar. */
export const NAMES = "#main :is([data-rows] tbody .name a, [data-board] .card header b a, [data-calendar] a.event)";

/** The records of a list's page, in order, each once. */
export function recordsOf(root: ParentNode): string[] {
  return [...new Set([...root.querySelectorAll(NAMES)].map((link) => link.getAttribute("href") ?? ""))];
}

/** Where the rows after the last shown one are: those that scrolling would bring, else the next page. */
export function nextOf(root: ParentNode): string {
  const more = root.querySelector("[data-rows] tr.more")?.getAttribute("hx-get");
  if (!more) return root.querySelector("[data-rows] tr[data-id] ~ tr.more, .pager [rel=next]")?.getAttribute("href") ?? "";
  const address = new URL(more, location.href);
  for (const name of ["rows", "after"]) address.searchParams.delete(name);
  return address.pathname + address.search;
}

/** What is told of a list's records: where they begin, and of how many they are. */
export function spotOf(root: ParentNode, records: string[]): Spot {
  const told = root.querySelector<HTMLElement>(".pager [data-shown]");
  if (told) return { before: Number(told.dataset["first"]) - 1, found: Number(told.dataset["found"]) || undefined };
  // Of a board or a calendar not everything may have come in.
  const isWhole = !root.querySelector("#main :is(.board, [data-calendar]) .more");
  return { before: 0, found: isWhole ? records.length : undefined };
}

function leave(): void {
  const records = recordsOf(document);
  if (records.length === 0) return;
  const address = new URL(location.href);
  address.searchParams.delete("open");
  sessionStorage.setItem(KEY, JSON.stringify({ list: address.pathname + address.search, records, next: nextOf(document), ...spotOf(document, records) } satisfies Trail));
}

/** Previous and next with the place between them: "3 of 301"; where nobody knows of how many, no place. */
export function steps(at: number, records: string[], { before, found }: Spot): HTMLElement {
  const step = (rel: "prev" | "next", key: string, name: string, href: string | undefined): Node[] =>
    href ? [element("a", { rel, href, "aria-label": say(name), title: say(name) }, element("kbd", {}, key))] : [];
  const place = before + at + 1;
  const words = found && place <= found ? say("place", { at: number(place), of: number(found) }) : "";
  return element("span", { class: "place" }, words, ...step("prev", "K", "previous", records[at - 1]), ...step("next", "J", "next", records[at + 1]));
}

async function arrive(): Promise<void> {
  const trail = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Trail | null;
  const actions = document.querySelector("#main > .top > .actions");
  const at = trail?.records.indexOf(location.pathname) ?? -1;
  if (!trail || at < 0 || !actions) return;
  if (at === trail.records.length - 1 && trail.next) {
    const more = await page(trail.next);
    trail.records.push(...(more ? recordsOf(more) : []));
    trail.next = more ? nextOf(more) : "";
    sessionStorage.setItem(KEY, JSON.stringify(trail));
  }
  actions.prepend(steps(at, trail.records, trail));
  // The way back leads to the list as it was narrowed and sorted.
  const back = document.querySelector<HTMLAnchorElement>("#main > .top .crumbs a");
  if (back && new URL(trail.list, location.href).pathname === back.pathname) back.href = trail.list;
}

addEventListener("pagehide", leave);
void arrive();
