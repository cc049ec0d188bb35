// Expressions written with help: names offered while one types, by keyboard, by pointer and by what people call a field; the
// place of a fault; the same list folded without script. Tables and the index of settings on a phone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, open, openSignedIn, signIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

const worlds = {};
before(async () => {
  for (const locale of ["ru", "en"]) worlds[locale] = await start({ locale });
});
after(() => Promise.all(Object.values(worlds).map((world) => world.stop())));

const language = { ru: "ru-RU", en: "en-GB" };
const marked = (page, selector) => page.locator(selector).evaluate((text) => text.value.slice(text.selectionStart, text.selectionEnd));

for (const locale of ["ru", "en"]) {
  test(`${locale}: names are offered in the condition of a rule`, async () => {
    const { page, complaints, close } = await openSignedIn(worlds[locale], "/settings/rules/new?module=deals", { locale: language[locale] });
    const list = page.getByRole("listbox");
    await page.locator("#if").focus();
    await page.keyboard.type("amo");
    await list.getByRole("option").first().waitFor();
    assert.equal(await page.locator("#if").getAttribute("aria-activedescendant"), "offered-0");
    await check(page, `names-offered-${locale}-desktop-light`);
    await page.keyboard.press("Enter");
    assert.equal(await page.inputValue("#if"), "amount", "Enter takes a name and sends nothing");
    await list.waitFor({ state: "detached" });
    await page.keyboard.type(" > 1 && account.na");
    await list.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Tab");
    assert.equal(await page.inputValue("#if"), "amount > 1 && account.name");
    // A method behind a dot, nothing inside quotes, Esc closes the list alone.
    await page.keyboard.type(".cont");
    await page.keyboard.press("Enter");
    await page.keyboard.type('"amo');
    assert.equal(await list.count(), 0, "a text in quotes names nothing");
    await page.keyboard.type('") && was_sta');
    await list.getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    assert.equal(await page.inputValue("#if"), 'amount > 1 && account.name.contains("amo") && was_stage');
    await page.keyboard.type(" != sta");
    await list.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    assert.ok(await page.locator("#if").evaluate((text) => text === document.activeElement), "Esc closes the list alone");
    await page.keyboard.press("Alt+ArrowDown");
    assert.ok((await list.getByRole("option").count()) > 0);
    await page.keyboard.press("Escape");
    // By what people call it, and pressed.
    await page.fill("#if", "");
    await page.keyboard.type(locale === "ru" ? "сумм" : "amou");
    await list.getByRole("option").first().click();
    assert.match(await page.inputValue("#if"), /amount/);
    // The other expressions of the rule take the same names.
    await page.selectOption("[name=add]", "set");
    await follow(page, () => page.locator("button[name=do][value='add:']").click());
    await page.locator("[name='then.0.fields']").focus();
    await page.keyboard.type("source = acc");
    await list.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#if-names > summary").click();
    await check(page, `names-folded-${locale}-desktop-light`);
    await page.locator('#if-names [data-insert="close_date"]').click();
    assert.match(await page.inputValue("#if"), /close_date/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${locale}: a fault is marked where it is, and the nearest name is told`, async () => {
    const { page, close } = await openSignedIn(worlds[locale], "/settings/modules/deals/fields/amount", { locale: language[locale] });
    await page.fill("#validation", "amont > 1");
    await follow(page, () => page.locator("#field button.main-action").click());
    await page.locator("#validation-error").waitFor();
    assert.match(await page.locator("#validation-error").innerText(), /amount/);
    assert.equal(await page.locator(".fault mark").innerText(), "amont");
    assert.equal(await marked(page, "#validation"), "amont");
    await check(page, `names-fault-${locale}-desktop-light`);
    await close();
  });

  test(`${locale}: a list fetches its names, and a roll-up those of the module that its link says`, async () => {
    const { page, complaints, close } = await openSignedIn(worlds[locale], "/deals", { locale: language[locale] });
    await page.locator(`summary[title="${locale === "ru" ? "Выражение" : "Expression"}"]`).click();
    await page.locator("#expression").focus();
    await page.keyboard.type("sta");
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#expression").isVisible(), "the menu stays open");
    await page.goto(`${worlds[locale].url}/settings/modules/accounts`);
    await page.selectOption("#type", "roll_up");
    await page.selectOption("#via", "deals.account");
    await page.locator("#filter").focus();
    await page.keyboard.type("sta");
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    assert.equal(await page.inputValue("#filter"), "stage");
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("without script the names are folded beside the control, and settings fit a phone", async () => {
  const { page, close } = await open({ script: false, screen: "phone", theme: "dark", locale: "en-GB" });
  await signIn(page, worlds.en.url, "/settings/processes/deals/new-move");
  await page.waitForURL(/new-move/);
  await page.locator("#guard-names > summary").click();
  assert.ok(await page.locator('#guard-names [data-insert="account.name"]').isVisible());
  await checkFit(page, "names-phone-dark");
  for (const [name, path] of [["packs", "/settings/packs"], ["roles", "/settings/roles"], ["module", "/settings/modules/deals"], ["modules", "/settings/modules"], ["users", "/settings/users"], ["field", "/settings/modules/deals/fields/amount"]]) {
    await page.goto(worlds.en.url + path);
    await checkFit(page, `settings-${name}-phone-dark`);
  }
  await page.goto(`${worlds.en.url}/deals/names`);
  await checkFit(page, "names-page-phone-dark");
  await close();
});

test("the index of a module's parts stays in sight", async () => {
  const { page, close } = await openSignedIn(worlds.ru, "/settings/modules/deals", { locale: "ru-RU" });
  await check(page, "module-parts-ru-desktop-light");
  await page.locator(".parts a[href='#rights']").click();
  await page.waitForURL(/#rights$/);
  const [index, title] = await Promise.all([".parts", "#rights h2"].map((part) => page.locator(part).boundingBox()));
  assert.ok(index.y >= 0 && index.y < 10, `the index stays: ${index.y}`);
  assert.ok(title.y >= index.y + index.height, "what it leads to is not hidden under it");
  await check(page, "module-rights-ru-desktop-light");
  await close();
});
