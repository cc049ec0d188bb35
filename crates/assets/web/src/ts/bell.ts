// The bell follows what others do: whoever is told of something sees it without a reload.
import type { Change } from "./changes";
import { page } from "./page";
import { fact } from "./words";

/** What comes in so short a time is asked for together, in milliseconds. */
const TOGETHER = 1_500;
let asking: ReturnType<typeof setTimeout> | undefined;

async function ask(): Promise<void> {
  asking = undefined;
  const fresh = (await page("/notifications/bell", { partial: true }))?.querySelector(".bell");
  const bell = document.querySelector(".side .bell");
  if (fresh && bell && bell.getAttribute("aria-label") !== fresh.getAttribute("aria-label")) bell.replaceWith(document.importNode(fresh, true));
}

document.addEventListener("changes", (event) => {
  const changes = (event as CustomEvent<Change[]>).detail;
  if (changes.some((change) => change.actor !== fact("me"))) asking ??= setTimeout(() => void ask(), TOGETHER);
});
