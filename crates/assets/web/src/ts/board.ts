// A board: cards go to another stage by pointer and by keyboard; the server says whether they may, and what it asks first.
import htmx from "htmx.org";
import { ask, part } from "./ask";
import { does } from "./bound";
import { isIdle } from "./cells";
import type { Change } from "./changes";
import { carry, isAtWork } from "./drag";

const column = (card: Element): HTMLElement | null => card.closest<HTMLElement>(".col");
const columns = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(".board > .col")];

async function move(card: HTMLElement, to: HTMLElement): Promise<void> {
  const [from, address] = [column(card), card.dataset["card"]];
  if (!from || from === to || !address || card.ariaBusy === "true") return;
  const [back, hadFocus] = [card.nextElementSibling, card.contains(document.activeElement)];
  to.querySelector(":scope > header")?.after(card);
  // What is put elsewhere in the page loses the focus.
  if (hadFocus) focus(card);
  card.ariaBusy = "true";
  const form = new FormData(document.querySelector<HTMLFormElement>("#stages") ?? undefined);
  const done = await ask(address, { by: String(form.get("by")), next: String(form.get("next")), to: to.dataset["to"] ?? "" });
  card.ariaBusy = null;
  if (done) await renew([from, to], card.id);
  else from.insertBefore(card, back?.parentElement === from ? back : null);
  // Whoever walked on meanwhile is not called back.
  if (hadFocus && isIdle()) document.querySelector<HTMLElement>(`#${card.id} b a`)?.focus();
}

/** Columns as they are now; all of them when the card went where nobody thought. What others did takes nothing from whoever is at work by then. */
async function renew(some: HTMLElement[], card?: string, isOfOthers = false): Promise<void> {
  const address = new URL(location.href);
  for (const one of some) address.searchParams.append("stage", one.dataset["to"] ?? "");
  const fresh = await part(address.href);
  if (isOfOthers && isAtWork()) return;
  // Where one is when they come, not when they were asked for: one walks on meanwhile.
  const focused = document.activeElement?.closest<HTMLElement>(".board .card")?.id;
  for (const one of fresh?.querySelectorAll<HTMLElement>(".col") ?? []) {
    const arrived = document.importNode(one, true);
    document.getElementById(one.id)?.replaceWith(arrived);
    htmx.process(arrived);
  }
  if (focused && document.activeElement === document.body) document.querySelector<HTMLElement>(`#${focused} b a`)?.focus();
  document.dispatchEvent(new Event("redrawn"));
  if (card && fresh && !document.getElementById(card) && some.length < columns().length) await renew(columns());
}

/** The nearest stage on that side to which the card has a way, else the neighbour, who will say why not. */
function target(card: HTMLElement, by: 1 | -1): HTMLElement | undefined {
  const all = columns();
  const here = all.findIndex((one) => one === column(card));
  const side = by > 0 ? all.slice(here + 1) : all.slice(0, here).reverse();
  const ways = [...card.querySelectorAll<HTMLButtonElement>("button[name=to]")].map((way) => way.value);
  return side.find((one) => ways.includes(one.dataset["to"] ?? "")) ?? side[0];
}

function step(card: HTMLElement, code: string): void {
  const [all, own] = [columns(), column(card)];
  const cards = [...(own?.querySelectorAll<HTMLElement>(".card") ?? [])];
  const row = cards.indexOf(card);
  if (code === "ArrowUp" || code === "ArrowDown") return focus(cards[row + (code === "ArrowUp" ? -1 : 1)]);
  const here = all.findIndex((one) => one === own);
  const side = code === "ArrowRight" ? all.slice(here + 1) : all.slice(0, here).reverse();
  const others = side.map((one) => [...one.querySelectorAll<HTMLElement>(".card")]).find((some) => some.length > 0);
  focus(others?.[Math.min(row, others.length - 1)]);
}

function focus(card: HTMLElement | undefined): void {
  card?.querySelector<HTMLElement>("b a")?.focus();
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

carry({ thing: ".board .card", place: ".col", drop: (card, to) => void move(card, to) });

document.addEventListener("keydown", (event) => {
  const card = (event.target as Element).closest?.<HTMLElement>(".board .card");
  const first = document.querySelector<HTMLElement>(".board .card");
  if (first && isIdle() && does(event, "cards")) {
    event.preventDefault();
    return focus(first);
  }
  const isCarried = does(event, "move");
  if (!card || !(isCarried || does(event, "cards")) || card.querySelector("[open]")) return;
  event.preventDefault();
  if (!isCarried) return step(card, event.code);
  if (event.code === "ArrowUp" || event.code === "ArrowDown") return;
  const to = target(card, event.code === "ArrowRight" ? 1 : -1);
  if (to) void move(card, to);
});

// The buttons of a card's menu do the same without leaving the page.
document.addEventListener("click", (event) => {
  const way = (event.target as Element).closest?.<HTMLButtonElement>(".board button[name=to]");
  const [card, to] = [way?.closest<HTMLElement>(".card"), columns().find((one) => one.dataset["to"] === way?.value)];
  if (!way || !card || !to) return;
  event.preventDefault();
  way.closest("details")?.removeAttribute("open");
  void move(card, to);
});

// What others do is seen where nobody is at work.
document.addEventListener("changes", (event) => {
  const module = /^\/([a-z_0-9]+)$/.exec(location.pathname)?.[1];
  const isConcerned = (event as CustomEvent<Change[]>).detail.some((change) => change.module === module);
  if (columns().length > 0 && isConcerned && !isAtWork()) void renew(columns(), undefined, true);
});
