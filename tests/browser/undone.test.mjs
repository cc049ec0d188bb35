// All that one act did, page by page, with its way back; by keyboard, in both languages, on a desk and on a phone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

const places = {};
before(async () => {
  places.ru = await start();
  places.en = await start({ locale: "en" });
});
after(() => Promise.all([places.ru?.stop(), places.en?.stop()]));

for (const [locale, words] of [
  ["ru", { whole: "Показать всё, что сделано", more: "Показать следующие", undo: "Вернуть как было", undone: "отменено" }],
  ["en", { whole: "Show all that was done", more: "Show the next", undo: "Undo", undone: "undone" }],
]) {
  test(`an act on many records is read to its end and taken back by keyboard (${locale})`, async () => {
    const api = places[locale].api;
    const count = async () => (await api("GET", "/api/v1/accounts?count=exact&limit=1")).total;
    const stood = await count();
    const operations = Array.from({ length: 60 }, (_, number) => ({ op: "create", fields: { name: `Vector ${number}` } }));
    await api("POST", "/api/v1/accounts/batch", { operations });
    const { page, complaints, close } = await openSignedIn(places[locale], "/undo", { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    await page.waitForURL(/\/undo$/);
    const act = page.locator(".act").first();
    assert.doesNotMatch(await act.innerText(), /→/, "what was made came from nowhere");
    await act.getByRole("link", { name: words.whole }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/undo\/[0-9a-f-]+\/changes$/);
    assert.equal(await page.locator("ol.changes > li").count(), 50);
    await check(page, `act-${locale}-desktop-light`);
    await page.getByRole("link", { name: words.more }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/after=/);
    assert.equal(await page.locator("ol.changes > li").count(), 10);
    assert.equal(await page.getByRole("link", { name: words.more }).count(), 0, "that was all");
    await look(page, "phone", "dark");
    await page.reload();
    await check(page, `act-${locale}-phone-dark`);
    await page.getByRole("button", { name: words.undo }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".tag", { hasText: words.undone }).waitFor();
    assert.equal(await count(), stood);
    assert.deepEqual(complaints, []);
    await close();
  });
}
