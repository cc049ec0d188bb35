// Things that are carried to another place with the pointer: a mouse carries after a few pixels, a finger after a rest.
import { does } from "./bound";

interface Carried {
  /** What can be carried. */
  thing: string;
  /** Where it can be put down. */
  place: string;
  drop: (thing: HTMLElement, place: HTMLElement) => void;
}

/** Whether somebody is at work on a board or in a calendar: then what others do is seen with the next change. */
export function isAtWork(): boolean {
  return document.querySelector("body.dragging, .board .menu[open], :is(.board, [data-calendar]) [aria-busy=true], dialog[open]") !== null;
}

const FAR = 6;
const REST = 350;
const EDGE = 56;

let held: { thing: HTMLElement; what: Carried; x: number; y: number; lifted: boolean; timer: number } | undefined;
let over: HTMLElement | undefined;

/** Lets things be carried to places. */
export function carry(what: Carried): void {
  document.addEventListener("pointerdown", (event) => {
    const target = event.target as Element;
    const thing = target.closest<HTMLElement>(what.thing);
    if (!thing || event.button !== 0 || !event.isPrimary || target.closest(".menu")) return;
    const timer = event.pointerType === "mouse" ? 0 : window.setTimeout(lift, REST);
    held = { thing, what, x: event.clientX, y: event.clientY, lifted: false, timer };
  });
  document.addEventListener("dragstart", (event) => {
    if ((event.target as Element).closest?.(what.thing)) event.preventDefault();
  });
}

function lift(): void {
  if (!held) return;
  held.lifted = true;
  held.thing.classList.add("lift");
  document.body.classList.add("dragging");
  requestAnimationFrame(edge);
}

let at = { x: 0, y: 0 };

document.addEventListener("pointermove", (event) => {
  if (!held) return;
  at = { x: event.clientX, y: event.clientY };
  const [dx, dy] = [at.x - held.x, at.y - held.y];
  if (!held.lifted) {
    if (Math.hypot(dx, dy) < FAR) return;
    // A finger that moves at once scrolls.
    if (event.pointerType !== "mouse") return release();
    lift();
  }
  held.thing.style.translate = `${dx}px ${dy}px`;
  const place = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>(held.what.place) ?? undefined;
  if (place === over) return;
  over?.classList.remove("lands");
  over = place;
  over?.classList.add("lands");
});

/** Near the edges of what scrolls, what is below comes along. */
function edge(): void {
  if (!held?.lifted) return;
  const box = held.thing.closest<HTMLElement>(".board, .calendar, .scroll");
  if (box) {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    const pull = (near: number, far: number): number => (near < EDGE ? near - EDGE : far < EDGE ? EDGE - far : 0) / 4;
    const [x, y] = [pull(at.x - left, right - at.x), pull(at.y - top, bottom - at.y)];
    const before = { x: box.scrollLeft, y: box.scrollTop };
    box.scrollBy(x, y);
    held.x -= box.scrollLeft - before.x;
    held.y -= box.scrollTop - before.y;
    held.thing.style.translate = `${at.x - held.x}px ${at.y - held.y}px`;
  }
  requestAnimationFrame(edge);
}

function release(): void {
  if (!held) return;
  clearTimeout(held.timer);
  held.thing.classList.remove("lift");
  held.thing.style.translate = "";
  document.body.classList.remove("dragging");
  over?.classList.remove("lands");
  held = over = undefined;
}

document.addEventListener("pointerup", () => {
  const [now, place] = [held, over];
  release();
  if (!now?.lifted) return;
  // The click that ends a carrying is not meant for the link below it.
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
  if (place) now.what.drop(now.thing, place);
});
document.addEventListener("pointercancel", release);
document.addEventListener("keydown", (event) => does(event, "close") && held?.lifted && release());
document.addEventListener("touchmove", (event) => held?.lifted && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => held?.lifted && event.preventDefault());

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
