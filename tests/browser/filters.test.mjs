// Conditions of a list: made field by field, opened where their chip stands, in groups, by the pointer and by the keyboard,
// without script, and on a phone, where the bar has two lines and cards have no heads.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, look, openSignedIn, screens } from "./browser.mjs";
import { start } from "./plenary.mjs";

const words = {
  ru: { filter: "Фильтр", apply: "Применить", amount: "Сумма", or: "Или…", remove: "Убрать", sort: "Порядок", all: "Отметить все", today: "сегодня", further: "Клиент: поле", city: "Город", chip: /Клиент: Город\s+Казань/ },
  en: { filter: "Filter", apply: "Apply", amount: "Amount", or: "Or…", remove: "Remove", sort: "Sort", all: "Pick all", today: "today", further: "Account: field", city: "City", chip: /Account: City\s+Казань/ },
};

const worlds = {};
before(async () => {
  for (const locale of ["ru", "en"]) {
    const plenary = await start({ locale });
    const account = await plenary.api("POST", "/api/v1/accounts", { name: "ООО «Ромашка»", city: "Казань" });
    const deals = [
      { name: "Стенд у входа", amount: { amount: "300000.00", currency: "RUB" }, readiness: "hot", account: account.id, tags: ["vip"], close_date: "2031-05-20" },
      { name: "Стенд в зале", amount: { amount: "90000.00", currency: "RUB" }, readiness: "hot" },
      { name: "Реклама в программе", amount: { amount: "20000.00", currency: "RUB" }, readiness: "cold" },
    ];
    for (const deal of deals) await plenary.api("POST", "/api/v1/deals", deal);
    worlds[locale] = { ...plenary, account };
  }
});
after(() => Promise.all(Object.values(worlds).map((world) => world.stop())));

const language = (locale) => (locale === "ru" ? "ru-RU" : "en-GB");
const filter = (page) => new URL(page.url()).searchParams.get("filter");
const rows = async (page) => (await page.locator("tbody .name a").allInnerTexts()).map((name) => name.trim()).sort();
const chips = (page) => page.locator(".cond");
const under = (world, text) => `${world.url}/deals?filter=${encodeURIComponent(text)}`;
const field = (page, name) => page.locator(`details[open] .fields-offered a[href$="field=${name}"]`);

/** A part of the page has come and taken the focus. */
const arrived = (page, selector) => page.waitForFunction((selector) => document.activeElement?.matches(selector), selector);

/** What opened at its button has been moved into the window: that happens just after it is shown. */
const isInside = (page, selector) => page.waitForFunction((selector) => {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  return box && box.width > 0 && box.left >= 0 && box.right <= document.documentElement.clientWidth;
}, selector);

