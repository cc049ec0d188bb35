// Failures are seen, and what was typed stays: the session is over (one signs in again over the page), a right is missing,
// the server is away.
import { element, parsed } from "./page";
import { saving } from "./saving";
import { away, reached, toast } from "./toast";
import { fact, say } from "./words";

let asking = false;

/** Asks to sign in again in a dialog over the page. */
export async function signedOut(): Promise<void> {
  if (asking || !fact("me")) return;
  asking = true;
  const answer = await fetch("/sign-in").catch(() => null);
  const door = answer?.ok ? parsed(await answer.text()) : null;
  const form = door?.querySelector<HTMLFormElement>("form.form");
  if (!door || !form) {
    asking = false;
    return away();
  }
  // The page below may have fields of these names.
  for (const control of form.querySelectorAll("[id]")) control.id = `again-${control.id}`;
  for (const label of form.querySelectorAll("label")) label.htmlFor = `again-${label.htmlFor}`;
  const title = element("h2", { id: "again-title" }, door.querySelector("h1")?.textContent ?? "");
  const words = element("p", { class: "note warn" }, say("signed-out"));
  const dialog = element("dialog", { class: "dialog", id: "again", "aria-labelledby": "again-title" }, element("header", {}, title), element("div", { class: "body" }, words, document.importNode(form, true)));
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    asking = false;
    dialog.remove();
  });
  dialog.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void saving(signIn(dialog, form), form);
  });
  dialog.showModal();
  dialog.querySelector<HTMLElement>("input[type=email]")?.focus();
}

async function signIn(dialog: HTMLDialogElement, form: HTMLFormElement): Promise<void> {
  const answer = await fetch("/sign-in", { method: "POST", body: encoded(form), redirect: "manual" }).catch(() => null);
  if (!answer) return away();
  // Only who is let in is sent on.
  if (answer.type !== "opaqueredirect") {
    const wrong = parsed(await answer.text()).querySelector(".note.bad");
    form.querySelector(".note.bad")?.remove();
    if (wrong) form.prepend(document.importNode(wrong, true));
    return form.querySelector<HTMLElement>("input[type=password]")?.focus();
  }
  const me = (await (await fetch("/api/v1/me")).json()) as { id: string };
  // Somebody else sees other things.
  if (me.id !== fact("me")) return location.reload();
  dialog.close();
  document.dispatchEvent(new Event("signedin"));
  toast({ text: say("signed-in"), tone: "good" });
}

/** What a form would send. */
export function encoded(form: HTMLFormElement, submitter?: HTMLElement | null): URLSearchParams {
  const data = new FormData(form, submitter);
  return new URLSearchParams([...data].map(([name, value]): [string, string] => [name, String(value)]));
}

/** Whether the server is there and knows who asks: 200, 401, or 0 when it is away. */
export async function reach(): Promise<number> {
  const answer = await fetch("/api/v1/me").catch(() => null);
  if (answer) reached();
  return answer?.status ?? 0;
}

// A refused part of a page takes nothing's place: what is there, and typed there, stays.
document.addEventListener("htmx:before:response", (event) => {
  const response = event.detail.ctx.response;
  if (response?.status === 401) {
    event.preventDefault();
    void signedOut();
  } else if (response && [403, 404, 413, 429].includes(response.status)) {
    event.preventDefault();
    void response.raw.text().then((text) => toast({ text: parsed(text).body.textContent?.trim() ?? "", tone: "bad" }));
  }
});

// A form with typed values leaves its page only when there is somebody to take it.
const cleared = new WeakSet<HTMLFormElement>();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || cleared.has(form)) return;
  if (!form.matches("form[data-guard], dialog form") || form.getAttribute("method") !== "post" || form.hasAttribute("hx-post")) return;
  event.preventDefault();
  void send(form, event.submitter);
});

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const status = await saving(reach(), form);
  if (status === 401) return signedOut();
  if (status === 0) return away();
  if (status >= 500) return toast({ text: say("failed"), tone: "bad" });
  cleared.add(form);
  form.requestSubmit(submitter);
  cleared.delete(form);
}
