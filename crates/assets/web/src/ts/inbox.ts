// The inbox while it is open: what comes in, is taken or goes on takes its place, and how many stand in each part.
import type { Change } from "./changes";
import { replace } from "./fresh";
import { page } from "./page";

const MESSAGES = "#inbox-messages";
const PARTS = ["#inbox-parts", MESSAGES];
/** A row in which one is about to press something stays under the finger, and one whose answer is on its way stays for it. */
const HELD = "button:is(:focus, :active), .htmx-request, [aria-busy=true]";

async function renew(): Promise<void> {
  const address = new URL(location.href);
  address.searchParams.delete("done");
  const fresh = await page(address);
  for (const part of PARTS) {
    const [old, other] = [document.querySelector(part), fresh?.querySelector(part)];
    if (old && other && old.innerHTML !== other.innerHTML && !old.querySelector(HELD)) replace(old, other);
  }
}

document.addEventListener("changes", (event) => {
  const changes = (event as CustomEvent<Change[]>).detail;
  if (document.querySelector(MESSAGES) && changes.some((change) => change.module === "messages")) void renew();
});
