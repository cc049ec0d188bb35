// Help fits the page one is on, stands beside the work, and opens as a page without scripts; by keyboard on either layout and
// by pointer, in both languages.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary, lead;
before(async () => {
  plenary = await start();
  lead = await plenary.api("POST", "/api/v1/leads", { name: "Ольга Лебедева", company: "ООО «Ромашка»" });
  await plenary.api("POST", "/api/v1/deals", { name: "Стенд в холле" });
});
after(() => plenary.stop());

const places = () => ({
  list: ["/leads", "request"],
  record: [`/leads/${lead.id}`, "request"],
  board: ["/deals?as=board", "board"],
  settings: ["/settings/modules", "modules"],
});
const titles = {
  ru: { list: "Пришёл запрос: что делать", record: "Пришёл запрос: что делать", board: "Доска", settings: "Модули и поля" },
  en: { list: "A request came in: what do I do", record: "A request came in: what do I do", board: "The board", settings: "Modules and fields" },
};
const helper = (page) => page.locator("#helper");

for (const locale of ["ru", "en"]) {
  test(`help opens beside a list, a record, the board and settings, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    for (const [name, [path, place]] of Object.entries(places())) {
      const { page, complaints, close } = await openSignedIn(plenary, path, { locale });
      await page.waitForURL(plenary.url + path);
      await page.locator("a.helps").click();
      await helper(page).locator(`h2#${place}`, { hasText: titles[locale][name] }).waitFor();
      assert.equal(await helper(page).locator("h2").count(), 1, "one section, not the manual");
      assert.equal(page.url(), plenary.url + path, "one stays where one is");
      await check(page, `help-${name}-${locale}-desktop-light`);
      await page.keyboard.press("Escape");
      await helper(page).waitFor({ state: "detached" });
      assert.ok(await page.locator("a.helps").evaluate((sign) => sign === document.activeElement), "the focus goes back");
      assert.deepEqual(complaints, []);
      await close();
    }
  });
}

test("by keyboard: a letter by its place, a function key while one types; the page stays in use", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${lead.id}`);
  await page.locator("#say").waitFor();
  // The key of the Latin h on the Russian layout.
  const press = () => page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "р", code: "KeyH", bubbles: true, cancelable: true })));
  await press();
  await helper(page).locator("h2").waitFor();
  await press();
  await helper(page).waitFor({ state: "detached" });

  await page.locator("#say").fill("Уже пишу");
  await page.keyboard.press("h");
  assert.equal(await page.locator("#say").inputValue(), "Уже пишуh", "a letter is a letter where one types");
  assert.equal(await helper(page).count(), 0);
  await page.keyboard.press("F1");
  await helper(page).locator("h2").waitFor();
  await page.locator("#say").fill("Пишу и читаю");
  assert.equal(await helper(page).count(), 1);
  await helper(page).locator("a", { hasText: "передумал" }).click();
  await helper(page).locator("h2#lost").waitFor();
  assert.equal(await page.locator("#say").inputValue(), "Пишу и читаю");
  await helper(page).locator(".whole").waitFor();
  assert.equal(await helper(page).locator(".whole").getAttribute("href"), "/help/salesperson#lost");
  await helper(page).getByRole("button", { name: "Закрыть" }).click();
  await helper(page).waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await close();
});

test("manuals are read on every screen, in both themes and languages", async () => {
  for (const [locale, screen, theme] of [["ru", "phone", "dark"], ["ru", "desktop", "light"], ["en", "tablet", "light"], ["en", "phone", "light"], ["en", "desktop", "dark"]]) {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, "/help", { locale, screen, theme });
    await look(page, screen, theme);
    for (const path of ["/help", "/help/salesperson", "/help/administrator"]) {
      await page.goto(plenary.url + path);
      assert.equal(await page.locator("html").getAttribute("lang"), locale);
      await check(page, `manual${path.replaceAll("/", "-")}-${locale}-${screen}-${theme}`);
    }
    // Beside the work, on the screen at hand.
    await page.goto(`${plenary.url}/deals?as=board`);
    await page.locator("a.helps").click();
    await helper(page).locator("h2#board").waitFor();
    await check(page, `help-board-${locale}-${screen}-${theme}`);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("without scripts the sign leads to the section of the manual", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  const { page, close } = await openSignedIn(plenary, "/deals?as=board", { script: false });
  await page.waitForURL(/as=board/);
  await page.locator("a.helps").click();
  await page.waitForURL(`${plenary.url}/help/salesperson#board`);
  await page.locator("article h2#board", { hasText: "Доска" }).waitFor();
  await page.locator("nav.contents a", { hasText: "Клавиши" }).click();
  await page.waitForURL(`${plenary.url}/help/salesperson#keys`);
  assert.ok(await page.locator("h2#keys").isVisible());
  await page.locator(".side-foot summary").click();
  await page.locator(".side-foot a", { hasText: "Руководства" }).click();
  await page.waitForURL(`${plenary.url}/help`);
  await close();
});
