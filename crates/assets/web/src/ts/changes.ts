// Changes as they happen. While the page is seen it listens to the server's stream; what it heard of last it asks for again
// after a break. Others listen to the event "changes" on the document.
import { reach, signedOut } from "./session";
import { reached, toast } from "./toast";
import { element } from "./page";
import { fact, say } from "./words";

/** One change of a record, as `GET /api/v1/stream` tells it; "many" stands for so many of a module that none is told. */
export interface Change {
  module: string;
  id: string;
  operation: string;
  version: number;
  change_set: string;
  at: string;
  actor: string | null;
  fields: string[];
  links: string[];
}

/** What comes in so short a time is looked at together; what comes all the time, every two seconds. */
const TOGETHER = 200;
const APART = 2_000;
/** A hidden page stops listening after so long. */
const HIDDEN = 20_000;
const AGAIN = 5_000;

let place = fact("place");
let source: EventSource | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;
let heard: Change[] = [];
let failures = 0;
let told = 0;

function listen(): void {
  clearTimeout(hiding);
  if (source || !place || document.hidden) return;
  source = new EventSource(`/api/v1/stream?after=${place}`);
  source.addEventListener("ready", (event) => {
    remember(event);
    back();
  });
  source.addEventListener("change", (event) => {
    remember(event);
    hear([JSON.parse(event.data as string) as Change]);
  });
  source.addEventListener("many", (event) => {
    remember(event);
    hear((JSON.parse(event.data as string) as { modules: string[] }).modules.map(many));
  });
  source.addEventListener("reset", () => banner("changed", say("show"), () => location.reload()));
  source.addEventListener("error", () => void failed());
}

/** Where to begin again. */
function remember(event: MessageEvent): void {
  if (event.lastEventId) place = event.lastEventId;
}

function many(module: string): Change {
  return { module, id: "", operation: "many", version: 0, change_set: "", at: "", actor: null, fields: [], links: [] };
}

function hear(changes: Change[]): void {
  if (heard.length === 0 && changes.length > 0) setTimeout(tell, Math.max(TOGETHER, told + APART - Date.now()));
  heard.push(...changes);
}

function tell(): void {
  told = Date.now();
  const detail = heard;
  heard = [];
  document.dispatchEvent(new CustomEvent<Change[]>("changes", { detail }));
}

function stop(): void {
  source?.close();
  source = undefined;
}

/** A broken stream is taken up by the browser; one that was refused is not. */
async function failed(): Promise<void> {
  failures += 1;
  const isRefused = source?.readyState === EventSource.CLOSED;
  const status = await reach();
  if (status === 401) {
    stop();
    return signedOut();
  }
  if (status === 0 && failures > 1) banner("away");
  if (isRefused) {
    stop();
    setTimeout(listen, AGAIN);
  }
}

function back(): void {
  failures = 0;
  reached();
  const away = document.querySelector(".banner[data-about=away]");
  away?.remove();
  if (away) toast({ text: say("back"), tone: "good" });
}

/** Too much has changed to be put in place: the page is read anew when somebody says so. */
export function missed(): void {
  banner("many", say("show"), () => location.reload());
}

/** A line over the page that stays until it is no longer true. */
function banner(about: string, label?: string, act?: () => void): void {
  if (document.querySelector(`.banner[data-about=${about}]`)) return;
  const line = element("div", { class: "banner note warn", role: "status", "data-about": about }, element("div", {}, say(about)));
  if (label && act) {
    const button = element("button", { type: "button", class: "btn small" }, label);
    button.addEventListener("click", act);
    line.append(button);
  }
  document.querySelector("#main")?.prepend(line);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiding = setTimeout(stop, HIDDEN);
  else listen();
});
document.addEventListener("signedin", listen);
addEventListener("offline", () => banner("away"));
addEventListener("online", () => {
  back();
  listen();
});
addEventListener("pagehide", stop);
addEventListener("pageshow", listen);
