// Draws pictures from the sample data: node draw.mjs FOLDER for the manuals, node draw.mjs --all FOLDER for every main page on
// every screen, in both themes and languages. pictures.mjs says which; run it by script/pictures.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { look, screens } from "./browser.mjs";
import { everyPage, manuals } from "./pictures.mjs";
import { demo } from "./plenary.mjs";
import { found, shown, signedIn } from "./tour.mjs";

const [largest, inAll] = [150_000, 3_000_000];
const manual = { width: 1280, height: 800 };

async function ofManuals(folder) {
  let sum = 0;
  for (const locale of ["ru", "en"]) {
    const plenary = await demo(locale);
    const { page, close } = await signedIn(plenary, locale);
    await page.setViewportSize(manual);
    const [places, tools] = [await found(page), await page.context().newCDPSession(page)];
    mkdirSync(join(folder, locale), { recursive: true });
    for (const picture of manuals) {
      await shown(page, plenary.url, picture, places);
      // Playwright itself writes PNG and JPEG only; WebP is a third of their size.
      const { data } = await tools.send("Page.captureScreenshot", { format: "webp", quality: 82 });
      const bytes = Buffer.from(data, "base64");
      if (bytes.length > largest) throw new Error(`${locale}/${picture.name}: ${bytes.length} bytes are too many`);
      sum += bytes.length;
      writeFileSync(join(folder, locale, `${picture.name}.webp`), bytes);
    }
    await close();
    await plenary.stop();
  }
  if (sum > inAll) throw new Error(`${sum} bytes in all are too many`);
  console.log(`${manuals.length} pictures in two languages, ${Math.round(sum / 1000)} kB, in ${folder}`);
}

async function ofEverything(folder) {
  mkdirSync(folder, { recursive: true });
  const faults = [];
  for (const locale of ["ru", "en"]) {
    const plenary = await demo(locale);
    const { page, close } = await signedIn(plenary, locale);
    const places = await found(page);
    for (const screen of Object.keys(screens)) {
      for (const theme of ["light", "dark"]) {
        await look(page, screen, theme);
        for (const picture of everyPage) {
          const name = `${picture.name}-${locale}-${screen}-${theme}`;
          // One page that cannot be drawn hides no other.
          await shown(page, plenary.url, picture, places).catch((error) => faults.push(`${name}: ${error.message}`));
          await page.screenshot({ path: join(folder, `${name}.png`) });
        }
      }
    }
    await close();
    await plenary.stop();
  }
  console.log(`${everyPage.length} pages on every screen in ${folder}`);
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

const [first, second] = process.argv.slice(2);
const drawn = first === "--all" ? ofEverything(second) : ofManuals(first);
await drawn.catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
process.exit();
