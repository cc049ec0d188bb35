// Names after an @: in a text with [data-mentions] the server offers colleagues, arrows choose, Enter takes, Esc leaves.
// Ctrl or ⌘ with Enter sends what stands in [data-send].
import { does } from "./bound";

const BEFORE_CARET = /(?:^|[^\p{L}\p{N}])@([^\n@]{0,40})$/u;

interface Open {
  area: HTMLTextAreaElement;
  list: HTMLUListElement;
  /** Where the @ stands. */
  from: number;
}

let open: Open | undefined;
let asked = 0;

function close(): void {
  asked += 1;
  open?.list.remove();
  open?.area.removeAttribute("aria-activedescendant");
  open?.area.removeAttribute("aria-controls");
  open = undefined;
}

function options(): HTMLElement[] {
  return open ? [...open.list.querySelectorAll<HTMLElement>("[role=option]")] : [];
}

function choose(option: HTMLElement | undefined): void {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) open?.area.setAttribute("aria-activedescendant", option.id);
  option?.scrollIntoView({ block: "nearest" });
}

function chosen(): HTMLElement | undefined {
  return options().find((option) => option.getAttribute("aria-selected") === "true");
}

function step(by: 1 | -1): void {
  const all = options();
  const here = all.findIndex((option) => option === chosen());
  choose(all.at((here + by) % all.length));
}

function take(option: HTMLElement): void {
  if (!open) return;
  const { area, from } = open;
  area.setRangeText(`@${option.dataset["insert"] ?? ""} `, from, area.selectionStart, "end");
  close();
  area.focus();
}

async function offer(area: HTMLTextAreaElement): Promise<void> {
  const typed = BEFORE_CARET.exec(area.value.slice(0, area.selectionStart))?.[1];
  const address = area.dataset["mentions"];
  if (typed === undefined || !address) {
    close();
    return;
  }
  const mine = (asked += 1);
  const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`).catch(() => undefined);
  const markup = answer?.ok && !answer.redirected ? await answer.text() : "";
  if (mine !== asked) return;
  close();
  if (!markup || document.activeElement !== area) return;
  const list = document.createElement("ul");
  list.className = "people";
  list.id = "people";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", area.getAttribute("aria-label") ?? "@");
  list.innerHTML = markup;
  area.after(list);
  open = { area, list, from: area.selectionStart - typed.length - 1 };
  area.setAttribute("aria-controls", list.id);
  choose(options()[0]);
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (area instanceof HTMLTextAreaElement && area.matches("[data-mentions]")) void offer(area);
});

document.addEventListener(
  "keydown",
  (event) => {
    const area = event.target;
    if (event.isComposing || !(area instanceof HTMLTextAreaElement)) return;
    if (does(event, "send") && area.matches("[data-send]")) {
      event.preventDefault();
      close();
      area.form?.requestSubmit();
      return;
    }
    if (open?.area !== area) return;
    const option = chosen();
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && option) take(option);
    else return;
    event.preventDefault();
  },
  true,
);

// The list is pressed before the text loses the focus.
document.addEventListener("pointerdown", (event) => {
  if (!open || !(event.target instanceof Element)) return;
  const option = event.target.closest<HTMLElement>(".people > [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option);
});
document.addEventListener("focusout", (event) => {
  if (event.target === open?.area) close();
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-mention-next]") : null;
  const area = button?.closest("form")?.querySelector("textarea");
  if (!area) return;
  area.focus();
  const before = area.value.slice(0, area.selectionStart);
  area.setRangeText(/(^|\s)$/.test(before) ? "@" : " @", area.selectionStart, area.selectionEnd, "end");
  void offer(area);
});

// The talk is drawn anew when something was said: the next word is typed at once.
let says = false;
document.addEventListener("submit", (event) => {
  says = event.target instanceof HTMLFormElement && event.target.closest("#talk") !== null;
});
document.addEventListener("htmx:after:swap", () => {
  if (!says || (document.activeElement && document.activeElement !== document.body)) return;
  says = false;
  document.querySelector<HTMLElement>("#talk #say")?.focus();
});
