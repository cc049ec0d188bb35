// How fast the pages are over a large workspace: PLENARY_PROGRAM=… node speed.mjs URL EMAIL PASSWORD. The numbers of docs/performance.md come
// from it; it asserts nothing.
import { open } from "./browser.mjs";

const [url, email, password] = process.argv.slice(2);
if (!password) throw new Error("usage: node speed.mjs URL EMAIL PASSWORD");
const { page, close } = await open({ locale: "ru-RU" });
const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const at = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];
const told = (name, numbers) => console.log(`${name.padEnd(44)} median ${at(numbers, 0.5).toFixed(1)} ms, p99 ${at(numbers, 0.99).toFixed(1)} ms, of ${numbers.length}`);
const expression = (text) => encodeURIComponent(text);

await page.goto(`${url}/sign-in?next=/leads`);
await page.fill("#email", email);
await page.fill("#password", password);
await page.click("button.main-action");
await page.waitForURL(/leads/);

/** Opens a page again and again; answers when its first row was painted and how long the server took. */
async function painted(path, times = 20) {
  const [paints, servers] = [[], []];
  for (let time = 0; time < times; time++) {
    await page.goto(url + path);
    // What is painted is told after the page has come.
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    const seen = await page.evaluate(() => {
      const navigation = performance.getEntriesByType("navigation")[0];
      const paint = performance.getEntriesByName("first-contentful-paint")[0];
      return { paint: paint?.startTime ?? NaN, server: navigation.responseStart - navigation.requestStart, rows: document.querySelectorAll("tbody tr, .card").length };
    });
    paints.push(seen.paint);
    servers.push(seen.server);
    if (time === 0) console.log(`${path}: ${seen.rows} rows or cards`);
  }
  return { paints, servers };
}

for (const [name, path] of [
  ["list, indexed filter", `/leads?filter=${expression('status == "new"')}`],
  ["list, another sort", `/leads?filter=${expression('status == "new"')}&sort=-updated_at`],
  ["list, contains", `/leads?filter=${expression('name.contains("ова")')}`],
  ["board", "/leads?as=board"],
]) {
  const { paints, servers } = await painted(path);
  told(`${name}: first paint`, paints.filter(Number.isFinite));
  told(`${name}: server`, servers);
}

// Scrolling: how long until the next rows stand, and whether anything jumps.
await page.goto(`${url}/leads?filter=${expression('status == "new"')}`);
await page.evaluate(() => {
  window.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifted += entry.hadRecentInput ? 0 : entry.value))).observe({ type: "layout-shift", buffered: true });
});
const scrolls = [];
for (let time = 0; time < 20; time++) {
  const before = await page.locator("tbody tr[data-id]").count();
  const began = performance.now();
  await page.locator("tbody tr[data-id]").last().evaluate((row) => row.scrollIntoView());
  await page.waitForFunction((count) => document.querySelectorAll("tbody tr[data-id]").length > count, before);
  scrolls.push(performance.now() - began);
}
told("scrolling: fifty more rows", scrolls);
console.log(`scrolling: ${await page.locator("tbody tr[data-id]").count()} rows, layout shift ${await page.evaluate(() => window.shifted.toFixed(4))}`);

// Search while typing: what the server takes for each beginning of a word.
const words = ["иванов", "смирнова", "петербург", "конференция", "ольга", "java", "кузнецов", "спонсор"];
const searches = [];
for (const word of words) {
  for (let length = 2; length <= word.length; length++) {
    searches.push(await page.evaluate(async (query) => {
      const began = performance.now();
      await fetch(`/search/hits?q=${encodeURIComponent(query)}`, { headers: { "HX-Request": "true" } }).then((answer) => answer.text());
      return performance.now() - began;
    }, word.slice(0, length)));
  }
}
told("search while typing", searches);

const resources = await page.evaluate(() => performance.getEntriesByType("resource").filter((entry) => /\.(js|css)/.test(entry.name)).map((entry) => [entry.name.replace(/.*\//, ""), entry.encodedBodySize]));
console.log("files:", resources.map(([name, size]) => `${name} ${Math.round(size / 1000)} kB`).join(", "));
await close();
process.exit();
