// A form in a dialog is sent without leaving the page that it lies over. Refused, it stays as it is with what was typed, what is
// wrong stands beside the fields, and the first of it has the focus; taken, the page comes that the server leads to.
import htmx from "htmx.org";
import { stays } from "./guard";
import { isDoor, parsed } from "./page";
import { saving } from "./saving";
import { encoded, signedOut } from "./session";
import { away, toast } from "./toast";
import { say } from "./words";

export interface Taken {
  /** Where the answer came from in the end. */
  url: URL;
  page: Document;
  isDone: boolean;
}

/** Sends a form, within `saving`; nothing where it was not taken and stays where it is, with the reason. */
export async function deliver(form: HTMLFormElement, submitter: HTMLElement | null): Promise<Taken | undefined> {
  submitter?.setAttribute("aria-busy", "true");
  const taken = await answered(form, submitter);
  submitter?.removeAttribute("aria-busy");
  if (!taken) stays(form);
  return taken;
}

async function answered(form: HTMLFormElement, submitter: HTMLElement | null): Promise<Taken | undefined> {
  const answer = await fetch(form.getAttribute("action") ?? location.href, { method: "POST", body: encoded(form, submitter) }).catch(() => null);
  if (!answer) return void away();
  if (answer.status >= 500) return void toast({ text: say("failed"), tone: "bad" });
  if (isDoor(answer)) return void signedOut();
  const page = parsed(await answer.text());
  if (!answer.ok && refused(form, page)) return undefined;
  return { url: new URL(answer.url), page, isDone: answer.ok };
}

/** Shows in the dialog of a form why it was refused; false where it stands in none. */
function refused(form: HTMLFormElement, page: Document): boolean {
  const body = form.closest("dialog")?.querySelector<HTMLElement>(":scope > form > .body");
  if (!body) return false;
  const again = page.querySelector(`form.form[action="${CSS.escape(form.getAttribute("action") ?? "")}"]`);
  if (again) {
    again.querySelector(":scope > .actions")?.remove();
    body.replaceChildren(...document.importNode(again, true).childNodes);
    htmx.process(body);
  } else {
    // What was asked is no longer to be had: what was typed stays all the same.
    const why = document.createElement("div");
    why.className = "note bad";
    why.setAttribute("role", "alert");
    why.textContent = (page.querySelector(".note.bad") ?? page.querySelector("main"))?.textContent?.trim() ?? say("failed");
    body.querySelector(":scope > .note.bad")?.remove();
    body.prepend(why);
  }
  faceFault(body);
  return true;
}

/** Gives the focus to the first thing that is wrong. */
export function faceFault(root: Element): void {
  const control = root.querySelector<HTMLElement>("[aria-invalid=true]");
  const told = control ?? root.querySelector<HTMLElement>("[role=alert]:not(:empty)");
  if (!control && told) told.tabIndex = -1;
  told?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || !form.matches("dialog[data-modal] > form[data-guard][method=post]:not([hx-post], [enctype])")) return;
  // What the panel asks comes back into it.
  if (document.querySelector("#panel")) return;
  event.preventDefault();
  void saving(deliver(form, event.submitter), form).then((taken) => {
    if (taken?.isDone) location.assign(taken.url);
    else if (taken) toast({ text: say("failed"), tone: "bad" });
  });
});
