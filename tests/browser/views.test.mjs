// Lists people live in: saved views, columns, groups and totals, cells changed in their place, acts on many, rows that
// come in while one scrolls. By pointer and by keyboard, in both languages.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, look, open, openSignedIn, signIn } from "./browser.mjs";
import { either, language, once, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  const money = (amount, currency = "RUB") => ({ amount, currency });
  const deals = Array.from({ length: 70 }, (_, index) => ({
    op: "create",
    fields: {
      name: `Сделка ${String(index + 1).padStart(3, "0")}`, pipeline: index % 3 ? "sponsorship" : "general",
      amount: money(`${1000 * (index + 1)}.00`, index % 10 ? "RUB" : "EUR"),
    },
  }));
  await plenary.api("POST", "/api/v1/deals/batch", { atomic: true, operations: deals });
  const leads = Array.from({ length: 12 }, (_, index) => ({
    op: "create", fields: { name: `Лид ${String(index + 1).padStart(2, "0")}`, company: index % 2 ? "Вектор" : "Ядро", readiness: index % 3 ? "hot" : "cold" },
  }));
  await plenary.api("POST", "/api/v1/leads/batch", { atomic: true, operations: leads });
});
after(() => plenary.stop());

const names = (page) => page.locator("tbody tr[data-id] .name a").allInnerTexts();
const cell = (page, row, field) => page.locator("tbody tr[data-id]", { hasText: row }).locator(`td[data-field=${field}]`);

