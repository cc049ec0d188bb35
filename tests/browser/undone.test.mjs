// All that one act did, page by page, with its way back, and what that way asks; by keyboard, in both languages, on a desk and on a phone.
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
  ["ru", { whole: "Показать всё, что сделано", more: "Показать следующие", undo: "Вернуть как было", undone: "отменено", now: /Ядро\s*→\s*Эпсилон/, would: /Отмена вернёт: Завод/, checking: /Проверяем|Возвращаем/, back: /Возвращен/ }],
  ["en", { whole: "Show all that was done", more: "Show the next", undo: "Undo", undone: "undone", now: /Ядро\s*→\s*Эпсилон/, would: /Undo would bring back: Завод/, checking: /Checking|Taking it back/, back: /brought back/ }],
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

  test(`an undo asks about what has changed since: it is kept, or gone over (${locale})`, async () => {
    const { api, url } = places[locale];
    const { page, complaints, close } = await openSignedIn(places[locale], "/leads", { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    for (const [choice, stays] of [["keep", "Эпсилон"], ["overwrite", "Завод"]]) {
      const { id } = await api("POST", "/api/v1/leads", { name: "Пётр Иванов", company: "Завод" });
      for (const fields of [{ company: "Ядро", need: "Стенд" }, { company: "Эпсилон" }]) await api("PATCH", `/api/v1/leads/${id}`, fields);
      await look(page, "desktop", "light");
      await page.goto(`${url}/leads/${id}`);
      // The newest stands first: it is the one before that is taken back.
      await page.locator('.story form[action^="/undo/"] button').nth(1).click();
      await page.waitForURL(/\/undo\/[0-9a-f-]+$/);
      const said = await page.locator("main").innerText();
      assert.match(said, words.now);
      assert.match(said, words.would);
      await check(page, `undo-asks-${locale}-desktop-light`);
      await look(page, "phone", "dark");
      await check(page, `undo-asks-${locale}-phone-dark`);
      await page.locator(`button[name=conflicts][value=${choice}]`).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(`${url}/leads/${id}`);
      const now = await api("GET", `/api/v1/leads/${id}`);
      assert.deepEqual([now.company, now.need], [stays, null]);
    }
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`an undo of thousands of records says how far it is and what came of it (${locale})`, async () => {
    const { api, url } = places[locale];
    // A state that goes out of use: whoever stood in it goes on to another one, in one act.
    const process = "/api/v1/meta/processes/contacts";
    await api("POST", "/api/v1/meta/processes", { module: "contacts", field: "standing", states: [{ name: "known" }, { name: "friend" }], transitions: [{ name: "befriend", from: ["known"], to: "friend" }] });
    for (let batch = 0; batch < 6; batch++) {
      await api("POST", "/api/v1/contacts/batch", { operations: Array.from({ length: 850 }, (_, number) => ({ op: "create", fields: { name: `Vector ${batch} ${number}` } })) });
    }
    const standing = async (state) => (await api("GET", `/api/v1/contacts?count=exact&limit=1&filter=${encodeURIComponent(`standing == "${state}"`)}`)).total;
    await api("PATCH", process, { initial: "friend", states: { known: { retired: true, moves_to: "friend" } } });
    for (let waited = 0; (await standing("friend")) < 5_100 && waited < 240; waited++) await new Promise((resolve) => setTimeout(resolve, 500));
    await api("PATCH", process, { states: { known: { retired: false } } });
    const { data: [contact] } = await api("GET", "/api/v1/contacts?limit=1");
    const { data: story } = await api("GET", `/api/v1/contacts/${contact.id}/timeline`);
    const { change_set: set } = story.find(({ source }) => source === "shape");
    const { page, complaints, close } = await openSignedIn(places[locale], `/undo/${set}/changes`, { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    // As it stands the moment after it was begun, however fast this machine is.
    await page.route(/\/undo\/[0-9a-f-]+\?/, (route) => (route.request().headers()["hx-request"] ? undefined : route.continue()));
    await page.getByRole("button", { name: words.undo }).click();
    await page.waitForURL(/\/undo\/[0-9a-f-]+\?next=/);
    assert.match(await page.locator("main").innerText(), words.checking);
    await page.locator("main progress").waitFor();
    await check(page, `undo-going-on-${locale}-desktop-light`);
    await look(page, "phone", "dark");
    await check(page, `undo-going-on-${locale}-phone-dark`);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.reload();
    await page.locator("main .note.good").waitFor({ timeout: 120_000 });
    assert.match(await page.locator("main").innerText(), words.back);
    await check(page, `undo-done-${locale}-phone-dark`);
    assert.deepEqual([await standing("known"), await standing("friend")], [5_100, 0]);
    assert.deepEqual(complaints, []);
    await close();
  });
}
