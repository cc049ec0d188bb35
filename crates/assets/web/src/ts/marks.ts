// A text with marks [data-marked]: buttons and keys put them around what is selected, so that the browser's own undo knows of it; how
// it looks is drawn by the server while one types.
import { does } from "./bound";
import { page } from "./page";

/** Marks of lines, by what puts them. Numbers count. */
const LINES: Record<string, (index: number) => string> = {
  heading: () => "## ",
  bullets: () => "- ",
  numbers: (index) => `${index + 1}. `,
  quote: () => "> ",
};
/** What a line begins with that is a mark. */
const MARK = /^(?:#{2,3} |- |\d{1,3}\. |> )/;
/** How long nobody types before the look is drawn anew, in milliseconds. */
const PAUSE = 500;

function replace(area: HTMLTextAreaElement, [from, to]: readonly [number, number], text: string): void {
  area.focus();
  area.setSelectionRange(from, to);
  // Whatever else changes the text empties what can be undone.
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Around the words that are selected, line by line; a second time takes the marks away. */
function around(area: HTMLTextAreaElement, mark: string): void {
  const { value } = area;
  let [from, to] = [area.selectionStart, area.selectionEnd];
  while (from < to && /\s/.test(value[from] ?? "")) from += 1;
  while (to > from && /\s/.test(value[to - 1] ?? "")) to -= 1;
  const stars = (side: RegExp, text: string): number => side.exec(text)?.[0].length ?? 0;
  const is = (count: number): boolean => (mark.length === 1 ? count % 2 === 1 : count >= 2);
  const words = value.slice(from, to);
  const [size, length] = [mark.length, words.length];
  if (words && is(stars(/\**$/, value.slice(0, from))) && is(stars(/^\**/, value.slice(to)))) {
    replace(area, [from - size, to + size], words);
    area.setSelectionRange(from - size, from - size + length);
    return;
  }
  if (words.includes("\n")) {
    // No mark goes on in the next line, and what makes an item of a line stays before it.
    const marked = words.split("\n").map((line) => {
      const begin = MARK.exec(line)?.[0] ?? "";
      const rest = line.slice(begin.length).trim();
      return rest ? `${begin}${mark}${rest}${mark}` : line;
    });
    const text = marked.join("\n");
    replace(area, [from, to], text);
    area.setSelectionRange(from, from + text.length);
    return;
  }
  replace(area, [from, to], mark + words + mark);
  area.setSelectionRange(from + size, from + size + length);
}

/** What is selected becomes the words of a link, or its address. */
function link(area: HTMLTextAreaElement): void {
  const [from, to] = [area.selectionStart, area.selectionEnd];
  const words = area.value.slice(from, to).trim();
  const isAddress = /^(?:https?:\/\/|mailto:|tel:)\S+$/.test(words);
  const label = isAddress ? "" : words.replaceAll("\n", " ");
  const address = isAddress ? words : "https://";
  replace(area, [from, to], `[${label}](${address})`);
  const at = from + 1;
  // What is still missing is typed over.
  if (label) area.setSelectionRange(at + label.length + 2, at + label.length + 2 + address.length);
  else area.setSelectionRange(at, at);
}

/** At the beginning of each line that is touched; where all of them have it, it goes. */
function before(area: HTMLTextAreaElement, mark: (index: number) => string): void {
  const { value } = area;
  const from = value.slice(0, area.selectionStart).lastIndexOf("\n") + 1;
  const end = value.indexOf("\n", area.selectionEnd);
  const to = end < 0 ? value.length : end;
  const lines = value.slice(from, to).split("\n");
  const has = (line: string, index: number): boolean => line.startsWith(mark(index));
  const filled = lines.filter((line) => line.trim());
  const isOff = filled.length > 0 && filled.every(has);
  let count = 0;
  const marked = lines.map((line) => {
    const bare = line.replace(MARK, "");
    if (isOff || (!line.trim() && lines.length > 1)) return bare;
    return mark(count++) + bare;
  });
  // One item alone is a list where it stands apart.
  const isApart = (text: string | undefined): boolean => isOff || !text?.trim() || MARK.test(text);
  const above = isApart(value.slice(0, from).split("\n").at(-2)) ? "" : "\n";
  const below = isApart(value.slice(to).split("\n").at(1)) ? "" : "\n";
  const text = marked.join("\n");
  replace(area, [from, to], above + text + below);
  const start = from + above.length;
  area.setSelectionRange(lines.length > 1 ? start : start + text.length, start + text.length);
}

function put(area: HTMLTextAreaElement, mark: string): void {
  const line = LINES[mark];
  if (line) before(area, line);
  else if (mark === "link") link(area);
  else around(area, mark === "bold" ? "**" : "*");
}

/** The text that a bar of buttons belongs to. */
function areaOf(bar: Element | null): HTMLTextAreaElement | null {
  const area = document.getElementById(bar?.getAttribute("aria-controls") ?? "");
  return area instanceof HTMLTextAreaElement ? area : null;
}

let asked = 0;
let pause = 0;

/** Draws how the text of a form looks, where that is shown. */
async function draw(form: HTMLFormElement | null): Promise<void> {
  const place = form?.querySelector<HTMLElement>("[data-look]");
  const area = form?.querySelector<HTMLTextAreaElement>("textarea[data-marked]");
  if (!form || !place || !area || place.hidden) return;
  const mine = (asked += 1);
  const body = new FormData();
  body.set("preview", "yes");
  body.set("text", area.value);
  const drawn = await page(form.getAttribute("action") ?? "", { partial: true, method: "POST", body });
  const fresh = drawn?.querySelector("[data-look]");
  if (fresh && mine === asked) place.replaceChildren(...document.importNode(fresh, true).childNodes);
}

document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLTextAreaElement) || !target.matches("[data-marked]")) return;
  clearTimeout(pause);
  pause = setTimeout(() => void draw(target.form), PAUSE);
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest<HTMLElement>("[data-mark]");
  const area = button ? areaOf(button.parentElement) : null;
  if (button && area) return put(area, button.dataset["mark"] ?? "");
  const looks = target?.closest<HTMLButtonElement>("[data-looks]");
  const place = looks?.form?.querySelector<HTMLElement>("[data-look]");
  if (!looks || !place) return;
  event.preventDefault();
  place.hidden = !place.hidden;
  looks.setAttribute("aria-expanded", String(!place.hidden));
  void draw(looks.form);
});

document.addEventListener("keydown", (event) => {
  const { target } = event;
  const bar = target instanceof Element ? target.closest(".marks") : null;
  if (bar && /^Arrow(?:Left|Right)$/.test(event.key)) return step(bar, event);
  if (!(target instanceof HTMLTextAreaElement) || !target.matches("[data-marked]")) return;
  const mark = does(event, "bold") ? "bold" : does(event, "italic") ? "italic" : does(event, "link") ? "link" : "";
  if (!mark) return;
  event.preventDefault();
  put(target, mark);
});

/** To the next button of a bar: it is one stop on the way through the form. */
function step(bar: Element, event: KeyboardEvent): void {
  const buttons = [...bar.querySelectorAll<HTMLElement>("[data-mark]")];
  const here = buttons.findIndex((button) => button === document.activeElement);
  const next = buttons.at((here + (event.key === "ArrowRight" ? 1 : -1)) % buttons.length);
  if (!next) return;
  event.preventDefault();
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}