test("a view is kept, found as a tab and in the menu, changed and removed", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=name");
  await page.waitForURL(/leads/);
  await page.locator(".bar summary", { hasText: t("Готовность") }).click();
  await page.locator(".bar .pop a", { hasText: t("Горячий") }).click();
  await page.waitForURL(/filter=/);
  await page.locator(".bar summary", { hasText: t("Сохранить вид") }).click();
  await page.fill("#new-view-name", "Горячие");
  await page.selectOption("#new-view-audience", "all");
  await page.keyboard.press("Tab");
  await page.locator(".keep button", { hasText: t("Сохранить") }).click();
  await page.waitForURL(/view=/);
  const address = page.url();
  assert.equal((await names(page)).length, 8);
  assert.equal(await page.locator(".tabs a[aria-current]").innerText().then((text) => text.split("\n")[0].trim()), "Горячие");
  await check(page, "views-ru-desktop-light");
  await page.locator(".tabs a", { hasText: t("Все записи") }).click();
  await page.waitForURL(`${plenary.url}/leads`);
  await page.locator(".side-menu a.of-module", { hasText: "Горячие" }).click();
  await page.waitForURL(address);
  await page.locator("thead a", { hasText: either("Имя", "Name") }).click();
  await page.waitForURL(/sort=-name/);
  await page.locator(".keep summary").click();
  await page.locator(".keep form", { hasText: either("отличаются", "differs") }).getByRole("button", { name: t("Сохранить") }).click();
  await page.waitForURL(address);
  assert.equal((await names(page))[0].trim(), "Лид 12");
  await page.locator(".keep summary").click();
  await page.getByRole("button", { name: t("Удалить вид") }).click();
  await page.waitForURL(`${plenary.url}/leads`);
  assert.equal(await page.locator(".tabs a", { hasText: "Горячие" }).count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("columns are moved and hidden, without script as well", async () => {
  const { page, close } = await open({ script: false });
  await signIn(page, plenary.url, "/leads?columns=name,company,source");
  await page.waitForURL(/columns/);
  await page.locator(".bar summary", { hasText: t("Столбцы") }).click();
  await page.getByRole("button", { name: either("Выше: Источник", "Up: Source") }).click();
  await page.waitForURL(/open=columns/);
  assert.deepEqual((await page.locator("thead th:not(.pick)").allInnerTexts()).map((text) => text.trim()), [either("Имя", "Name"), t("Источник"), t("Компания")]);
  await page.locator(".columns label", { hasText: t("Источник") }).click();
  await page.locator(".columns label", { hasText: new RegExp(`^\\s*${t("Телефон")}\\s*$`) }).click();
  await page.locator(".columns button", { hasText: t("Применить") }).last().click();
  await page.waitForURL((url) => !url.search.includes("open"));
  assert.deepEqual((await page.locator("thead th:not(.pick)").allInnerTexts()).map((text) => text.trim()), [either("Имя", "Name"), t("Компания"), t("Телефон")]);
  assert.equal(await page.locator(".pager").isVisible(), true);
  await close();
});

once("groups with their sums, totals by currency, rows that come in", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  const { page, complaints, close } = await openSignedIn(plenary, "/deals?sort=name&columns=name,amount,pipeline", { locale: "en" });
  await page.waitForURL(/deals/);
  const foot = await page.locator("tfoot").innerText();
  assert.match(foot, /70 records/);
  assert.match(foot.replaceAll("\u00a0", " "), /217,000/);
  assert.equal((await names(page)).length, 50);
  await page.locator("tbody tr.more").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr[data-id]").length === 70);
  assert.equal((await names(page)).at(-1).trim(), "Сделка 070");
  const away = await page.getByRole("link", { name: "Сделка 060", exact: true }).getAttribute("href");
  await page.locator("tbody tr[data-id]").last().scrollIntoViewIfNeeded();
  await page.goto(plenary.url + away);
  await page.locator("h1", { hasText: "Сделка 060" }).waitFor();
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr[data-id]").length === 70);
  await page.waitForFunction(() => (document.querySelector(".list > .scroll")?.scrollTop ?? 0) > 300);
  await page.locator(".bar summary", { hasText: "Group" }).click();
  await page.locator(".bar .group-by a", { hasText: "Pipeline" }).click();
  await page.waitForURL(/group=pipeline/);
  assert.equal(await page.locator("tr.group").count(), 2);
  assert.match((await page.locator("tr.group").first().innerText()), /records/);
  await check(page, "groups-en-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
});

test("a cell is changed by the keyboard and by the pointer; a refusal stays in it", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=name");
  await page.waitForURL(/leads/);
  const table = page.locator("table[data-cells]");
  await page.keyboard.press("KeyJ");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const control = page.locator("td.edit input[name=company]");
  await control.waitFor();
  assert.equal(await control.evaluate((input) => document.activeElement === input), true);
  await page.keyboard.type("Эпсилон");
  await page.keyboard.press("Escape");
  await control.waitFor({ state: "detached" });
  assert.match(await cell(page, "Лид 01", "company").innerText(), /Ядро/);
  await page.keyboard.press("Enter");
  await control.waitFor();
  await page.keyboard.type("Эпсилон");
  await page.keyboard.press("Enter");
  await control.waitFor({ state: "detached" });
  assert.match(await cell(page, "Лид 01", "company").innerText(), /Эпсилон/);
  await page.locator(".toast", { hasText: t("Сохранено") }).waitFor();
  // One goes on from the cell that was saved.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await control.waitFor();
  await page.keyboard.type("Гамма");
  await page.locator("h1").click();
  await control.waitFor({ state: "detached" });
  assert.match(await cell(page, "Лид 02", "company").innerText(), /Гамма/, "leaving the cell saves");

  await cell(page, "Лид 03", "email").click();
  const mail = page.locator("td.edit input[name=email]");
  await mail.waitFor();
  await page.keyboard.type("не почта");
  await page.keyboard.press("Enter");
  await page.locator("td.edit .error").waitFor();
  assert.equal(await mail.inputValue(), "не почта");
  await check(page, "cell-refused-ru-desktop-light");
  await mail.fill("lead@example.org");
  await page.keyboard.press("Enter");
  await mail.waitFor({ state: "detached" });
  assert.match(await cell(page, "Лид 03", "email").innerText(), /lead@example.org/);

  await cell(page, "Лид 04", "readiness").click();
  await page.locator("td.edit select").selectOption("warm");
  await page.locator("td.edit").waitFor({ state: "detached" });
  assert.match(await cell(page, "Лид 04", "readiness").innerText(), new RegExp(t("Тёплый")));
  await follow(page, () => page.locator(".toast button", { hasText: t("Вернуть как было") }).click());
  assert.match(await cell(page, "Лид 04", "readiness").innerText(), new RegExp(t("Холодный")));
  assert.deepEqual(complaints, []);
  await close();
});

test("many are picked by keys and Shift, changed together and taken back", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=name");
  await page.waitForURL(/leads/);
  await page.keyboard.press("KeyJ");
  await page.keyboard.press("KeyX");
  const ticked = () => page.locator("tbody .pick input").evaluateAll((all) => all.flatMap((box, at) => (box.checked ? [at] : [])));
  assert.deepEqual(await ticked(), [0]);
  await page.locator("tbody .pick input").nth(3).click({ modifiers: ["Shift"] });
  assert.deepEqual(await ticked(), [0, 1, 2, 3], "Shift and the pointer tick a range");
  // Two rows further by keys, from where the pointer was.
  for (const key of ["KeyJ", "KeyJ", "Shift+KeyX"]) await page.keyboard.press(key);
  assert.deepEqual(await ticked(), [0, 1, 2, 3, 4, 5], "and so do Shift and the key");
  await page.keyboard.press("KeyX");
  assert.deepEqual(await ticked(), [0, 1, 2, 3, 4], "without Shift one row");
  const bar = page.locator(".bulk");
  await bar.waitFor();
  const picked = 5;
  assert.match(await bar.innerText(), new RegExp(`${either("Выбрано\\s*", "Picked\\s*")}${picked}`));
  await check(page, "bulk-ru-desktop-light");
  await bar.getByRole("button", { name: t("Изменить поле") }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.locator("select").selectOption("source");
  await dialog.locator("button.main-action").click();
  await dialog.locator("input[name=source]").fill("Выставка");
  await check(page, "bulk-dialog-ru-desktop-light");
  await follow(page, () => page.keyboard.press("Enter"));
  await page.locator(".toast", { hasText: either("Измен", "changed") }).waitFor();
  assert.equal(await page.locator("tbody td", { hasText: "Выставка" }).count(), picked);
  await follow(page, () => page.locator(".toast button", { hasText: t("Вернуть как было") }).click());
  assert.ok(!(await page.locator("body").innerText()).includes("Выставка"));

  await page.goto(`${plenary.url}/deals`);
  await page.locator("thead .pick input").click();
  await bar.locator("label", { hasText: either("все 70", "all 70") }).click();
  await bar.getByRole("button", { name: t("В корзину") }).click();
  const all = page.locator("dialog[open]", { hasText: either("Выбрано 70 записей", "70 records are picked") });
  await follow(page, () => all.locator("button.main-action").click());
  await page.locator(".toast", { hasText: either("В корзине 70 записей", "70 records moved to the bin") }).waitFor();
  await page.locator(".empty").waitFor();
  await follow(page, () => page.locator(".toast button", { hasText: t("Вернуть как было") }).click());
  await page.waitForFunction(() => document.querySelectorAll("tbody tr[data-id]").length >= 50);
  assert.deepEqual(complaints, []);
  await close();
});

test("an act on many that was done in part says to which records, and why not to the others", async () => {
  const [one, other] = [await plenary.api("POST", "/api/v1/leads", { name: "Часть 1", email: "part@example.org" }), await plenary.api("POST", "/api/v1/leads", { name: "Часть 2" })];
  await plenary.api("POST", `/api/v1/leads/${one.id}/transitions/contact`, {});
  const { page, complaints, close } = await openSignedIn(plenary, `/leads?filter=${encodeURIComponent('name.startsWith("Часть")')}`);
  await page.waitForURL(/filter=/);
  await page.locator("thead .pick input").click();
  await page.locator(".bulk").getByRole("button", { name: t("Сменить стадию") }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.locator("select").selectOption("qualify");
  await dialog.locator("button.main-action").click();
  await dialog.locator("[name=company]").fill("Ядро");
  await dialog.locator("[name=need]").fill("Стенд");
  await dialog.locator("button.main-action").click();
  await page.waitForURL(/\/leads\/bulk$/);
  assert.match(await page.locator("main").innerText(), either(/Изменено: 1\. Не получилось: 1/, /Changed: 1\. Refused: 1/));
  assert.match(await page.locator("main .note.bad").innerText(), /^Часть 2: /);
  await check(page, "bulk-partly-ru-desktop-light");
  await look(page, "phone", "dark");
  await check(page, "bulk-partly-ru-phone-dark");
  await page.locator("main .actions a").click();
  await page.waitForURL(/done=/);
  for (const [{ id }, status] of [[one, "qualified"], [other, "new"]]) assert.equal((await plenary.api("GET", `/api/v1/leads/${id}`)).status, status);
  assert.deepEqual(complaints, []);
  await close();
});

once("on a phone, and in the dark", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=name", { screen: "phone" });
  await page.waitForURL(/leads/);
  await page.locator("tbody .pick input").first().check();
  await page.locator(".bulk").waitFor();
  // At the end of the list the bar lies over no card.
  await page.locator(".pager").scrollIntoViewIfNeeded();
  await check(page, "bulk-ru-phone-light");
  await look(page, "phone", "dark");
  await page.goto(`${plenary.url}/deals?group=pipeline&sort=name`);
  await check(page, "groups-ru-phone-dark");
  await look(page, "desktop", "dark");
  await page.goto(`${plenary.url}/deals?group=pipeline&sort=name`);
  await check(page, "groups-ru-desktop-dark");
  await page.locator(".bar summary", { hasText: t("Столбцы") }).click();
  await checkFit(page, "columns-ru-desktop-dark");
  await page.keyboard.press("Escape");
  await page.locator(".keep summary").click();
  await check(page, "view-menu-ru-desktop-dark");
  assert.deepEqual(complaints, []);
  await close();
});
