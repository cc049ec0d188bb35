// Settings → Processes: a stage put on the road, a move with its condition, the wait of orders in words; by pointer, by keys,
// without script, on a phone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, look, open, openSignedIn, signIn } from "./browser.mjs";
import { conference, order, start } from "./plenary.mjs";

let plenary, deal;
before(async () => {
  plenary = await start();
  deal = await plenary.api("POST", "/api/v1/deals", { name: "Стенд на весну", pipeline: "sponsorship" });
});
after(() => plenary.stop());

const flow = (name) => plenary.api("GET", `/api/v1/meta/processes/${name}`);

test("a stage is added by keys and the deal on its way meets it", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/processes");
  await page.waitForURL(/settings\/processes/);
  await page.getByRole("link", { name: "Стадии сделки" }).waitFor();
  await check(page, "processes-ru-desktop-light");
  await page.getByRole("link", { name: "Стадии сделки" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/processes\/deals$/);
  await check(page, "process-ru-desktop-light");
  await page.getByRole("link", { name: "Новая стадия" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/new-state/);
  await page.fill("#label_ru", "Юристы");
  await page.fill("#label_en", "Lawyers");
  await page.fill("#name", "legal");
  await page.selectOption("#after", "event");
  await check(page, "process-new-state-ru-desktop-light");
  await page.getByRole("button", { name: "Что изменится" }).click();
  await page.getByText("Пока ничего не изменено.").waitFor();
  assert.equal((await flow("deals")).states.some(({ name }) => name === "legal"), false);
  await page.press("#name", "Enter");
  await page.waitForURL(/processes\/deals$/);
  const { states, transitions } = await flow("deals");
  assert.deepEqual(states.slice(0, 3).map(({ name }) => name), ["event", "legal", "price"]);
  assert.equal(transitions.find(({ key }) => key === "advance.legal").to, "price");
  await page.goto(`${plenary.url}/deals/${deal.id}`);
  await page.locator(".path li", { hasText: "Юристы" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("the condition of a move is judged when it is saved", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/processes/deals/moves/win.closing.won");
  await page.waitForURL(/moves\/win/);
  await page.fill("#guard", "amount ==");
  await page.locator("#move .main-action").click();
  await page.locator("#guard-error").waitFor();
  await check(page, "process-move-refused-ru-desktop-light");
  await page.fill("#guard", "has(amount)");
  await page.selectOption("#by", "roles");
  await page.locator("#role input[value=head_of_sales]").check();
  await page.locator("#asks input[value=close_date]").check();
  await page.locator("#move .main-action").click();
  await page.waitForURL(/processes\/deals$/);
  const win = (await flow("deals")).transitions.find(({ key }) => key === "win.closing.won");
  assert.deepEqual([win.guard, win.by, win.asks], ["has(amount)", { roles: ["head_of_sales"] }, ["close_date"]]);
  assert.equal(complaints.filter((line) => !line.includes("422")).length, 0, complaints.join("\n"));
  await close();
});

test("orders wait as long as is said, without script and in English", async () => {
  const { page, close } = await open({ script: false, locale: "en-US" });
  await signIn(page, plenary.url, "/settings/processes/orders");
  await page.waitForURL(/processes\/orders/);
  await page.fill("#after-payment_wait", "2 days");
  await follow(page, () => page.locator("form", { has: page.locator("#after-payment_wait") }).locator("button").first().click());
  assert.equal((await flow("orders")).timers[0].after, "P2D");
  assert.equal(await page.locator("a[href$='new-state']").count(), 0);
  await close();
});

test("a longer wait is rehearsed on a copy before it is saved", async () => {
  const { hall } = await conference(plenary);
  await order(plenary, hall, "Вера Иванова", "vera@example.org");
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/processes/orders");
  await page.waitForURL(/processes\/orders/);
  const before = (await flow("orders")).timers[0].after;
  await page.fill("#after-payment_wait", "5 дней");
  const form = page.locator("form", { has: page.locator("#after-payment_wait") });
  await form.getByText("Репетиция на копии").click();
  await page.selectOption("#ahead-payment_wait", "P30D");
  await form.getByRole("button", { name: "Отрепетировать" }).click();
  await page.locator("#rehearsal").waitFor();
  await page.getByRole("row", { name: /Ждёт оплаты → Аннулирован/ }).waitFor();
  assert.equal(await page.inputValue("input[name=after]"), "5 дней");
  assert.equal((await flow("orders")).timers[0].after, before);
  await check(page, "process-rehearsed-ru-desktop-light");
  await look(page, "phone", "dark");
  await checkFit(page, "process-rehearsed-ru-phone-dark");
  assert.deepEqual(complaints, []);
  await close();
});

test("a stage is moved and retired, and every screen fits", async () => {
  const { page, close } = await openSignedIn(plenary, "/settings/processes/deals");
  await page.waitForURL(/processes\/deals/);
  await page.getByRole("button", { name: "Ниже: Юристы" }).click();
  await page.waitForFunction(() => [...document.querySelectorAll("td code")].findIndex((code) => code.textContent === "legal") === 2);
  for (const [screen, theme] of [["desktop", "dark"], ["tablet", "light"], ["phone", "light"], ["phone", "dark"]]) {
    await look(page, screen, theme);
    for (const [path, name] of [["", "list"], ["/deals", "one"], ["/deals/states/legal", "state"], ["/deals/moves/lose", "move"]]) {
      await page.goto(`${plenary.url}/settings/processes${path}`);
      await checkFit(page, `process-${name}-ru-${screen}-${theme}`);
    }
  }
  await page.goto(`${plenary.url}/settings/processes/deals/states/legal`);
  await check(page, "process-state-ru-phone-dark");
  await page.selectOption("#moves_to", "event");
  await follow(page, () => page.getByRole("button", { name: "Убрать в запас" }).click());
  const { states, transitions } = await flow("deals");
  assert.equal(states.find(({ name }) => name === "legal").retired, true);
  assert.equal(transitions.some(({ to }) => to === "legal"), false);
  await close();
});

test("a check list is written on the page of a move, and ticked off on the record", async () => {
  const { api, url } = plenary;
  const lead = await api("POST", "/api/v1/leads", { name: "Игорь Список", phone: "+79211234567" });
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/processes/leads/moves/contact");
  await page.fill("#checklist", "Bad name = Позвонить | Call");
  await page.locator("#move .main-action").click();
  await page.locator("#checklist-error").waitFor();
  await check(page, "process-checklist-refused-ru-desktop-light");
  await page.fill("#checklist", "called = Позвонить | Call");
  await page.locator("#move .main-action").click();
  await page.waitForURL(/processes\/leads$/);
  await page.getByText("Позвонить").waitFor();
  await page.goto(`${url}/leads/${lead.id}`);
  await page.locator("#checks", { hasText: "не хватает" }).waitFor();
  await check(page, "record-checks-ru-desktop-light");
  await page.getByRole("link", { name: "Отметить" }).click();
  await page.locator("dialog [value=called]").check();
  await page.locator("dialog button.main-action").click();
  await page.locator("#checks", { hasText: "сделано" }).waitFor();
  await api("POST", `/api/v1/leads/${lead.id}/transitions/contact`, {});
  assert.deepEqual(complaints, []);
  await close();
});
