// Linked records and people are chosen while one types: in a form, in its place, in a cell, in a dialog, on a phone, by the
// keyboard and by the pointer, and from a plain select without script.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, moment, openSignedIn, screens } from "./browser.mjs";
import { start } from "./plenary.mjs";

const words = {
  ru: { contact: "Контакт", none: "Ничего не нашлось", new: /Новая запись: Контакт «Новая Персона»/, lead: /Лид/, drop: "Убрать: Мария Ковалевская" },
  en: { contact: "Contact", none: "Nothing found", new: /New record: Contact “Новая Персона”/, lead: /Lead/, drop: "Remove: Мария Ковалевская" },
};

const worlds = {};
before(async () => {
  for (const locale of ["ru", "en"]) {
    const plenary = await start({ locale });
    const account = await plenary.api("POST", "/api/v1/accounts", { name: "ООО «Ромашка»", city: "Казань" });
    const old = await plenary.api("POST", "/api/v1/contacts", { name: "Мария Ковалевская", account: account.id });
    const operations = Array.from({ length: 30 }, (_, index) => ({ op: "create", fields: { name: `Гость ${index + 1}` } }));
    await plenary.api("POST", "/api/v1/contacts/batch", { atomic: true, operations });
    worlds[locale] = { ...plenary, account, old };
  }
});
after(() => Promise.all(Object.values(worlds).map((world) => world.stop())));

const deal = (world, fields = {}) => world.api("POST", "/api/v1/deals", { name: "Стенд", ...fields });
const stored = (world, { id }) => world.api("GET", `/api/v1/deals/${id}`);
const language = (locale) => (locale === "ru" ? "ru-RU" : "en-GB");
const options = (page) => page.locator(".picks:popover-open [role=option]");
/** The control around a text. */
const picker = (page, entry) => page.locator("link-picker", { has: page.locator(entry) });

