// Live, quick to reach, nothing typed is lost: the palette, quick add, the panel, two people at once, failures.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, open, openSignedIn } from "./browser.mjs";
import { either, language, once, t } from "./languages.mjs";
import { admin, start } from "./plenary.mjs";

const colleague = { email: "boris@example.org", name: "Борис Ветров", password: "another-long-password" };
let plenary;
before(async () => {
  plenary = await start();
  await plenary.api("POST", "/api/v1/meta/users", { ...colleague, roles: ["administrator"] });
});
after(() => plenary.stop());

const lead = async (name, fields = {}) => (await plenary.api("POST", "/api/v1/leads", { name, ...fields })).id;
const stored = (id) => plenary.api("GET", `/api/v1/leads/${id}`);
const value = (root, label) => root.locator("dl.fields dt", { hasText: label }).locator("xpath=following-sibling::dd[1]");

/** Somebody else, at their own machine. */
async function another(path, email = colleague.email) {
  const visit = await open();
  await visit.page.goto(`${plenary.url}/sign-in?next=${encodeURIComponent(path)}`);
  await visit.page.fill("#email", email);
  await visit.page.fill("#password", colleague.password);
  await visit.page.click("button.main-action");
  await visit.page.waitForURL(`${plenary.url}${path}`);
  const send = (method, address, body) =>
    visit.page.evaluate(([method, address, body]) => fetch(address, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).then((answer) => answer.json()), [method, address, body]);
  return { ...visit, send };
}

/** Until the page is there with its script. */
const at = (page, path) => page.waitForFunction((path) => location.pathname === path && document.readyState === "complete", path);

test("the palette finds, goes and acts, by keys of any layout", async () => {
  const id = await lead("Зинаида Кузьмёнок", { company: "Северный ветер" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await at(page, `/leads/${id}`);
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyK", key: "л", ctrlKey: true, bubbles: true, cancelable: true })));
  const palette = page.locator("#palette:modal");
  await palette.waitFor();
  await check(page, "palette-ru-desktop-light");
  await page.keyboard.type(either("связ", "contacted"));
  await palette.getByRole("option", { name: t("Связались") }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".path [aria-current]", { hasText: t("Контакт установлен") }).waitFor();

  await page.goto(`${plenary.url}/deals`);
  await page.keyboard.press("/");
  await palette.waitFor();
  await palette.getByRole("option", { name: /Зинаида/ }).waitFor();
  await page.keyboard.type("кузьменок");
  const found = palette.getByRole("group", { name: t("Лид") }).getByRole("option");
  await found.waitFor();
  await check(page, "palette-found-ru-desktop-light");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  assert.equal(await palette.locator("[aria-selected=true]").count(), 1);
  await found.click();
  await page.waitForURL(`${plenary.url}/leads/${id}`);
  await page.keyboard.press("/");
  await palette.waitFor();
  await page.keyboard.type("ничегошеньки такого");
  await palette.getByText(either("Ничего не нашлось", "Nothing found")).waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await close();
});

once("the palette in English, on a phone, in the dark", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  const { page, complaints, close } = await openSignedIn(plenary, "/leads", { locale: "en", screen: "phone", theme: "dark" });
  await at(page, "/leads");
  await page.keyboard.press("Control+k");
  const palette = page.locator("#palette:modal");
  await palette.waitFor();
  await check(page, "palette-en-phone-dark");
  await page.keyboard.type("deals");
  await palette.getByRole("group", { name: "Go to" }).getByRole("option", { name: "Deals" }).click();
  await page.waitForURL(/\/deals$/);
  assert.deepEqual(complaints, []);
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  await close();
});

test("without scripts the box searches", async () => {
  await lead("Безскриптовый Лид");
  const { page, close } = await openSignedIn(plenary, "/leads", { script: false });
  await page.fill(".find input", "безскриптовый");
  await page.press(".find input", "Enter");
  await page.waitForURL(/\/search\?q=/);
  await page.getByRole("link", { name: "Безскриптовый Лид" }).waitFor();
  await close();
});

test("a record is added over the page; what is refused stays typed", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await at(page, "/leads");
  await page.keyboard.press("c");
  const dialog = page.locator("dialog.quick:modal");
  await dialog.locator("[name=name]").fill("Быстрый");
  await check(page, "quick-ru-desktop-light");
  await dialog.locator("[data-quick-module]").selectOption("contacts");
  await dialog.locator("form[action='/contacts/new']").waitFor();
  assert.equal(await dialog.locator("[name=name]").inputValue(), "Быстрый", "what was typed goes along");
  await dialog.locator("[data-quick-module]").selectOption("leads");
  await dialog.locator("form[action='/leads/new']").waitFor();
  await dialog.locator("[name=email]").fill("не почта");
  await dialog.locator("button.main-action").click();
  await dialog.locator("#email-error").waitFor();
  assert.equal(await dialog.locator("[name=email]").inputValue(), "не почта");
  await check(page, "quick-refused-ru-desktop-light");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.keyboard.press("c");
  await dialog.locator("[name=email]").waitFor();
  assert.equal(await dialog.locator("[name=email]").inputValue(), "не почта", "closed by mistake, it comes back");
  await dialog.locator("[name=email]").fill("quick@example.org");
  await dialog.locator("button.main-action").click();
  const toast = page.locator(".toast", { hasText: t("Сохранено") });
  await toast.waitFor();
  await page.locator("tbody tr", { hasText: "Быстрый" }).waitFor();
  const href = await toast.getByRole("link", { name: "Быстрый" }).getAttribute("href");
  await toast.getByRole("button", { name: t("Вернуть как было") }).click();
  await toast.waitFor({ state: "detached" });
  assert.ok((await plenary.api("GET", `/api/v1${href}`)).deleted_at, "taken back");
  assert.deepEqual(complaints, []);
  await close();
});

