// A board and a calendar: carried by the pointer, moved by the keyboard on either layout, asked, refused, taken back.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, look, openSignedIn, screens } from "./browser.mjs";
import { either, language, once, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const make = (module, fields) => plenary.api("POST", `/api/v1/${module}`, fields);
const stored = (module, id) => plenary.api("GET", `/api/v1/${module}/${id}`);
const card = (page, id) => page.locator(`#card-${id}`);
const column = (page, stage) => page.locator(`.col[data-to="${stage}"]`);
const inColumn = (page, stage, id) => column(page, stage).locator(`#card-${id}`).and(page.locator(":not([aria-busy])")).waitFor();

/** Carries something to a place with the mouse. */
async function carry(page, from, to) {
  const [here, there] = [await from.boundingBox(), await to.boundingBox()];
  await page.mouse.move(here.x + here.width / 2, here.y + here.height - 6);
  await page.mouse.down();
  await page.mouse.move(here.x + here.width / 2 + 12, here.y + here.height - 2, { steps: 2 });
  await page.mouse.move(there.x + there.width / 2, there.y + Math.min(there.height / 2, 90), { steps: 6 });
  await page.mouse.up();
}

test("a card is carried to the next stage, and back by its toast", async () => {
  const { id } = await make("leads", { name: "Ольга Лебедева", company: "ООО «Волга»", readiness: "hot" });
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.getByRole("link", { name: t("Доска") }).click();
  await page.waitForURL(/as=board/);
  await carry(page, card(page, id), column(page, "contacted"));
  await inColumn(page, "contacted", id);
  assert.equal((await stored("leads", id)).status, "contacted");
  // The count follows.
  await column(page, "contacted").locator("> header", { hasText: "1" }).waitFor();
  const toast = page.locator(".toast", { hasText: either("«Ольга Лебедева»: Контакт установлен", "“Ольга Лебедева”: Contacted") });
  await follow(page, () => toast.getByRole("button", { name: t("Вернуть как было") }).click());
  await inColumn(page, "new", id);
  assert.equal((await stored("leads", id)).status, "new");

  // What is an operation of its own opens its sheet.
  await carry(page, card(page, id), column(page, "converted"));
  await page.getByRole("dialog").getByRole("button", { name: either("Сделать клиентом", "Convert") }).waitFor();
  await page.keyboard.press("Escape");
  await inColumn(page, "new", id);

  const bad = { source: "form", module: "leads", fields: { name: "Пётр Ли", email: "нет" } };
  const { rejected } = await plenary.api("POST", "/api/v1/intake", bad);
  await page.goto(`${plenary.url}/rejected_requests?as=board`);
  await carry(page, card(page, rejected.id), column(page, "resubmitted"));
  await page.locator(".toast.bad", { hasText: either("выполняется автоматически", "happens by itself") }).waitFor();
  await inColumn(page, "waiting", rejected.id);
  await check(page, "board-refused-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

test("what a stage asks is asked on the way, by keyboard alone", async () => {
  const { id } = await make("leads", { name: "Пётр Ли", email: "petr@board.example" });
  await plenary.api("POST", `/api/v1/leads/${id}/transitions/contact`, {});
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?as=board");
  const link = card(page, id).locator("b a");
  await link.focus();
  await page.keyboard.press("Shift+ArrowRight");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await check(page, "board-asks-ru-desktop-light");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await inColumn(page, "contacted", id);
  assert.ok(await link.evaluate((one) => one === document.activeElement), "the focus stays with the card");

  await page.keyboard.press("Shift+ArrowRight");
  await dialog.waitFor();
  await dialog.locator("form").evaluate((form) => { form.noValidate = true; });
  await dialog.locator("[name=company]").fill("ООО «Ромашка»");
  await dialog.locator("button.main-action").click();
  await dialog.locator("#need-error").waitFor();
  assert.equal(await dialog.locator("[name=company]").inputValue(), "ООО «Ромашка»");
  await dialog.locator("[name=need]").fill("Стенд");
  await dialog.locator("button.main-action").click();
  await inColumn(page, "qualified", id);
  assert.equal((await stored("leads", id)).need, "Стенд");
  await page.waitForFunction((id) => document.activeElement?.closest(`#card-${id}`), id);

  await page.keyboard.press("Shift+ArrowLeft");
  await page.locator(".toast.bad", { hasText: either("нельзя перейти", "Nothing goes from") }).waitFor();
  await inColumn(page, "qualified", id);
  await page.keyboard.press("ArrowLeft");
  assert.ok(await page.evaluate(() => document.activeElement.closest(".col:not([data-to=qualified]) .card") !== null), "arrows alone only walk");
  await page.keyboard.press("?");
  await page.locator("#shortcuts", { hasText: either("Перенести карточку", "Move a card") }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

once("without script a card has its moves as buttons", async () => {
  const { id } = await make("leads", { name: "Anna Plain", email: "anna@board.example" });
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  const { page, close } = await openSignedIn(plenary, "/leads?as=board&q=plain", { script: false, locale: "en" });
  await card(page, id).hover();
  await card(page, id).locator("summary").click();
  await card(page, id).getByRole("button", { name: "Contacted" }).click();
  await page.waitForURL(/as=board/);
  assert.equal(new URL(page.url()).searchParams.get("q"), "plain", "one comes back to where one was");
  await inColumn(page, "contacted", id);
  await card(page, id).hover();
  await card(page, id).locator("summary").click();
  await card(page, id).getByRole("button", { name: "Qualify" }).click();
  await page.fill("[name=company]", "Volga");
  await page.fill("[name=need]", "A booth");
  await page.locator("main button.main-action").click();
  await page.waitForURL(/as=board/);
  await inColumn(page, "qualified", id);
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  await close();
});

test("a promised call is carried to another day, and the reason is asked", async () => {
  const call = await make("activities", { subject: "Созвон с Ольгой", kind: "call", due_at: "2027-02-10T09:00:00Z" });
  const task = await make("activities", { subject: "Собрать пакет", kind: "task", due_at: "2027-02-10T12:00:00Z" });
  const { page, complaints, close } = await openSignedIn(plenary, "/activities?as=calendar&on=2027-02-01");
  const event = (name) => page.locator(".event", { hasText: name });
  const day = (at) => page.locator(`td[data-at="${at}"]`);
  await carry(page, event("Собрать пакет"), day("2027-02-12"));
  await day("2027-02-12").locator(".event", { hasText: "Собрать пакет" }).waitFor();
  assert.equal((await stored("activities", task.id)).due_at, "2027-02-12T12:00:00Z");

  // At once: what was moved before may still bring the calendar up to date.
  await event("Созвон с Ольгой").press("Shift+ArrowRight");
  const dialog = page.getByRole("dialog");
  await dialog.locator("[name=result_reason]").fill("Ольга в отпуске");
  await check(page, "calendar-asks-ru-desktop-light");
  await dialog.locator("button.main-action").click();
  await day("2027-02-11").locator(".event", { hasText: "Созвон с Ольгой" }).waitFor();
  const moved = await stored("activities", call.id);
  assert.deepEqual([moved.due_at, moved.result_reason], ["2027-02-11T09:00:00Z", "Ольга в отпуске"]);

  await day("2027-02-18").click({ position: { x: 60, y: 70 } });
  const quick = page.locator("dialog.quick");
  await quick.waitFor();
  assert.equal(await quick.locator("[name=due_at]").inputValue(), "2027-02-18T10:00");
  assert.match(page.url(), /as=calendar/, "a free day is filled in over the calendar");
  assert.deepEqual(complaints, []);
  await close();
});

once("boards, calendars and timelines fit every screen, in both languages", async () => {
  const account = await make("accounts", { name: "ПАО «Северо-Западный телекоммуникационный консорциум»", kind: "organisation" });
  for (const [index, stage] of ["Генеральный спонсор и 30 билетов", "Стенд", "Афтепати"].entries()) {
    await make("deals", { name: stage, pipeline: "sponsorship", account: account.id, amount: { amount: `${(index + 1) * 540000}.00`, currency: "RUB" }, readiness: index ? "hot" : "warm", close_date: "2026-01-10" });
  }
  await make("events", { name: "JavaВесна 2027", kind: "conference", starts_on: "2027-02-11", ends_on: "2027-02-14", status: "draft" });
  const pages = {
    board: "/deals?as=board", month: "/activities?as=calendar&on=2027-02-10", week: "/activities?as=calendar&span=week&on=2027-02-10",
    day: "/activities?as=calendar&span=day&on=2027-02-11", agenda: "/activities?as=calendar&span=agenda&on=2027-02-10", timeline: "/events?as=timeline&on=2027-02-01",
  };
  for (const locale of ["ru", "en"]) {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, "/leads", { locale });
    for (const [name, address] of Object.entries(pages)) {
      for (const [screen, theme] of Object.keys(screens).flatMap((screen) => [[screen, "light"], [screen, "dark"]])) {
        await look(page, screen, theme);
        await page.goto(plenary.url + address);
        const grave = locale === "ru" && screen !== "tablet";
        await (grave ? check : checkFit)(page, `${name}-${locale}-${screen}-${theme}`);
      }
    }
    assert.deepEqual(complaints, []);
    await close();
  }
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
});