for (const locale of ["ru", "en"]) {
  const says = words[locale];

  test(`${locale}: an older contact is chosen in a form, by the keyboard alone`, async () => {
    const world = worlds[locale];
    const { page, complaints, close } = await openSignedIn(world, "/deals/new", { locale: language(locale) });
    await page.fill("#name", "Стенд у входа");
    await page.locator("input#contact").focus();
    assert.equal(await page.getByRole("combobox", { name: says.contact, exact: true }).getAttribute("aria-expanded"), "false");
    await page.keyboard.type("Ковалев");
    const hit = options(page).filter({ hasText: "Мария Ковалевская" });
    await hit.waitFor();
    assert.match(await hit.innerText(), /ООО «Ромашка»/, "told from others of the name");
    assert.equal(await page.locator("#contact").getAttribute("aria-expanded"), "true");
    assert.equal(await page.locator("#contact").getAttribute("aria-activedescendant"), await hit.getAttribute("id"));
    await check(page, `linking-list-${locale}-desktop-light`);
    await page.keyboard.press("Enter");
    const chip = picker(page, "#contact").locator(".chip");
    assert.equal(await chip.locator("a").innerText(), "Мария Ковалевская");
    assert.equal(await chip.locator("a").getAttribute("href"), `/contacts/${world.old.id}`);
    assert.equal(await options(page).count(), 0);
    assert.match(page.url(), /\/deals\/new$/, "Enter chose and sent nothing");

    await page.keyboard.press("Backspace");
    assert.equal(await chip.count(), 0);
    await page.keyboard.press("ArrowDown");
    await options(page).filter({ hasText: "Гость 30" }).waitFor();
    assert.ok((await options(page).count()) <= 11, "ten of them, and a new one");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    assert.match(await page.locator(".picks [aria-selected=true]").innerText(), /Гость 30/);
    await page.keyboard.press("Escape");
    assert.equal(await options(page).count(), 0);
    // A letter wrong, and Enter before the answer.
    await page.keyboard.type("Кавалевская");
    await page.keyboard.press("Enter");
    await chip.waitFor();
    assert.equal(await chip.locator("a").innerText(), "Мария Ковалевская");
    await page.keyboard.type("щщщщщ");
    await options(page).filter({ hasText: says.none }).waitFor();
    await page.keyboard.press("Escape");
    await check(page, `linking-chosen-${locale}-desktop-light`);

    await page.locator("main button.main-action").click();
    await page.waitForURL(/\/deals\/[0-9a-f-]{36}$/);
    assert.equal((await stored(world, { id: page.url().split("/").at(-1) })).contact, world.old.id);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${locale}: a link is changed in its place and in its cell, by the pointer`, async () => {
    const world = worlds[locale];
    const made = await deal(world, { contact: world.old.id });
    const { page, complaints, close } = await openSignedIn(world, `/deals/${made.id}`, { locale: language(locale) });
    await page.locator("dl.fields dt a", { hasText: says.contact }).first().click();
    await page.locator("dd.edit .chip").getByText("Мария Ковалевская").waitFor();
    await page.waitForFunction(() => document.activeElement?.matches("dd.edit .entry"));
    await check(page, `linking-in-place-${locale}-desktop-light`);
    await page.locator("dd.edit").getByRole("button", { name: says.drop }).click();
    assert.equal(await page.locator("dd.edit .chip").count(), 0);
    await page.locator("dd.edit .entry").fill("Гость 7");
    await options(page).filter({ hasText: /^\s*Гость 7\s*$/ }).click();
    assert.equal(await page.locator("dd.edit .chip a").innerText(), "Гость 7");
    await page.locator("dd.edit .buttons button").click();
    await page.locator("dd.edit").waitFor({ state: "detached" });
    const chosen = (await stored(world, made)).contact;
    assert.equal((await world.api("GET", `/api/v1/contacts/${chosen}`)).name, "Гость 7");

    await page.goto(`${world.url}/deals`);
    const cell = page.locator(`tr[data-id="${made.id}"] td[data-field=account]`);
    await cell.click();
    await options(page).filter({ hasText: "Ромашка" }).waitFor();
    assert.ok(await page.locator("td.edit .entry").evaluate((entry) => entry === document.activeElement), "one may type at once");
    await checkFit(page, `linking-cell-${locale}-desktop-light`);
    await page.keyboard.type("ромашка");
    // After what was found stands what might be made under that name.
    await options(page).filter({ hasText: "ООО «Ромашка»" }).click();
    await page.locator("td.edit").waitFor({ state: "detached" });
    assert.equal((await stored(world, made)).account, world.account.id, "a choice in a cell is saved at once");
    assert.match(await cell.innerText(), /Ромашка/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${locale}: many are chosen in their order, and what is not there yet is made on the way`, async () => {
    const world = worlds[locale];
    const made = await deal(world);
    const { page, complaints, close } = await openSignedIn(world, `/deals/${made.id}/edit`, { locale: language(locale) });
    for (const name of ["Ковалевская", "Гость 12"]) {
      await page.locator("input#contacts").fill(name);
      await options(page).filter({ hasText: name }).first().waitFor();
      await page.keyboard.press("Enter");
    }
    const chips = picker(page, "#contacts").locator(".chip > :first-child");
    assert.deepEqual(await chips.allInnerTexts(), ["Мария Ковалевская", "Гость 12"]);

    await page.locator("input#contact").fill("Новая Персона");
    await options(page).filter({ hasText: says.new }).click();
    const dialog = page.locator("dialog.quick:modal");
    await dialog.waitFor();
    assert.equal(await dialog.locator("[name=name]").inputValue(), "Новая Персона");
    const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((one) => one.id));
    assert.deepEqual(ids.filter((id, at) => ids.indexOf(id) !== at), [], "every label leads to its own control");
    await check(page, `linking-new-${locale}-desktop-light`);
    await dialog.locator("footer button.main-action").click();
    await dialog.waitFor({ state: "detached" });
    await picker(page, "#contact").locator(".chip").getByText("Новая Персона").waitFor();

    await page.locator("main button.main-action").click();
    await page.waitForURL((url) => url.pathname === `/deals/${made.id}`);
    const now = await stored(world, made);
    const names = await Promise.all([...now.contacts, now.contact].map(async (id) => (await world.api("GET", `/api/v1/contacts/${id}`)).name));
    assert.deepEqual(names, ["Мария Ковалевская", "Гость 12", "Новая Персона"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${locale}: an activity is about a record of any module`, async () => {
    const world = worlds[locale];
    const lead = await world.api("POST", "/api/v1/leads", { name: "Пётр Чайковский", company: "ООО «Лебедь»" });
    const { page, complaints, close } = await openSignedIn(world, "/activities", { locale: language(locale) });
    await page.waitForURL(/activities/);
    await page.keyboard.press("c");
    const dialog = page.locator("dialog.quick:modal");
    await dialog.locator("[name=subject]").fill("Позвонить насчёт стенда");
    await dialog.locator("input#about").fill("Чайковского");
    const hit = options(page).filter({ hasText: "Пётр Чайковский" });
    await hit.waitFor();
    assert.match(await hit.innerText(), says.lead, "a hit shows its module");
    await check(page, `linking-about-${locale}-desktop-light`);
    await page.keyboard.press("Enter");
    assert.equal(await picker(page, "#about").locator(".chip a").getAttribute("href"), `/leads/${lead.id}`);
    await dialog.locator("footer button.main-action").click();
    await dialog.waitFor({ state: "detached" });
    const { data } = await world.api("GET", "/api/v1/activities");
    assert.deepEqual(data[0].about, { id: lead.id, module: "leads" });
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("what was chosen comes back with the draft, and goes when that is dropped", async () => {
  const world = worlds.ru;
  const { page, complaints, close } = await openSignedIn(world, "/deals/new");
  page.on("dialog", (dialog) => dialog.accept());
  await page.fill("#name", "Недописанная сделка");
  for (const entry of ["#contact", "#contacts"]) {
    await page.locator(entry).fill("Ковалевская");
    await options(page).filter({ hasText: "Мария Ковалевская" }).waitFor();
    await page.keyboard.press("Enter");
  }
  await page.reload();
  for (const entry of ["#contact", "#contacts"]) {
    assert.equal(await picker(page, entry).locator(".chip a").innerText(), "Мария Ковалевская", entry);
  }
  await page.locator("form .note.warn button").click();
  await page.waitForFunction(() => document.querySelectorAll("main .chip > a").length === 0);
  assert.equal(await page.inputValue("#name"), "");
  assert.deepEqual(complaints, []);
  await close();
});

test("what is pressed is taken, also when the next answer comes before the button is let go", async () => {
  const { page, complaints, close } = await openSignedIn(worlds.ru, "/deals/new");
  await page.locator("#contact").fill("Ковалев");
  const hit = options(page).filter({ hasText: "Мария Ковалевская" });
  await hit.waitFor();
  let press;
  const pressed = new Promise((resolve) => (press = resolve));
  await page.route(/q=[^&]*%D1%81%D0%BA%D0%B0%D1%8F/, async (route) => {
    await pressed;
    // The page may wait for it no more.
    await route.continue().catch(() => {});
  });
  const asked = page.waitForRequest(/q=[^&]*%D1%81%D0%BA%D0%B0%D1%8F/);
  await page.keyboard.type("ская");
  await asked;
  await hit.hover();
  await page.mouse.down();
  press();
  // What comes now changes nothing.
  await moment(page);
  await page.mouse.up();
  await picker(page, "#contact").locator(".chip").getByText("Мария Ковалевская").waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("without script the newest are offered, and the chosen one has its name", async () => {
  const world = worlds.ru;
  const made = await deal(world, { contact: world.old.id });
  const { page, close } = await openSignedIn(world, `/deals/${made.id}/edit`, { script: false });
  const select = page.locator("select#contact");
  assert.equal(await select.evaluate((control) => control.selectedOptions[0].text), "Мария Ковалевская");
  await checkFit(page, "linking-no-script-ru-desktop-light");
  await select.selectOption({ label: "Гость 29" });
  await page.locator("main button.main-action").click();
  await page.waitForURL((url) => url.pathname === `/deals/${made.id}`);
  const { contact } = await stored(world, made);
  assert.equal((await world.api("GET", `/api/v1/contacts/${contact}`)).name, "Гость 29");
  await close();
});

test("on a phone the list stays on the screen, and a tap chooses", async () => {
  const world = worlds.ru;
  for (const theme of ["light", "dark"]) {
    const { page, complaints, close } = await openSignedIn(world, "/deals/new", { screen: "phone", theme });
    await page.locator("input#contact").click();
    await page.keyboard.type("гость 1");
    // Not the newest, which stood there before anything was typed.
    await options(page).first().filter({ hasText: "Гость 1" }).waitFor();
    await page.waitForFunction(() => document.querySelector(".picks:popover-open [aria-selected=true]")?.textContent.includes("Гость 1"));
    const box = await page.locator(".picks:popover-open").boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= screens.phone.width, JSON.stringify(box));
    assert.ok(box.y >= 0 && box.y + box.height <= screens.phone.height, JSON.stringify(box));
    await check(page, `linking-ru-phone-${theme}`);
    await options(page).first().click();
    assert.match(await picker(page, "#contact").locator(".chip").innerText(), /Гость 1/);
    await check(page, `linking-chosen-ru-phone-${theme}`);
    assert.deepEqual(complaints, []);
    await close();
  }
});
