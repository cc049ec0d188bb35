// Every page of the sample data, as somebody sees it who has worked for a season: readable, reachable, inside the window,
// without complaints. Which pages there are stands in pictures.mjs; that none is missing is read from the table of help, which
// names every page of the program, and for strangers, who have no help, from the table of routes.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { check, checkFit, look } from "./browser.mjs";
import { elsewhere, everyPage, isJudged } from "./pictures.mjs";
import { demo } from "./plenary.mjs";
import { found, shown, signedIn } from "./tour.mjs";

const languages = ["ru", "en"];
const demos = {};
before(async () => {
  for (const locale of languages) demos[locale] = await demo(locale);
});
after(() => Promise.all(Object.values(demos).map((plenary) => plenary.stop())));

/** Goes through every page in one guise. */
async function tour(locale, screen, theme, examine) {
  const { page, complaints, close } = await signedIn(demos[locale], locale);
  await look(page, screen, theme);
  const [places, faults] = [await found(page), []];
  for (const one of everyPage) {
    const name = `${one.name}-${locale}-${screen}-${theme}`;
    try {
      await shown(page, demos[locale].url, one, places);
      assert.equal(await page.locator("html").getAttribute("lang"), locale);
      await examine(page, name);
    } catch (error) {
      faults.push(`${name}: ${error.message}`);
    }
  }
  assert.equal(faults.join("\n"), "");
  assert.deepEqual(complaints, []);
  await close();
}

// Each page is read in one guise, and in all of them by script/prove, which has the time.
const short = [["ru", "desktop", "light", check]];
const all = languages.flatMap((locale) => [
  ...["desktop", "phone"].flatMap((screen) => ["light", "dark"].map((theme) => [locale, screen, theme, check])),
  // Between the two, that it fits.
  [locale, "tablet", "light", checkFit],
]);
for (const guise of process.env["PLENARY_GUISES"] === "all" ? all : short) {
  test(`every page, ${guise.slice(0, 3).join(", ")}`, () => tour(...guise));
}

/** Whether an address is one of a route's; as `fits` of ui/help/topics.rs. */
function fits(route, address) {
  const [[names, asked], [path, query = ""]] = [route.split("?"), address.split("?")];
  const [parts, wanted] = [path.split("/"), names.split("/")];
  const isPath = parts.length === wanted.length && wanted.every((name, index) => name.startsWith("{") || name === parts[index]);
  return isPath && (!asked || query.split("&").includes(asked));
}

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
/** A file that is taken away is no page. */
const isPage = (route) => !/\.\w+$/.test(route) && !["/p/o/{token}/invoice", "/p/o/{token}/tickets/{code}"].includes(route);

test("no page is left out", () => {
  const helped = [...read("../../crates/web/src/ui/help/topics.rs").matchAll(/^ {4}\("(\/[^"]*)", "/gm)];
  const open = [...read("../../crates/web/src/pages/mod.rs").matchAll(/\.route\("(\/[ep]\/[^"]*)", get\(/g)];
  const routes = [...helped, ...open].map(([, route]) => route).filter(isPage);
  assert.ok(helped.length > 50 && open.length > 10, routes.join(" "));
  const record = new Proxy({}, { get: (_, name) => (name === "public_url" ? "http://x.example/p/o/x" : name === "name" ? "x y" : "x") });
  const places = new Proxy({}, { get: () => record });
  const addresses = everyPage.map(({ path }) => path(places));
  const missing = routes.filter((route) => !addresses.some((address) => fits(route, address)) && !(route in elsewhere));
  assert.deepEqual(missing, [], "add them to everyPage in pictures.mjs");
  const unjudged = Object.entries(elsewhere).filter(([, [walk, picture]]) => !isJudged(read(walk), picture));
  assert.deepEqual(unjudged, [], "no axe where it is said to be");
  assert.deepEqual(Object.keys(elsewhere).filter((route) => !routes.includes(route)), [], "gone");
});
