// Draws the picture of the README: node readme.mjs ../../docs/images/orders.png
import { openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";
import { season } from "./season.mjs";

const plenary = await start();
await season(plenary, { days: 5, perDay: 9 });
const { page, close } = await openSignedIn(plenary, "/orders", { screen: "desktop", theme: "light" });
await page.waitForURL(/orders/);
await page.screenshot({ path: process.argv[2] });
await close();
await plenary.stop();
process.exit();