for (const locale of ["ru", "en"]) {
  const says = words[locale];

  test(`${locale}: conditions are made by the pointer, opened at their chip, and taken away`, async () => {
    const world = worlds[locale];
    const { page, complaints, close } = await openSignedIn(world, "/deals", { locale: language(locale) });
    await page.locator("summary[data-filter]").click();
    await arrived(page, "[data-narrow]");
    await check(page, `filters-fields-${locale}-desktop-light`);
    await field(page, "amount").click();
    await page.selectOption("#filter-operator", "between");
    await page.locator("#filter-until").waitFor();
    await page.fill("#filter-value", "50 000");
    await page.fill("#filter-until", "1000000");
    await check(page, `filters-form-${locale}-desktop-light`);
    await page.locator(".condition").getByRole("button", { name: says.apply }).click();
    await page.waitForURL(/filter=/);
    assert.equal(filter(page), '(amount >= "50000" && amount <= "1000000")');
    assert.deepEqual(await rows(page), ["Стенд в зале", "Стенд у входа"].sort());
    assert.match(await chips(page).innerText(), new RegExp(says.amount));

    // An alternative in a group of its own, by a choice of several.
    await chips(page).locator("summary").click();
    await arrived(page, "#filter-operator");
    assert.equal(await page.inputValue("#filter-value"), "50000");
    await page.locator(".condition").getByRole("link", { name: says.or }).click();
    await field(page, "readiness").click();
    await page.locator('.condition input[value="cold"]').check();
    await page.locator('.condition input[value="warm"]').check();
    await page.locator(".condition").getByRole("button", { name: says.apply }).click();
    await page.waitForURL(/readiness/);
    const joined = filter(page);
    assert.match(joined, /^\(amount >= "50000" && amount <= "1000000"\) \|\| readiness in \["(cold|warm)", "(cold|warm)"\]$/);
    assert.equal((await rows(page)).length, 3);
    await check(page, `filters-any-${locale}-desktop-light`);
    await page.locator("a.joint").click();
    await page.waitForURL((url) => !url.search.includes("%7C%7C"));
    assert.equal((await rows(page)).length, 0);
    await chips(page).last().locator(".off").click();
    await page.waitForURL((url) => !url.search.includes("readiness"));
    assert.equal(filter(page), '(amount >= "50000" && amount <= "1000000")');
    await chips(page).locator("summary").click();
    await page.locator(".condition").getByRole("link", { name: says.remove }).click();
    await page.waitForURL(`${world.url}/deals`);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${locale}: conditions are made, changed and taken away by the keyboard alone`, async () => {
    const world = worlds[locale];
    const { page, complaints, close } = await openSignedIn(world, "/deals", { locale: language(locale) });
    await page.waitForURL(/deals/);
    await page.keyboard.press("f");
    await arrived(page, "[data-narrow]");
    await page.keyboard.type(says.amount.toLowerCase());
    await page.keyboard.press("ArrowDown");
    await arrived(page, ".fields-offered a");
    await page.keyboard.press("ArrowUp");
    await arrived(page, "[data-narrow]");
    await page.keyboard.press("Enter");
    await arrived(page, "#filter-operator");
    await page.keyboard.press("Tab");
    await page.keyboard.type("100000");
    await page.keyboard.press("Enter");
    await page.waitForURL(/filter=/);
    assert.equal(filter(page), 'amount >= "100000"');

    const chip = chips(page).locator("summary");
    await chip.focus();
    await page.keyboard.press("Enter");
    await arrived(page, "#filter-operator");
    await page.keyboard.press("Escape");
    await arrived(page, ".cond summary");
    assert.equal(await page.locator(".condition").isVisible(), false);
    await page.keyboard.press("Delete");
    await page.waitForURL(`${world.url}/deals`);
    assert.equal((await rows(page)).length, 3);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${locale}: a link leads on to the fields behind it, by the pointer and by the keyboard`, async () => {
    const world = worlds[locale];
    const { page, complaints, close } = await openSignedIn(world, "/deals", { locale: language(locale) });
    await page.waitForURL(/deals/);
    const through = page.locator('details[open] .fields-offered a[href$="through=account"]');
    const back = page.locator("details[open] .of-link a, details[open] .condition > header a");
    await page.locator("summary[data-filter]").click();
    await through.click();
    await field(page, "account.city").waitFor();
    await check(page, `filters-behind-${locale}-desktop-light`);
    await field(page, "account.city").click();
    await arrived(page, "#filter-operator");
    await back.click();
    await field(page, "account.city").waitFor();
    await back.click();
    await field(page, "amount").waitFor();
    // Opened again, it begins with the fields.
    await through.click();
    await field(page, "account.city").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("summary[data-filter]").click();
    await field(page, "amount").waitFor();
    await page.keyboard.press("Escape");

    await arrived(page, "summary[data-filter]");
    await page.keyboard.press("f");
    await arrived(page, "[data-narrow]");
    await page.keyboard.type(says.further.toLowerCase());
    await page.keyboard.press("Enter");
    await field(page, "account.city").waitFor();
    await arrived(page, "[data-narrow]");
    await page.keyboard.type(says.city.toLowerCase());
    await page.keyboard.press("ArrowDown");
    await arrived(page, ".fields-offered a");
    await page.keyboard.press("Enter");
    await arrived(page, "#filter-operator");
    await page.keyboard.press("Tab");
    await page.keyboard.type("казан");
    await page.keyboard.press("Enter");
    await page.waitForURL(/filter=/);
    assert.equal(filter(page), 'account.city.contains("казан")');
    assert.deepEqual(await rows(page), ["Стенд у входа"]);

    await chips(page).locator("summary").click();
    await arrived(page, "#filter-operator");
    await page.selectOption("#filter-operator", "is");
    await page.fill("#filter-value", "Казань");
    await page.locator(".condition").getByRole("button", { name: says.apply }).click();
    await page.waitForURL(/%3D%3D/);
    assert.equal(filter(page), 'account.city == "Казань"');
    assert.match(await chips(page).innerText(), says.chip);
    assert.deepEqual(await rows(page), ["Стенд у входа"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${locale}: dates have periods, links their picker, tags and people theirs`, async () => {
    const world = worlds[locale];
    const { page, complaints, close } = await openSignedIn(world, "/deals", { locale: language(locale) });
    const make = async (name, fill) => {
      await page.goto(`${world.url}/deals`);
      await page.locator("summary[data-filter]").click();
      await field(page, name).click();
      await page.locator("#filter-operator").waitFor();
      await fill();
      await page.locator(".condition").getByRole("button", { name: says.apply }).click();
      await page.waitForURL(/filter=/);
      return filter(page);
    };
    const made = await make("created_at", () => page.selectOption("#filter-within", "today"));
    assert.equal(made, '(created_at >= today() && created_at < today() + duration("P1D"))');
    assert.match(await chips(page).innerText(), new RegExp(says.today));
    assert.equal((await rows(page)).length, 3);

    const closing = await make("close_date", async () => {
      assert.equal(await page.locator("#filter-value").isVisible(), false, "a period asks for no day");
      await page.selectOption("#filter-operator", "at_least");
      await page.fill("#filter-value", "2031-05-20");
    });
    assert.equal(closing, 'close_date >= "2031-05-20"');
    assert.deepEqual(await rows(page), ["Стенд у входа"]);

    const linked = await make("account", async () => {
      await page.locator(".condition .entry").fill("ромашка");
      await page.locator(".picks:popover-open [data-value]").filter({ hasText: "Ромашка" }).click();
      await check(page, `filters-link-${locale}-desktop-light`);
    });
    assert.equal(linked, `account == "${world.account.id}"`);
    assert.match(await chips(page).innerText(), /Ромашка/);
    assert.deepEqual(await rows(page), ["Стенд у входа"]);

    const tagged = await make("tags", () => page.fill("#filter-value", "vip, друг"));
    assert.equal(tagged, '("vip" in tags || "друг" in tags)');
    assert.deepEqual(await rows(page), ["Стенд у входа"]);

    const mine = await make("owner", () => page.locator('.condition input[value="me"]').check());
    assert.equal(mine, "owner == me()");
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("what the form does not know stays as it is written, and is changed as a text", async () => {
  const world = worlds.ru;
  const { page, complaints, close } = await openSignedIn(world, "/deals");
  await page.waitForURL(/deals/);
  await page.goto(under(world, 'size(account.city) == 6 && has(amount)'));
  assert.deepEqual(await rows(page), ["Стенд у входа"]);
  await chips(page).first().locator("summary").click();
  await arrived(page, "#filter-text");
  assert.equal(await page.inputValue("#filter-text"), "size(account.city) == 6");
  await page.fill("#filter-text", 'account.city == "Пермь" || !has(account)');
  await page.locator(".condition").getByRole("button", { name: "Применить" }).click();
  await page.waitForURL(/%7C%7C/);
  assert.equal(filter(page), '(account.city == "Пермь" || !has(account)) && has(amount)');
  assert.equal((await rows(page)).length, 2);
  assert.deepEqual(complaints, []);
  await close();
});

test("without script a chip leads to its form, and goes by its cross", async () => {
  const world = worlds.ru;
  const { page, close } = await openSignedIn(world, "/deals", { script: false });
  await page.goto(under(world, 'amount >= "50000"'));
  await chips(page).locator("summary").click();
  await chips(page).getByRole("link", { name: "Изменить" }).click();
  await page.fill("#filter-value", "200000");
  await page.locator(".condition button").click();
  await page.waitForURL(/200000/);
  assert.deepEqual(await rows(page), ["Стенд у входа"]);
  await checkFit(page, "filters-no-script-ru-desktop-light");
  await page.locator("summary[data-filter]").click();
  await field(page, "readiness").click();
  await page.locator('.condition input[value="hot"]').check();
  await page.locator(".condition button").click();
  await page.waitForURL(/readiness/);
  assert.equal(filter(page), 'amount >= "200000" && readiness == "hot"');
  assert.deepEqual(await rows(page), ["Стенд у входа"]);
  await chips(page).first().locator(".off").click();
  await page.waitForURL((url) => !url.search.includes("amount"));
  assert.deepEqual(await rows(page), ["Стенд в зале", "Стенд у входа"].sort());
  await close();
});

test("on a phone everything of the bar unfolds; cards are sorted and picked; labels are not broken", async () => {
  const world = worlds.ru;
  for (const theme of ["light", "dark"]) {
    const { page, complaints, close } = await openSignedIn(world, "/deals", { screen: "phone", theme });
    await page.waitForURL(/deals/);
    await look(page, "phone", theme);
    await page.goto(under(world, 'amount >= "50000" && (readiness == "hot" || has(account))'));
    const rights = await page.locator(".bar.of-list > :visible, .bar.of-list > .tools > :visible").evaluateAll((parts) =>
      parts.map((part) => part.getBoundingClientRect().right));
    assert.ok(rights.every((right) => right <= screens.phone.width), `nothing waits behind the edge: ${rights}`);
    const height = (await page.locator(".bar.of-list").boundingBox()).height;
    assert.ok(height < 260, `the bar is ${height} high`);
    await page.locator(".tools-fold").click();
    await check(page, `filters-ru-phone-${theme}`);

    await page.locator("summary", { hasText: "Порядок" }).click();
    await isInside(page, ".for-cards .pop");
    await checkFit(page, `filters-sort-ru-phone-${theme}`);
    await page.locator(".for-cards .pop a", { hasText: "Сумма" }).click();
    await page.waitForURL(/sort=amount/);
    assert.deepEqual((await page.locator("tbody .name a").allInnerTexts()).map((name) => name.trim()), ["Стенд в зале", "Стенд у входа"]);

    await page.locator(".tools-fold").click();
    await page.locator("[data-pick-all]").check();
    assert.equal(await page.locator("tbody .pick input:checked").count(), 2);
    await page.locator("tbody .pick input").first().uncheck();
    assert.equal(await page.locator("[data-pick-all]").evaluate((box) => box.indeterminate), true);

    await chips(page).first().locator("summary").click();
    await page.locator("#filter-operator").waitFor();
    await isInside(page, ".condition");
    await check(page, `filters-form-ru-phone-${theme}`);
    await page.keyboard.press("Escape");
    const breaks = await page.locator(".grid tbody td[data-label]").evaluateAll((cells) =>
      cells.map((cell) => getComputedStyle(cell, "::before")).map((style) => `${style.overflowWrap} ${style.wordBreak}`));
    assert.ok(breaks.every((rule) => rule === "normal keep-all"), breaks.join());
    assert.deepEqual(complaints, []);
    await close();
  }
});