test("a row opens beside the list, with an address of its own", async () => {
  const ids = [await lead("Панель Первый"), await lead("Панель Второй")];
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await at(page, "/leads");
  await page.getByRole("link", { name: "Панель Второй" }).click();
  const panel = page.locator("#panel");
  await panel.locator("h1", { hasText: "Панель Второй" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("open"), ids[1]);
  await check(page, "panel-ru-desktop-light");
  await page.keyboard.press("j");
  await panel.locator("h1", { hasText: "Панель Первый" }).waitFor();
  await page.keyboard.press("k");
  await panel.locator("h1", { hasText: "Панель Второй" }).waitFor();
  await page.reload();
  await panel.locator("h1", { hasText: "Панель Второй" }).waitFor();
  await panel.getByRole("button", { name: t("Связались") }).click();
  await panel.locator(".path [aria-current]", { hasText: t("Контакт установлен") }).waitFor();
  await page.locator("#main tbody tr", { hasText: "Панель Второй" }).getByText(t("Контакт установлен")).waitFor();
  await page.goBack();
  await panel.waitFor({ state: "detached" });
  await page.goForward();
  await panel.locator("h1", { hasText: "Панель Второй" }).waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).search, "");
  await page.getByRole("link", { name: "Панель Второй" }).click();
  await panel.getByRole("link", { name: t("Открыть целиком") }).click();
  await page.waitForURL(`${plenary.url}/leads/${ids[1]}`);
  await page.locator(".top .place", { hasText: either("из", "of") }).waitFor();
  await page.keyboard.press("j");
  await page.waitForURL(`${plenary.url}/leads/${ids[0]}`);
  assert.deepEqual(complaints, []);
  await close();
});

test("two people on one list see each other's changes", async () => {
  const id = await lead("Живая Строка");
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await at(page, "/leads");
  const other = await another("/deals");
  await other.send("PATCH", `/api/v1/leads/${id}`, { company: "Соседняя правка" });
  await page.locator("tbody tr", { hasText: "Живая Строка" }).getByText("Соседняя правка").waitFor();
  await other.send("POST", "/api/v1/leads", { name: "Новый От Соседа" });
  const news = page.locator(".news");
  await news.getByText(either("Новые записи: 1", "New records: 1")).waitFor();
  assert.equal(await page.getByText("Новый От Соседа").count(), 0, "the list does not move under the hand");
  await check(page, "list-news-ru-desktop-light");
  await news.getByRole("button", { name: t("Показать") }).click();
  await page.locator("tbody tr", { hasText: "Новый От Соседа" }).waitFor();
  await other.close();
  assert.deepEqual(complaints, []);
  await close();
});

