// A list under a text of what may be put in at the caret. The text keeps the focus: arrows choose, Enter or Tab takes, Esc
// closes the list alone.
import { element } from "./page";
import { placeUnder } from "./under";
import { say } from "./words";

export type Text = HTMLTextAreaElement | HTMLInputElement;

interface Offer {
  text: Text;
  list: HTMLUListElement;
  take: (option: HTMLElement) => void;
}

let open: Offer | undefined;
const status = element("span", { class: "visually-hidden", role: "status" });

export function closeOffer(): void {
  if (!open) return;
  for (const name of ["aria-activedescendant", "aria-controls"]) open.text.removeAttribute(name);
  open.list.remove();
  status.remove();
  open = undefined;
}

function options(): HTMLElement[] {
  return open ? [...open.list.querySelectorAll<HTMLElement>("[role=option]")] : [];
}

function choose(option: HTMLElement | undefined): void {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) open?.text.setAttribute("aria-activedescendant", option.id);
  option?.scrollIntoView({ block: "nearest" });
}

function chosen(): HTMLElement | undefined {
  return options().find((option) => option.getAttribute("aria-selected") === "true");
}

function step(by: 1 | -1): void {
  const all = options();
  const here = all.findIndex((option) => option === chosen());
  choose(all.at(here < 0 && by < 0 ? -1 : (here + by) % all.length));
}

function pick(option: HTMLElement): void {
  if (!open) return;
  const { text, take } = open;
  closeOffer();
  take(option);
  text.focus();
}

/** Offers what stands in `items` under a text; the first is chosen, unless what is typed is whole already. */
export function offer(text: Text, label: string, items: HTMLElement[], take: (option: HTMLElement) => void, isWhole = false): void {
  closeOffer();
  if (items.length === 0) return;
  const list = element("ul", { class: "picks", id: "offered", role: "listbox", popover: "manual", "aria-label": label }, ...items);
  for (const [index, item] of items.entries()) {
    item.id = `offered-${index}`;
    item.setAttribute("role", "option");
  }
  text.after(list, status);
  open = { text, list, take };
  text.setAttribute("aria-controls", list.id);
  text.setAttribute("aria-autocomplete", "list");
  list.showPopover();
  place();
  status.textContent = say("picks", { count: items.length });
  choose(isWhole ? undefined : items[0]);
}

/** Whether something is offered under it. */
export function isOffered(text: Text): boolean {
  return open?.text === text;
}

function place(): void {
  if (open) placeUnder(open.list, open.text.getBoundingClientRect());
}

function press(event: KeyboardEvent): void {
  if (!open || event.target !== open.text || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const option = chosen();
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Escape") closeOffer();
  else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && option) pick(option);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
document.addEventListener("keydown", press, true);

// The list is pressed before the text loses the focus.
document.addEventListener("mousedown", (event) => {
  if (!open || !(event.target instanceof Element) || !open.list.contains(event.target)) return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const option = open && event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
  if (option && open?.list.contains(option)) pick(option);
});
document.addEventListener("focusout", (event) => {
  if (event.target === open?.text) closeOffer();
});
for (const type of ["scroll", "resize"]) {
  addEventListener(
    type,
    (event) => {
      if (!(event.target instanceof Node && open?.list.contains(event.target))) place();
    },
    true,
  );
}
