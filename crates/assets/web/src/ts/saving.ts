// What a form sends is saved: after a moment that is told without moving the page, and until the answer is there a second
// press sends nothing. A form that a script sends by itself is sent within `saving`.
import { does } from "./bound";
import { begin, end } from "./waiting";
import { say } from "./words";

/** After so long one may try again: what was sent has been answered, or somebody has stopped the browser. */
const LONGEST = 120_000;

/** Forms that were sent and are not answered yet, with the button that sent them. */
const sent = new Map<HTMLFormElement | symbol, HTMLElement | null>();

function mark(form: HTMLFormElement | symbol, submitter: HTMLElement | null): void {
  if (sent.size === 0) begin(say("saving"), { longest: LONGEST, given: clear });
  sent.set(form, submitter);
}

function answered(form: unknown): void {
  if (sent.delete(form as HTMLFormElement) && sent.size === 0) end();
}

function clear(): void {
  sent.clear();
}

/** Waits for an answer to what a form or something else has sent, and says so. */
export async function saving<T>(answer: Promise<T>, form?: HTMLFormElement): Promise<T> {
  const of = form ?? Symbol("no form");
  mark(of, null);
  try {
    return await answer;
  } finally {
    answered(of);
  }
}

function posted({ target: form }: Event): HTMLFormElement | null {
  return form instanceof HTMLFormElement && form.getAttribute("method") === "post" && !form.hasAttribute("target") ? form : null;
}

addEventListener(
  "submit",
  (event) => {
    const form = posted(event);
    // Another button of a form that changes a part of the page asks for something else; a form that is left asks for the same.
    if (!form || !sent.has(form)) return;
    if (form.hasAttribute("hx-post") && event.submitter !== null && sent.get(form) !== event.submitter) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
addEventListener("submit", (event) => {
  const form = posted(event);
  if (form && (!event.defaultPrevented || form.hasAttribute("hx-post"))) mark(form, event.submitter);
});
/** The forms of requests: when they are answered, another element may stand in the place of a form. */
const requests = new WeakMap<object, unknown>();
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => requests.set(ctx, ctx.sourceElement));
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => answered(requests.get(ctx)));
// Esc stops a page that is on its way; it does not take back what was sent for a part of one.
addEventListener("keydown", (event) => {
  if (does(event, "close")) for (const form of sent.keys()) if (form instanceof HTMLFormElement && !form.hasAttribute("hx-post")) answered(form);
});
addEventListener("pageshow", clear);
