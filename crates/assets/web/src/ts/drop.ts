// Files dropped onto a record, pasted into it or chosen are sent at once, with a bar for what is long. Without script the
// form sends them.
import { refreshRecord } from "./fresh";
import { page } from "./page";
import { away, toast } from "./toast";
import { say } from "./words";

const form = (): HTMLFormElement | null => document.querySelector("#main form[data-drop]");
const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Why the files cannot be sent; nothing when they can. */
function refusal(control: HTMLInputElement, files: readonly File[]): string | undefined {
  if (files.length > Number(control.dataset["atOnce"])) return control.dataset["tooMany"];
  const large = files.find((file) => file.size > Number(control.dataset["largest"]));
  if (large) return `${large.name}: ${control.dataset["tooLarge"]}`;
  const together = files.reduce((sum, file) => sum + file.size, 0);
  return together > Number(control.dataset["together"]) ? control.dataset["tooHeavy"] : undefined;
}

function send(place: HTMLFormElement, files: readonly File[]): void {
  const control = place.querySelector<HTMLInputElement>("input[type=file]");
  const bar = place.querySelector("progress");
  if (!control || !bar || files.length === 0 || place.ariaBusy === "true") return;
  const why = refusal(control, files);
  if (why) {
    place.reset();
    return toast({ text: why, tone: "bad" });
  }
  const parcel = new FormData();
  for (const file of files) parcel.append("file", file, file.name);
  const request = new XMLHttpRequest();
  const done = (): void => {
    place.ariaBusy = null;
    bar.hidden = true;
    place.reset();
  };
  request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = (100 * loaded) / total));
  request.addEventListener("load", () => {
    done();
    void answered(request);
  });
  request.addEventListener("error", () => {
    done();
    away();
  });
  request.open("POST", place.action);
  request.setRequestHeader("HX-Request", "true");
  place.ariaBusy = "true";
  bar.hidden = false;
  bar.value = 0;
  request.send(parcel);
}

async function answered(request: XMLHttpRequest): Promise<void> {
  if (request.status >= 300) {
    const told = new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".note")?.textContent;
    return toast({ text: told?.trim() || say("failed"), tone: "bad" });
  }
  const events = JSON.parse(request.getResponseHeader("HX-Trigger") ?? "{}") as { toast?: Parameters<typeof toast>[0] };
  if (events.toast) toast(events.toast);
  const control = "form[data-drop] input[type=file]";
  const isHeld = document.activeElement?.matches(control) ?? false;
  const [main, fresh] = [document.querySelector("#main"), await page(location.href)];
  if (main && fresh) refreshRecord(main, fresh);
  if (isHeld) document.querySelector<HTMLElement>(control)?.focus();
}

document.addEventListener("change", (event) => {
  const control = event.target;
  const place = control instanceof HTMLInputElement && control.type === "file" ? control.closest<HTMLFormElement>("form[data-drop]") : null;
  if (place) send(place, [...((control as HTMLInputElement).files ?? [])]);
});
document.addEventListener("dragover", (event) => {
  const place = form();
  if (!place || !carriesFiles(event)) return;
  event.preventDefault();
  place.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form()?.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  const place = form();
  if (!place || !carriesFiles(event)) return;
  event.preventDefault();
  place.classList.remove("over");
  send(place, [...(event.dataTransfer?.files ?? [])]);
});
document.addEventListener("paste", (event) => {
  const [place, files] = [form(), [...(event.clipboardData?.files ?? [])]];
  if (!place || files.length === 0) return;
  event.preventDefault();
  send(place, files);
});
