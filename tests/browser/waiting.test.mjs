// A filter that looks into everything takes its time: the page says that it searches, can be told to stop, and what stood stays.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  // Long names in many records: each condition looks through them all.
  const long = "Долгое имя без конца и края ".repeat(8);
  for (let part = 0; part < 40; part++) {
    const operations = Array.from({ length: 100 }, (_, number) => ({ op: "create", fields: { name: `${part} ${number} ${long}`.slice(0, 240), company: long.slice(0, 200) } }));
    await plenary.api("POST", "/api/v1/leads/batch", { operations });
  }
});
after(() => plenary.stop());

const slow = `/leads?filter=${encodeURIComponent(Array.from({ length: 60 }, (_, number) => `${number % 2 ? "name" : "company"}.contains("нет такого ${number}")`).join(" || "))}`;
const words = { ru: { language: "ru-RU", searching: "Ищем", stop: "Остановить" }, en: { language: "en-GB", searching: "Searching", stop: "Stop" } };

for (const locale of ["ru", "en"]) {
  test(`a search that takes long is told and stopped, ${locale}`, async () => {
    const { language, searching, stop } = words[locale];
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, "/leads", { locale: language });
    await page.locator("tbody tr[data-id]").first().waitFor();
    const here = page.url();
    const begun = Date.now();
    // A page whose navigation is under way can be looked into from within alone.
    const told = await page.evaluate(([address, stop]) => new Promise((done) => {
      new MutationObserver((_, watch) => {
        const waiting = document.querySelector(".waiting");
        if (!waiting) return;
        watch.disconnect();
        const words = waiting.innerText;
        [...waiting.querySelectorAll("button")].find((button) => button.innerText === stop)?.click();
        done({ words, left: document.querySelectorAll(".waiting").length });
      }).observe(document.body, { childList: true });
      const link = document.createElement("a");
      link.href = address;
      document.querySelector("#main").append(link);
      link.click();
    }), [slow, stop]);
    assert.match(told.words, new RegExp(searching));
    assert.equal(told.left, 0, "stopped, it says nothing more");
    assert.equal(page.url(), here, "one stays where one was");
    assert.ok(Date.now() - begun < 5_000, "it is stopped, not waited for");
    assert.ok((await page.locator("tbody tr[data-id]").count()) > 10, "what stood stays");
    // The page goes on to work.
    await page.locator("tbody tr[data-id] a").first().click();
    await page.waitForURL(/leads/);
    assert.deepEqual(complaints, []);
    await close();
  });
}
