// Asks the server for something that it may do, refuse with a reason, or ask about first: then its form opens as a dialog.
import htmx from "htmx.org";
import { faceFault } from "./dialogs";
import { forget } from "./guard";
import { page, parsed } from "./page";
import { saving } from "./saving";
import { signedOut } from "./session";
import { away, toast } from "./toast";
import { say } from "./words";

interface Triggered {
  toast?: Parameters<typeof toast>[0];
}

const headers = { "hx-request": "true" };

/** Shows what an answer has to say. Answers whether it was done; what it asks first is asked. */
async function settle(response: Response): Promise<boolean> {
  if (response.status === 401) {
    void signedOut();
    return false;
  }
  const told = response.headers.get("hx-trigger");
  if (told) toast((JSON.parse(told) as Triggered).toast ?? { text: "" });
  const answer = parsed(await response.text());
  const dialog = answer.querySelector("dialog");
  if (dialog) return askedFor(document.importNode(dialog, true));
  if (!response.ok) toast({ text: response.status < 500 ? (answer.body.textContent?.trim() ?? "") : say("failed"), tone: "bad" });
  return response.ok;
}

/** Opens the form of the server, and sends it until it is right or given up. */
function askedFor(dialog: HTMLDialogElement): Promise<boolean> {
  dialog.removeAttribute("open");
  document.body.append(dialog);
  htmx.process(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let done = false;
    dialog.addEventListener("submit", (event) => {
      const form = event.target as HTMLFormElement;
      const submitter = event.submitter as HTMLButtonElement | null;
      event.preventDefault();
      submitter?.setAttribute("aria-busy", "true");
      void send(form, (answer) => {
        dialog.replaceChildren(...answer.childNodes);
        htmx.process(dialog);
        faceFault(dialog);
      }).then((outcome) => {
        submitter?.removeAttribute("aria-busy");
        done = outcome;
        if (!outcome) return;
        forget(form);
        dialog.close();
      });
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
  });
}

/** Sends a form of a dialog; a form that comes back with what is wrong goes to `again`. */
async function send(form: HTMLFormElement, again: (answer: Element) => void): Promise<boolean> {
  const response = await saving(posted(form.getAttribute("action") ?? "", new FormData(form)), form);
  if (!response) return false;
  if (response.status === 422) {
    const answer = parsed(await response.text()).querySelector("dialog");
    if (answer) again(document.importNode(answer, true));
    return false;
  }
  return settle(response);
}

async function posted(address: string, form: FormData): Promise<Response | undefined> {
  const body = new URLSearchParams([...form].map(([name, value]): [string, string] => [name, String(value)]));
  return fetch(address, { method: "POST", headers, body }).catch(() => {
    away();
    return undefined;
  });
}

/** Asks for something; answers whether it was done. Whoever is refused is told why. */
export async function ask(address: string, fields: Record<string, string>): Promise<boolean> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const response = await saving(posted(address, form));
  return response ? settle(response) : false;
}

/** A part of a page as the server writes it now; nothing where it cannot be had. */
export async function part(address: string): Promise<Document | undefined> {
  return (await page(address, { partial: true })) ?? undefined;
}
