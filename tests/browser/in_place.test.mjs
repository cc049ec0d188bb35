// What others change takes its place at once: rows go to their group, an answer is put away from anywhere, Enter twice saves once.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, hold, listening, moment, openSignedIn } from "./browser.mjs";
import { either } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const make = (module, fields) => plenary.api("POST", `/api/v1/${module}`, fields);
const change = (module, id, fields) => plenary.api("PATCH", `/api/v1/${module}/${id}`, fields);
const plain = (text) => text.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");
const price = (amount) => ({ amount: `${amount}.00`, currency: "RUB" });

/** What stands in a list in groups, line by line: heads by their names in capitals, rows by theirs. */
const lines = (page) =>
  page.locator("#main .list tbody tr").evaluateAll((rows) => rows.map((row) => (row.matches(".group") ? row.querySelector("b").textContent.trim().toUpperCase() : row.querySelector(".name a")?.textContent.trim())));
const until = (page, wanted) =>
  page.waitForFunction((wanted) => {
    const rows = [...document.querySelectorAll("#main .list tbody tr")];
    const told = rows.map((row) => (row.matches(".group") ? row.querySelector("b").textContent.trim().toUpperCase() : row.querySelector(".name a")?.textContent.trim()));
    return JSON.stringify(told) === wanted;
  }, JSON.stringify(wanted));

test("a row goes to its other group where it stands, to a new one, and out of sight; heads and totals follow", async () => {
  const ids = {};
  for (const [name, day, amount] of [["А", "2026-11-03", 1], ["Б", "2026-11-20", 2], ["В", "2026-12-05", 4], ["Д", "2026-12-25", 8]]) {
    ids[name] = (await make("deals", { name, pipeline: "general", close_date: day, amount: price(amount * 1000) })).id;
  }
  const { page, complaints, close } = await openSignedIn(plenary, "/deals?sort=name&columns=name,amount&group=close_date.month");
  await page.waitForURL(/group=/);
  const [november, december, january] = either(["НОЯБРЬ 2026", "ДЕКАБРЬ 2026", "ЯНВАРЬ 2027"], ["NOVEMBER 2026", "DECEMBER 2026", "JANUARY 2027"]);
  assert.deepEqual(await lines(page), [november, "А", "Б", december, "В", "Д"]);
  await listening(page);

  // The column by which it is grouped is not shown: the row itself looks as before.
  await change("deals", ids["Б"], { close_date: "2026-12-10" });
  await until(page, [november, "А", december, "Б", "В", "Д"]);
  const head = (name) => page.locator("tr.group", { hasText: new RegExp(name, "i") });
  await head(december).getByText(either("3 записи", "3 records")).waitFor();
  assert.match(plain(await head(december).innerText()), /14[ ,]000/);

  await page.locator(`tr[data-id="${ids["Д"]}"] .name a`).focus();
  await change("deals", ids["Д"], { close_date: "2027-01-15" });
  await until(page, [november, "А", december, "Б", "В", january, "Д"]);
  assert.ok(await page.locator(`tr[data-id="${ids["Д"]}"] .name a`).evaluate((link) => link === document.activeElement), "the focus goes with its row");
  await head(january).getByText(either("1 запись", "1 record")).waitFor();

  await change("deals", ids["А"], { close_date: "2027-01-02" });
  await until(page, [december, "Б", "В", january, "А", "Д"]);
  await check(page, "regrouped-ru-desktop-light");

  // Into a folded group it goes, and out of it it comes.
  await head(january).locator(".fold").click();
  await until(page, [december, "Б", "В", january]);
  await change("deals", ids["В"], { close_date: "2027-01-20" });
  await until(page, [december, "Б", january]);
  await head(january).getByText(either("3 записи", "3 records")).waitFor();
  await change("deals", ids["А"], { close_date: "2026-12-01" });
  await until(page, [december, "А", "Б", january]);
  assert.deepEqual(complaints, []);
  await close();
});

test("what somebody else saved meanwhile is put away by Esc from anywhere", async () => {
  const { id } = await make("leads", { name: "Спорный Лид", company: "Было" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.waitForURL(/leads/);
  await page.locator("dl.fields dd", { hasText: "Было" }).locator("a.change").click();
  await page.fill("dd.edit [name=company]", "Моё");
  await change("leads", id, { company: "Чужое Название" });
  await page.press("dd.edit [name=company]", "Enter");
  await page.locator(".conflict").waitFor();
  await page.locator("h1").click();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Escape");
  await page.locator(".conflict").waitFor({ state: "detached" });
  await page.locator("dl.fields dd", { hasText: "Чужое Название" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("Enter twice saves once and says so once", async () => {
  const { id } = await make("leads", { name: "Двойной Ввод", company: "Было" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.waitForURL(/leads/);
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && request.url().includes("/edit") && sent.push(request.url()));
  // So that the second comes while the first is under way.
  const letGo = await hold(page, /edit\?field=company/);
  await page.locator("dl.fields dd", { hasText: "Было" }).locator("a.change").click();
  await page.fill("dd.edit [name=company]", "Стало");
  await page.press("dd.edit [name=company]", "Enter");
  await page.press("dd.edit [name=company]", "Enter");
  letGo();
  await page.locator("dl.fields dd", { hasText: "Стало" }).waitFor();
  await page.locator(".toast").first().waitFor();
  await moment(page);
  assert.equal(sent.length, 1, sent.join("\n"));
  assert.equal(await page.locator(".toast").count(), 1);
  assert.deepEqual(complaints, []);
  await close();
});

test("what others do takes nothing from under the pointer, and the focus not from what has it", async () => {
  const { id } = await make("leads", { name: "Под Рукой", company: "Было" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.waitForURL(/leads/);
  await listening(page);
  const company = page.locator("dl.fields dd", { hasText: "Было" });
  const need = page.locator("dl.fields dd", { hasText: "Стенд у входа" });
  await company.locator("a.change").hover();
  await page.mouse.down();
  const asked = page.waitForResponse((answer) => answer.url() === page.url());
  await change("leads", id, { need: "Стенд у входа" });
  await (await asked).finished();
  await moment(page);
  assert.equal(await need.count(), 0, "it waits");
  await page.mouse.up();
  await need.waitFor();
  await page.locator("dd.edit [name=company]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dd.edit").waitFor({ state: "detached" });

  const button = page.locator("#main > .top .actions > form .main-action");
  const called = await button.innerText();
  await button.focus();
  await change("leads", id, { name: "Под Другой Рукой" });
  await page.locator("h1", { hasText: "Под Другой Рукой" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.innerText), called, "what had the focus has it");
  assert.deepEqual(complaints, []);
  await close();
});
