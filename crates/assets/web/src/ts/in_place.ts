// A field of a record changed in its place: leaving it saves, Esc leaves it as it was. What is as it was is only closed and
// nothing is sent; what was refused stays with its reason and is sent again once something else was typed.
import { outlives } from "./page";

const FORM = "dd.edit form";
const CONTROL = "input:not([type=hidden]), select, textarea";

function formOf(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof Element ? target.closest<HTMLFormElement>(FORM) : null;
}

function written(form: HTMLFormElement): string {
  const values = [...new FormData(form)].filter(([name]) => name !== "version" && !name.startsWith("was."));
  return JSON.stringify(values);
}

/** What stood in a form as the server drew it, before a draft came back into it. */
const drawn = new WeakMap<HTMLFormElement, string>();
/** Forms that are being sent or given up. */
const ending = new WeakSet<HTMLFormElement>();

function leave(form: HTMLFormElement): void {
  if (ending.has(form) || !form.isConnected) return;
  // What stands against what somebody else saved is not decided by leaving it; nor is what a new record is being made for.
  // What came back from a draft waits for its author to say so.
  if (form.querySelector(".conflict, [data-making], [data-restored]")) return;
  if (drawn.get(form) !== written(form)) form.requestSubmit();
  else if (!form.querySelector(".error")) form.querySelector<HTMLElement>("[data-cancel]")?.click();
}

// Where the pointer went down: not every browser gives the focus to what is clicked.
let pressed: EventTarget | null = null;

document.addEventListener(
  "pointerdown",
  (event) => {
    pressed = event.target;
    for (const form of document.querySelectorAll<HTMLFormElement>(FORM)) {
      const isIn = (target: EventTarget | null): boolean => target instanceof Node && form.contains(target);
      if (!isIn(event.target) && !isIn(document.activeElement)) leave(form);
    }
  },
  true,
);
document.addEventListener("keydown", () => (pressed = null), true);

document.addEventListener("focusout", (event) => {
  const form = formOf(event.target);
  const to = event.relatedTarget ?? pressed;
  // What is pressed may be gone by then, like the cross of what was chosen.
  if (!form || (to instanceof Node && (form.contains(to) || !to.isConnected))) return;
  // A window that is left is not a field that is left.
  if (document.hasFocus()) leave(form);
});

document.addEventListener("submit", (event) => {
  const form = formOf(event.target);
  if (form) ending.add(form);
});

document.addEventListener("htmx:config:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (form instanceof HTMLFormElement && form.matches(FORM)) event.detail.ctx.request.keepalive = outlives(form);
});

document.addEventListener("htmx:finally:request", (event) => {
  // Neither saved nor answered by another form: leaving it sends it again.
  const form = formOf(event.target);
  if (form) ending.delete(form);
});

/** The address of the control that was asked for last and is not here yet. */
let asked = "";
/** The address of the control that has the focus. */
let edited = "";

document.addEventListener("click", (event) => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  const cancel = target.closest(`${FORM} [data-cancel]`);
  const form = formOf(cancel);
  if (form) ending.add(form);
  asked = target.closest("dl.fields a[hx-get*='/edit?field=']:not([data-cancel])")?.getAttribute("hx-get") ?? asked;
});

// A value and its control take each other's place, and the focus would fall between them.
document.addEventListener("htmx:after:swap", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>(FORM)) if (!drawn.has(form)) drawn.set(form, written(form));
  const forms = [...document.querySelectorAll<HTMLFormElement>(".edit form")];
  const wanted = forms.find((form) => asked !== "" && form.getAttribute("action") === asked);
  if (wanted) asked = "";
  else if (document.activeElement && document.activeElement !== document.body) {
    // Whoever went on elsewhere is not called back.
    if (!forms.some((form) => form.getAttribute("action") === edited)) edited = "";
    return;
  }
  const form = wanted ?? forms.at(-1);
  const control = form?.querySelector<HTMLElement>("[aria-invalid=true]") ?? form?.querySelector<HTMLElement>(CONTROL);
  const value = edited ? document.querySelector<HTMLElement>(`a[href="${CSS.escape(edited)}"]`) : null;
  (control ?? value)?.focus();
  edited = form?.getAttribute("action") ?? "";
});
