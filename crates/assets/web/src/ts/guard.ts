// Forms marked data-guard: nothing typed is lost. Leaving asks first; what was typed and not saved comes back when the form
// is opened again: after a reload, a step back, a dialog closed by mistake. Kept in this tab only, never passwords or files.
import "./tab";
import htmx from "htmx.org";
import { faceConflict } from "./conflict";
import { element, page } from "./page";
import { say } from "./words";

const GUARDED = "form[data-guard]";
const touched = new Set<HTMLFormElement>();
let leaving = false;
let abandoned: HTMLFormElement | null = null;
// One came back to the page. What was sent from it was not taken: the page that takes it drops its draft.
let isBack = performance.getEntriesByType("navigation").some((entry) => (entry as PerformanceNavigationTiming).type === "back_forward");

interface Draft {
  values: [name: string, value: string][];
  /** It was sent: if the form is shown again, the server has put into it what was typed. */
  sent: boolean;
}

/** By where it is sent, if that says enough; so a form is the same in a page, a panel and a dialog. */
function key(form: HTMLFormElement): string {
  const action = form.getAttribute("action") ?? "";
  const isOwn = /[0-9a-f-]{36}/.test(action) || ["new-record", "quick-new"].includes(form.getAttribute("id") ?? "");
  return `draft ${isOwn ? action : `${location.pathname} ${action} ${form.getAttribute("id") ?? ""}`}`;
}

/** What the form was opened with is kept too: so it is seen when somebody else changed it meanwhile. */
function isKept(control: HTMLInputElement): boolean {
  if (control.type === "hidden") return control.name === "version" || /^(was|original)\./.test(control.name);
  return control.name !== "" && !["password", "file", "submit", "button"].includes(control.type);
}

function controls(form: HTMLFormElement): HTMLInputElement[] {
  return ([...form.elements] as HTMLInputElement[]).filter(isKept);
}

function save(form: HTMLFormElement, sent = false): void {
  // While it is not decided what stands against somebody else's value, the draft is of the record as it was: sent again, it
  // meets the same question.
  const undecided = new Map(form.querySelector(".conflict") ? stored(form)?.values : []);
  const valueOf = (control: HTMLInputElement): string => (control.type === "hidden" ? undecided.get(control.name) : undefined) ?? control.value;
  const values = controls(form)
    .filter((control) => !["checkbox", "radio"].includes(control.type) || control.checked)
    .map((control): [string, string] => [control.name, valueOf(control)]);
  try {
    sessionStorage.setItem(key(form), JSON.stringify({ values, sent } satisfies Draft));
  } catch {
    // The room for drafts is full: leaving still asks.
  }
}

function stored(form: HTMLFormElement): Draft | null {
  const text = sessionStorage.getItem(key(form));
  return text ? (JSON.parse(text) as Draft) : null;
}

/** A form that has come into the page. */
function adopt(form: HTMLFormElement): void {
  const draft = stored(form);
  if (!draft) return;
  if (draft.sent && !isBack) {
    // A refused form is shown with what was typed and why; one that was taken comes back empty, or with what is kept now.
    const open = controls(form).filter((control) => control.type !== "hidden" && !["checkbox", "radio"].includes(control.type));
    const says = (form.closest("dialog, main") ?? document).querySelector('[role="alert"], [aria-invalid="true"], .error');
    const isRefused = says !== null && open.every((control) => draft.values.some(([name, value]) => name === control.name && value.trim() === control.value.trim()));
    if (!isRefused) return forget(form);
    touched.add(form);
    return save(form);
  }
  touched.add(form);
  // What was chosen may be none of what the form offers.
  form.dispatchEvent(new CustomEvent("draft", { bubbles: true, detail: draft.values }));
  const shown = (): string => JSON.stringify(controls(form).map((control) => [control.value, control.checked]));
  const before = shown();
  const now = present(form);
  const isOvertaken = isOver(form, draft);
  const hidden = controls(form).filter((control) => control.type === "hidden").map((control) => [control, control.value] as const);
  for (const control of controls(form)) {
    const kept = draft.values.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(control.type)) control.checked = kept.includes(control.value);
    else if (kept[0] !== undefined) control.value = kept[0];
  }
  // It is to be sent again.
  if (draft.sent) save(form);
  if (before === shown()) return;
  tell(form, now, () => {
    form.reset();
    // What is hidden is not reset by browsers.
    for (const [control, value] of hidden) control.value = value;
  });
  if (isOvertaken) void compare(form, draft);
}

/** One field of a record, changed in its place. */
const IN_PLACE = "dd.edit form";

/** What such a field holds as it is kept, in words; nothing where one control does not say it. */
function present(form: HTMLFormElement): string {
  if (!form.matches(IN_PLACE)) return "";
  const [control, other] = controls(form).filter(({ type }) => type !== "hidden") as (HTMLInputElement | HTMLSelectElement)[];
  if (!control || other || ["checkbox", "radio", "color"].includes(control.type)) return "";
  const text = control instanceof HTMLSelectElement ? (control.selectedOptions[0]?.text ?? "") : control.value;
  return text.trim() || "—";
}

