// Who is calling: the note comes while the set rings and goes when somebody has taken the call.
import type { Change } from "./changes";
import { page } from "./page";

/** A call whose end nobody tells of is let go after so long, in milliseconds. */
const RINGS = 180_000;
let forgetting: ReturnType<typeof setTimeout> | undefined;

async function ask(): Promise<void> {
  const fresh = (await page("/telephone/ringing", { partial: true }))?.querySelector("#ringing");
  const place = document.querySelector("#ringing");
  if (!fresh || !place) return;
  // The place stays: what is put into it is read out.
  place.replaceChildren(...[...fresh.children].map((call) => document.importNode(call, true)));
  expect();
}

function expect(): void {
  clearTimeout(forgetting);
  if (document.querySelector("#ringing > *")) forgetting = setTimeout(() => void ask(), RINGS);
}

document.addEventListener("changes", (event) => {
  if ((event as CustomEvent<Change[]>).detail.some((change) => change.module === "calls")) void ask();
});
expect();
