// What takes its time says so: a filter that looks into everything can be told to stop, what a form sends is saved once, and an act on many
// records goes on when its page is left. What stood stays.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, hold, moment, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  // Long names in many records: each condition looks through them all.
  const long = "Долгое имя без конца и края ".repeat(8);
  for (let part = 0; part < 40; part++) {
    const operations = Array.from({ length: 400 }, (_, number) => ({ op: "create", fields: { name: `${part} ${number} ${long}`.slice(0, 240), company: long.slice(0, 200) } }));
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
    await page.locator("tbody tr[data-id] .name a").first().click();
    await page.locator("#panel h1").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}

const leads = { ru: { saving: "Сохраняем…", acting: /Готово: [\d\s]+ из 16\s?000/, ended: /Изменено 16\s000 записей/, set: "Изменить поле", undo: "Вернуть как было" }, en: { saving: "Saving…", acting: /Done: [\d,]+ of 16,?000/, ended: /16,000 records changed/, set: "Set a field", undo: "Undo" } };

for (const locale of ["ru", "en"]) {
  const told = leads[locale];
  const signed = async (path) => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    return openSignedIn(plenary, path, { locale: words[locale].language });
  };

  test(`what a form sends is told as being saved, and a second press sends nothing, ${locale}`, async () => {
    const { id } = await plenary.api("POST", "/api/v1/leads", { name: "Медленный Лид" });
    const { page, complaints, close } = await signed("/leads/new");
    const posts = [];
    page.on("request", (request) => request.method() === "POST" && posts.push(new URL(request.url()).pathname));
    // A page whose navigation is under way can be looked into from within alone: it presses once more, and remembers what was seen.
    const watched = (button) => page.evaluate((button) => {
      // Scrolled or not: what stands between its name and the button.
      const [named, pressed] = [document.querySelector("h1"), document.querySelector(button)];
      const place = () => Math.round(pressed.getBoundingClientRect().top - named.getBoundingClientRect().top);
      const before = place();
      sessionStorage.removeItem("seen");
      new MutationObserver((_, watch) => {
        const waiting = document.querySelector(".waiting");
        if (!waiting) return;
        watch.disconnect();
        pressed.click();
        const box = waiting.getBoundingClientRect();
        const isOnTop = waiting.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
        sessionStorage.setItem("seen", JSON.stringify({ words: waiting.innerText, isOnTop, moved: place() !== before }));
        void fetch("/seen");
      }).observe(document.body, { childList: true, subtree: true });
    }, button);
    // What is sent is under way until that was seen, however long it takes.
    const slowly = async (address) => {
      const letGo = await hold(page, address);
      await page.route("**/seen", (route) => {
        letGo();
        return route.fulfill({ status: 204 });
      });
    };
    const seen = () => page.evaluate(() => JSON.parse(sessionStorage.getItem("seen")));
    const whole = { words: told.saving, isOnTop: true, moved: false };

    await page.fill("#name", "Один Раз");
    await slowly("**/leads/new");
    await watched("main button.main-action");
    await page.locator("main button.main-action").click({ noWaitAfter: true });
    await page.waitForURL(/\/leads\/[0-9a-f-]{36}/);
    assert.deepEqual(await seen(), whole);
    assert.deepEqual(posts, ["/leads/new"]);
    assert.equal(await page.locator(".waiting").count(), 0);

    // The last step of a dialog, which lies over everything.
    await page.goto(`${plenary.url}/leads/${id}`);
    await page.locator('.top a[href$="/transitions/lose"]').first().dispatchEvent("click");
    const dialog = page.locator("dialog[open]");
    await dialog.locator("[name=lost_reason]").waitFor();
    await dialog.locator("[name=lost_reason]").evaluate((control) => {
      control.value = control.options ? [...control.options].find((option) => option.value)?.value : "Дорого";
      control.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await slowly("**/transitions/lose");
    await watched("dialog[open] button.main-action");
    await dialog.locator("button.main-action").click({ noWaitAfter: true });
    await page.waitForURL(/done=/);
    assert.deepEqual(await seen(), whole);
    assert.deepEqual(posts.slice(1), [`/leads/${id}/transitions/lose`]);

    // A part of a page.
    const letGo = await hold(page, "**/comments");
    await page.fill("#say", "Сказано один раз");
    const say = page.locator("#composer button.main-action");
    await say.click();
    await page.locator(".waiting", { hasText: told.saving }).waitFor();
    await say.dispatchEvent("click");
    letGo();
    await page.locator(".story", { hasText: "Сказано один раз" }).waitFor();
    await page.locator(".waiting").waitFor({ state: "detached" });
    await moment(page);
    assert.deepEqual(posts.slice(2), [`/leads/${id}/comments`]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`an act on many that was left goes on, the next page shows how far it is and tells its end, ${locale}`, async () => {
    const { page, complaints, close } = await signed(`/leads?filter=${encodeURIComponent('company.contains("Долгое")')}`);
    await page.locator("tbody tr[data-id]").first().waitFor();
    await page.locator("thead .pick input").click();
    await page.locator(".bulk input[name='bulk.all']").check();
    await page.locator(".bulk").getByRole("button", { name: told.set }).click();
    const dialog = page.locator("dialog[open]");
    await dialog.locator("select").selectOption("source");
    await dialog.locator("button.main-action").click();
    await dialog.locator("[name=source]").fill(`Рассылка ${locale}`);
    const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/leads/bulk") && request.isNavigationRequest());
    await dialog.locator("button.main-action").click({ noWaitAfter: true });
    await sent;
    // Whoever goes away before it has begun has asked for nothing.
    const isUnderWay = async () => (await page.request.get(`${plenary.url}/me/act`)).status() === 200;
    for (let tries = 0; !(await isUnderWay()); tries++) assert.ok(tries < 500, "it does not begin");
    await page.goto(`${plenary.url}/deals`);
    const bar = page.locator(".acting");
    await bar.getByText(told.acting).waitFor();
    assert.equal(await bar.locator("progress").getAttribute("max"), "16000");
    await check(page, `act-left-${locale}-desktop-light`);
    // And on the one after that.
    await page.goto(`${plenary.url}/contacts`);
    await bar.waitFor();
    const toast = page.locator(".toast.good", { hasText: told.ended });
    await toast.waitFor({ timeout: 120_000 });
    await bar.waitFor({ state: "detached" });
    await toast.getByRole("button", { name: told.undo }).waitFor();
    const { total } = await plenary.api("GET", `/api/v1/leads?count=exact&limit=1&filter=${encodeURIComponent(`source == "Рассылка ${locale}"`)}`);
    assert.equal(total, 16_000);
    await page.reload();
    await page.locator("h1").waitFor();
    await moment(page);
    assert.equal(await page.locator(".toast, .acting").count(), 0, "it is told once");
    assert.deepEqual(complaints, []);
    await close();
  });
}