/** Whether the field holds something else than what the draft was typed over. */
function isOver(form: HTMLFormElement, draft: Draft): boolean {
  if (!form.matches(IN_PLACE)) return false;
  const lines = (text: string): string => text.replaceAll("\r\n", "\n");
  const was = new Map(draft.values.filter(([name]) => name.startsWith("was.")));
  return controls(form).some(({ name, value }) => was.has(name) && lines(was.get(name) ?? "") !== lines(value));
}

/** Has what came back shown against what stands now, and the choice between them: nothing is saved by that. */
async function compare(form: HTMLFormElement, { values }: Draft): Promise<void> {
  const place = form.closest("dd");
  // Which of them was about to be taken is asked anew.
  const body = new URLSearchParams(values.filter(([name]) => !name.startsWith("take.")));
  const answer = await page(`${form.getAttribute("action") ?? ""}&ask=true`, { partial: true, method: "POST", body });
  const fresh = answer?.querySelector("dd");
  if (!place?.isConnected || !fresh) return;
  const made = document.importNode(fresh, true);
  const again = made.querySelector<HTMLFormElement>("form");
  touched.delete(form);
  if (again) touched.add(again);
  place.replaceWith(made);
  htmx.process(made);
  if (!again) return;
  // Somebody else has saved the same: there is nothing to decide.
  if (!again.querySelector(".conflict, .error")) return again.querySelector<HTMLElement>("[data-cancel]")?.click();
  save(again);
  faceConflict();
}

/** Says that values came back, over what, and offers to drop them. */
function tell(form: HTMLFormElement, now: string, undo: () => void): void {
  const drop = element("button", { type: "button", class: "btn quiet small" }, say("forget"));
  const words = element("div", {}, say("draft"), ...(now ? [" ", say("draft-now", { value: now })] : []));
  const note = element("div", { class: "note warn", role: "status", "data-restored": "" }, words, drop);
  drop.addEventListener("click", () => {
    forget(form);
    undo();
    note.remove();
  });
  (form.querySelector(".body") ?? form).prepend(note);
  // What came back into a form that is folded up is shown.
  form.closest("details")?.setAttribute("open", "");
}

/** What was typed is saved or not wanted. */
export function forget(form: HTMLFormElement): void {
  touched.delete(form);
  sessionStorage.removeItem(key(form));
}

/** What was sent was not taken, and its form is still here: it is to be sent again. */
export function stays(form: HTMLFormElement): void {
  leaving = false;
  if (touched.has(form)) save(form);
}

function guarded(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof Element ? target.closest<HTMLFormElement>(GUARDED) : null;
}

document.addEventListener("input", (event) => {
  const form = guarded(event.target);
  if (!form) return;
  touched.add(form);
  save(form);
});
document.addEventListener("submit", (event) => {
  const form = guarded(event.target);
  if (!form) return;
  if (form.hasAttribute("hx-post")) return save(form, true);
  if (event.defaultPrevented) return;
  save(form, true);
  leaving = true;
});
document.addEventListener("click", (event) => {
  const form = guarded(event.target);
  const target = event.target as Element;
  if (form && target.closest("[data-cancel]")) forget(form);
  else if (form && target.closest(".actions a")) abandoned = form;
});
document.addEventListener("htmx:after:request", (event) => {
  const form = guarded(event.target);
  const status = event.detail.ctx.response?.status ?? 0;
  if (form?.hasAttribute("hx-post") && status >= 200 && status < 400) forget(form);
});
document.addEventListener("htmx:finally:request", (event) => {
  const form = guarded(event.target);
  // Neither saved nor answered by another form: it is to be sent again.
  if (form?.isConnected && stored(form)?.sent) save(form);
});
document.addEventListener("htmx:after:swap", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>(GUARDED)) if (!touched.has(form)) adopt(form);
});
addEventListener("beforeunload", (event) => {
  const unsaved = [...touched].some((form) => form.isConnected);
  if (unsaved && !leaving) event.preventDefault();
});
addEventListener("pagehide", () => {
  if (abandoned?.isConnected) forget(abandoned);
});
addEventListener("pageshow", (event) => {
  leaving = false;
  abandoned = null;
  // The browser kept the whole page: what was sent from it is to be sent again.
  if (event.persisted) for (const form of touched) if (form.isConnected && stored(form)?.sent) save(form);
});

/** Drafts of what was being edited in its place, or sent from forms that are not shown again: open the one, drop the other. */
function settle(): void {
  isBack = false;
  for (const name of Object.keys(sessionStorage).filter((name) => name.startsWith("draft "))) {
    const action = name.slice("draft ".length);
    if ([...document.querySelectorAll<HTMLFormElement>(GUARDED)].some((form) => key(form) === name)) continue;
    const { sent } = JSON.parse(sessionStorage.getItem(name) ?? "{}") as Draft;
    if (sent) sessionStorage.removeItem(name);
    else reopen(action);
  }
}
/** Puts the control of a field in the place of its value. */
function reopen(action: string): void {
  const link = document.querySelector(`a[hx-get="${CSS.escape(action)}"]`);
  const place = link?.closest("dd") ?? link?.closest("dt")?.nextElementSibling;
  if (place) void htmx.ajax("GET", action, { target: place, swap: "outerHTML" });
}

/** Takes up the forms of a part of the page that has just come. */
export function adoptWithin(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>(GUARDED).forEach(adopt);
}

adoptWithin(document);
if (document.readyState === "complete") settle();
else addEventListener("load", settle);
