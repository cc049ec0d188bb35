// Forms marked data-guard: nothing typed is lost. Leaving asks first; a reload, a step back and signing in again
// after the session ran out bring back what was typed. Kept in this tab only, never passwords or files.
const GUARDED = "form[data-guard]";
const touched = new Set<HTMLFormElement>();
let leaving = false;

interface Draft {
  values: [name: string, value: string][];
  /** The server no longer knew the caller, so the form will be opened anew. */
  expired: boolean;
}

function key(form: HTMLFormElement): string {
  return `draft ${location.pathname} ${form.id || form.getAttribute("action") || ""}`;
}

function controls(form: HTMLFormElement): HTMLInputElement[] {
  const all = [...form.elements] as HTMLInputElement[];
  return all.filter((control) => control.name && !["password", "file", "hidden", "submit", "button"].includes(control.type));
}

function save(form: HTMLFormElement, expired = false): void {
  const values = controls(form)
    .filter((control) => !["checkbox", "radio"].includes(control.type) || control.checked)
    .map((control): [string, string] => [control.name, control.value]);
  sessionStorage.setItem(key(form), JSON.stringify({ values, expired } satisfies Draft));
}

function restore(form: HTMLFormElement): void {
  const stored = sessionStorage.getItem(key(form));
  if (!stored) return;
  const { values, expired } = JSON.parse(stored) as Draft;
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (!expired && navigation?.type === "navigate") return forget(form);
  for (const control of controls(form)) {
    const kept = values.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(control.type)) control.checked = kept.includes(control.value);
    else if (kept[0] !== undefined) control.value = kept[0];
  }
  touched.add(form);
}

function forget(form: HTMLFormElement): void {
  touched.delete(form);
  sessionStorage.removeItem(key(form));
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
  if (guarded(event.target)) leaving = true;
});
document.addEventListener("htmx:after:request", (event) => {
  const form = guarded(event.target);
  if (!form) return;
  leaving = false;
  const status = event.detail.ctx.response?.status ?? 0;
  if (status >= 200 && status < 400) forget(form);
  else if (status === 401) {
    save(form, true);
    touched.delete(form);
  }
});
document.addEventListener("htmx:error", () => (leaving = false));
addEventListener("beforeunload", (event) => {
  const unsaved = [...touched].some((form) => form.isConnected);
  if (unsaved && !leaving) event.preventDefault();
});
addEventListener("pageshow", () => (leaving = false));
document.querySelectorAll<HTMLFormElement>(GUARDED).forEach(restore);

export {};
