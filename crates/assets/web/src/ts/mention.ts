// Names after an @: in a text with [data-mentions] the server offers colleagues, arrows choose, Enter takes, Esc leaves.
// Ctrl or ⌘ with Enter sends what stands in [data-send].
import { does } from "./bound";
import { closeOffer, offer } from "./offered";
import { unpressed } from "./press";

const BEFORE_CARET = /(?:^|[^\p{L}\p{N}])@([^\n@]{0,40})$/u;

let asked = 0;

function close(): void {
  asked += 1;
  closeOffer();
}

async function seek(area: HTMLTextAreaElement): Promise<void> {
  const typed = BEFORE_CARET.exec(area.value.slice(0, area.selectionStart))?.[1];
  const address = area.dataset["mentions"];
  if (typed === undefined || !address) {
    close();
    return;
  }
  const mine = (asked += 1);
  const answer = await unpressed(`${address}?q=${encodeURIComponent(typed)}`).catch(() => undefined);
  const markup = answer?.ok && !answer.redirected ? await answer.text() : "";
  if (mine !== asked) return;
  closeOffer();
  if (!markup || document.activeElement !== area) return;
  const list = document.createElement("ul");
  list.innerHTML = markup;
  const from = area.selectionStart - typed.length - 1;
  const take = (option: HTMLElement) => area.setRangeText(`@${option.dataset["insert"] ?? ""} `, from, area.selectionStart, "end");
  offer(area, area.getAttribute("aria-label") ?? "@", [...list.querySelectorAll<HTMLElement>("[role=option]")], take);
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (area instanceof HTMLTextAreaElement && area.matches("[data-mentions]")) void seek(area);
});

document.addEventListener(
  "keydown",
  (event) => {
    const area = event.target;
    if (event.isComposing || !(area instanceof HTMLTextAreaElement) || !area.matches("[data-send]")) return;
    // What is still asked for opens no list that was just closed.
    if (does(event, "close")) asked += 1;
    if (!does(event, "send")) return;
    event.preventDefault();
    close();
    area.form?.requestSubmit();
  },
  true,
);

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-mention-next]") : null;
  const area = button?.closest("form")?.querySelector("textarea");
  if (!area) return;
  area.focus();
  const before = area.value.slice(0, area.selectionStart);
  area.setRangeText(/(^|\s)$/.test(before) ? "@" : " @", area.selectionStart, area.selectionEnd, "end");
  void seek(area);
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