test("on one record as well, and what is being typed stays; a conflict shows mine, theirs and what was", async () => {
  const id = await lead("Спорный Лид", { company: "Было", source: "Сайт" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await at(page, `/leads/${id}`);
  await value(page, t("Компания")).locator("a.change").click();
  await page.fill("dd.edit [name=company]", "Моё");
  const other = await another("/deals");
  await other.send("PATCH", `/api/v1/leads/${id}`, { company: "Их", need: "Соседняя потребность" });
  await value(page, t("Потребности и пожелания")).getByText("Соседняя потребность").waitFor();
  await page.locator(".timeline", { hasText: "Соседняя потребность" }).waitFor();
  assert.equal(await page.inputValue("dd.edit [name=company]"), "Моё");
  await page.press("dd.edit [name=company]", "Enter");
  const conflict = page.locator(".conflict");
  await conflict.waitFor();
  const sides = (await conflict.locator(".option").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  assert.deepEqual(sides, [`${t("Моё")} Моё`, `${t("Чужое")} Их`, `${t("Было до правок")} Было`]);
  assert.match(await conflict.locator("legend").innerText(), /Борис Ветров/);
  await check(page, "conflict-ru-desktop-light");
  await conflict.locator("label", { hasText: t("Было до правок") }).click();
  await page.locator("dd.edit button.main-action").click();
  await page.locator("dd.edit").waitFor({ state: "detached" });
  assert.equal((await stored(id)).company, "Было");
  await other.close();
  assert.deepEqual(complaints, []);
  await close();
});

test("what is edited in its place survives a reload, with what it was opened with", async () => {
  const id = await lead("Черновик Лид", { company: "Было" });
  const { page, close } = await openSignedIn(plenary, `/leads/${id}`);
  await at(page, `/leads/${id}`);
  page.on("dialog", (dialog) => dialog.accept());
  await value(page, t("Компания")).locator("a.change").click();
  await page.fill("dd.edit [name=company]", "Недописано");
  await page.reload();
  const control = page.locator("dd.edit [name=company]");
  await control.waitFor();
  await page.waitForFunction(() => document.querySelector("dd.edit [name=company]")?.value === "Недописано");
  await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: "Чужое" });
  await page.reload();
  await page.waitForFunction(() => document.querySelector("dd.edit [name=company]")?.value === "Недописано");
  // Somebody else has changed it meanwhile: it is asked at once.
  await page.locator(".conflict", { hasText: "Чужое" }).waitFor();
  await page.getByRole("link", { name: t("Отмена") }).click();
  await page.locator("dd.edit").waitFor({ state: "detached" });
  await page.reload();
  await page.locator("h1").waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith("draft "))), []);
  assert.equal(await page.locator("dd.edit").count(), 0, "what was given up does not come back");
  await close();
});

test("the session is over: one signs in again over the page and goes on", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads/new");
  await at(page, "/leads/new");
  await page.fill("#name", "Пережил Сеанс");
  await page.context().clearCookies();
  await page.locator("main button.main-action").click();
  const door = page.locator("#again:modal");
  await door.waitFor();
  await check(page, "session-over-ru-desktop-light");
  await page.fill("#again-email", admin.email);
  await page.fill("#again-password", "wrong password");
  await page.keyboard.press("Enter");
  await door.locator(".note.bad").waitFor();
  await page.fill("#again-password", admin.password);
  await page.keyboard.press("Enter");
  await door.waitFor({ state: "detached" });
  await page.locator("main button.main-action").click();
  await page.locator("h1", { hasText: "Пережил Сеанс" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("the server is away: it is said, and what was typed is sent when it is back", async () => {
  const { page, close } = await openSignedIn(plenary, "/leads/new");
  await at(page, "/leads/new");
  await page.fill("#name", "Пережил Обрыв");
  await page.context().setOffline(true);
  await page.locator("main button.main-action").click();
  await page.locator(".toast.bad", { hasText: t("Нет связи. Введённое осталось на месте.") }).waitFor();
  await page.locator(".banner", { hasText: either("Нет связи с сервером", "The server does not answer") }).waitFor();
  await page.context().setOffline(false);
  await page.locator(".banner").waitFor({ state: "detached" });
  await page.locator("main button.main-action").click();
  await page.locator("h1", { hasText: "Пережил Обрыв" }).waitFor();
  await close();
});

test("a right that is taken while a form is open: why is told, and what was typed stays", async () => {
  const seller = await plenary.api("POST", "/api/v1/meta/users", { name: "Вера Ли", email: "vera@example.org", password: colleague.password, roles: ["salesperson"], locale: language });
  const id = await lead("Отнятое Право", { company: "Было", owner: seller.id });
  const may = (update) => plenary.api("PATCH", "/api/v1/meta/roles/salesperson", { modules: { leads: { read: "own", create: true, update } } });
  const why = t("Вашей роли не разрешено менять эту запись.");
  const { page, close } = await another(`/leads/${id}`, "vera@example.org");
  await value(page, t("Компания")).locator("a.change").click();
  await page.fill("dd.edit [name=company]", "Моё");
  await may("none");
  await page.press("dd.edit [name=company]", "Enter");
  await page.locator(".toast.bad", { hasText: why }).waitFor();
  assert.equal(await page.inputValue("dd.edit [name=company]"), "Моё");
  // Given back, it is sent as it stands.
  await may("own");
  await page.press("dd.edit [name=company]", "Enter");
  await page.locator("dd.edit").waitFor({ state: "detached" });
  assert.equal((await stored(id)).company, "Моё");

  // A form that leaves its page: one goes back to what was typed.
  await page.goto(`${plenary.url}/leads/${id}/edit`);
  const form = page.locator("main form[data-guard]");
  await form.locator("[name=company]").fill("Совсем моё");
  await may("none");
  await form.locator("button.main-action").click();
  await page.locator("main", { hasText: why }).waitFor();
  assert.equal((await stored(id)).company, "Моё");
  await may("own");
  await page.goBack();
  await form.locator("[name=company]").waitFor();
  assert.equal(await form.locator("[name=company]").inputValue(), "Совсем моё");
  await form.locator("button.main-action").click();
  await page.waitForURL((address) => address.pathname === `/leads/${id}`);
  assert.equal((await stored(id)).company, "Совсем моё");
  await close();
});
