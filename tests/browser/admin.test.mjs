// What an administrator misses: teams, the history of acts with its way back, a module made with its looks, one's own profile.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, look, open, openSignedIn, signIn } from "./browser.mjs";
import { either, once, t } from "./languages.mjs";
import { admin, start } from "./plenary.mjs";

const places = {};
let seller;
before(async () => {
  places.ru = await start();
  places.en = await start({ locale: "en" });
  seller = await places.ru.api("POST", "/api/v1/meta/users", { email: "ksenia@example.org", name: "Ксения Соколова", roles: ["salesperson"], password: "correct-horse-battery" });
  await places.ru.api("POST", "/api/v1/meta/users", { email: "vera@example.org", name: "Вера Павловна Константинопольская", roles: ["head_of_sales"], password: "correct-horse-battery" });
});
after(() => Promise.all([places.ru?.stop(), places.en?.stop()]));

const teams = async (locale = "ru") => (await places[locale].api("GET", "/api/v1/meta/teams")).data;

test("a team is made by keyboard, refused where its name is taken, emptied and taken apart", async () => {
  const { page, complaints, close } = await openSignedIn(places.ru, "/settings/teams");
  await page.waitForURL(/settings\/teams/);
  await page.getByText(t("Команд пока нет")).waitFor();
  await check(page, "teams-empty-ru-desktop-light");
  await page.focus("#name");
  await page.keyboard.type("Отдел продаж");
  await page.locator(`#members input[value="${seller.id}"]`).focus();
  await page.keyboard.press("Space");
  await page.locator("#new-team button.main-action").focus();
  await page.keyboard.press("Enter");
  await page.locator("table a", { hasText: "Отдел продаж" }).waitFor();
  assert.deepEqual((await teams()).map(({ name, members }) => [name, members]), [["Отдел продаж", [seller.id]]]);

  await page.fill("#name", "Отдел продаж");
  await page.getByLabel("Вера Павловна").check();
  await page.click("#new-team button.main-action");
  await page.locator("#name-error").waitFor();
  assert.equal(await page.inputValue("#name"), "Отдел продаж");
  assert.ok(await page.getByLabel("Вера Павловна").isChecked(), "what was ticked stays");
  // The page begins at what is wrong.
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "alert");
  await check(page, "teams-refused-ru-desktop-light");

  await page.fill("#name", "Дверь");
  await page.click("#new-team button.main-action");
  await page.locator("table a", { hasText: "Дверь" }).click();
  await page.waitForURL(/teams\/[0-9a-f-]+/);
  await look(page, "phone", "dark");
  await check(page, "team-ru-phone-dark");
  await page.locator("summary", { hasText: t("Расформировать команду") }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: t("Да, расформировать") }).click();
  await page.waitForURL((url) => url.pathname === "/settings/teams");
  assert.deepEqual((await teams()).map(({ name }) => name), ["Отдел продаж"]);
  assert.deepEqual(complaints, []);
  await close();
});

once("a team that views are shared with says so, in English, without script and on a phone", async () => {
  const team = await places.en.api("POST", "/api/v1/meta/teams", { name: "Sales" });
  await places.en.api("POST", "/api/v1/meta/views", { module: "leads", name: "Hot ones", filter: 'readiness == "hot"', team: team.id });
  const { page, close } = await open({ script: false, screen: "phone", theme: "dark", locale: "en-GB" });
  await signIn(page, places.en.url, `/settings/teams/${team.id}`);
  await page.getByRole("link", { name: "Hot ones" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Yes, take it apart" }).count(), 0);
  await checkFit(page, "team-en-phone-dark");
  await page.goto(`${places.en.url}/settings/teams`);
  await checkFit(page, "teams-en-phone-dark");
  await close();
});

for (const [locale, words] of [
  ["ru", { menu: "История действий", undo: "Вернуть как было", undone: "отменено", module: "Сделки", none: "Действий пока нет", all: "Все" }],
  ["en", { menu: "History of acts", undo: "Undo", undone: "undone", module: "Deals", none: "Nothing was done yet", all: "Everybody’s" }],
]) {
  once(`what was done lately is found and undone by keyboard (${locale})`, async () => {
    const lead = await places[locale].api("POST", "/api/v1/leads", { name: "Пётр Ли", company: "Вектор" });
    await places[locale].api("PATCH", `/api/v1/leads/${lead.id}`, { company: "Ядро" });
    const { page, complaints, close } = await openSignedIn(places[locale], "/leads", { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    await page.waitForURL(/leads/);
    await page.locator(".side-foot summary").focus();
    await page.keyboard.press("Enter");
    await page.locator(".side-foot a", { hasText: words.menu }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/undo$/);
    const newest = page.locator(".act").first();
    await newest.getByRole("link", { name: "Пётр Ли" }).waitFor();
    await check(page, `acts-${locale}-desktop-light`);
    await newest.getByRole("button", { name: words.undo }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".act", { hasText: words.undone }).waitFor();
    assert.equal((await places[locale].api("GET", `/api/v1/leads/${lead.id}`)).company, "Вектор");
    await page.getByRole("navigation").getByRole("link", { name: words.all, exact: true }).click();
    await page.waitForURL(/of=all/);
    await look(page, "phone", "dark");
    await page.reload();
    await check(page, `acts-all-${locale}-phone-dark`);
    await page.selectOption("#module", { label: words.module });
    await page.locator(".acts-filter button").click();
    await page.getByText(words.none).waitFor();
    assert.match(page.url(), /of=all&module=deals/);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("a module is made with its singular, its icon by keyboard, and what its records belong to", async () => {
  const { page, complaints, close } = await openSignedIn(places.ru, "/settings/modules");
  await page.waitForURL(/settings\/modules/);
  await page.fill("#label_ru", "Гостиницы");
  await page.fill("#one_ru", "Гостиница");
  await page.fill("#name", "hotels");
  await page.locator("#icon-none").focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.locator("#icon-building-2").isChecked());
  assert.ok(await page.getByLabel(t("У записей есть ответственный")).isChecked(), "offered");
  await page.selectOption("#belongs_to", { label: t("Мероприятия") });
  await check(page, "module-new-ru-desktop-light");
  await look(page, "phone", "dark");
  await checkFit(page, "module-new-ru-phone-dark");
  await page.locator("#new-module button.main-action").click();
  await page.waitForURL(/modules\/hotels/);
  await check(page, "module-ru-phone-dark");
  const module = await places.ru.api("GET", "/api/v1/meta/modules/hotels");
  assert.deepEqual([module.one.ru, module.icon, module.owners], ["Гостиница", "building-2", true]);
  await page.goto(`${places.ru.url}/hotels/new`);
  await page.locator("h1", { hasText: "Гостиница" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("a half-written user survives a reload; a taken address is told beside the field", async () => {
  const { page, complaints, close } = await openSignedIn(places.ru, "/settings/users");
  await page.waitForURL(/settings\/users/);
  page.on("dialog", (dialog) => dialog.accept());
  await page.fill("#name", "Олег Тимофеев");
  await page.fill("#email", admin.email);
  await page.fill("#password", "a-long-enough-one");
  await page.locator("#roles input[value=door]").check();
  await page.reload();
  assert.equal(await page.inputValue("#name"), "Олег Тимофеев");
  assert.ok(await page.locator("#roles input[value=door]").isChecked());
  assert.equal(await page.inputValue("#password"), "", "a password is kept nowhere");
  await page.fill("#password", "a-long-enough-one");
  await page.click("#new-user button.main-action");
  await page.locator("#email-error", { hasText: either("Пользователь с такой почтой уже есть", "There is a user with this e-mail already") }).waitFor();
  assert.equal(await page.inputValue("#email"), admin.email);
  await check(page, "user-refused-ru-desktop-light");
  await page.fill("#email", "oleg@example.org");
  await page.fill("#password", "a-long-enough-one");
  await page.click("#new-user button.main-action");
  await page.locator("table a", { hasText: "Олег Тимофеев" }).waitFor();
  assert.equal(await page.inputValue("#name"), "", "what was taken is not typed again");
  assert.deepEqual(complaints, []);
  await close();
});

once("one's own name and password, and the other session is over", async () => {
  const account = { email: "anna.li@example.org", password: "correct-horse-battery" };
  await places.en.api("POST", "/api/v1/meta/users", { ...account, name: "Anna", roles: ["salesperson"] });
  const enter = async (options) => {
    const visit = await open({ locale: "en-GB", ...options });
    await visit.page.goto(`${places.en.url}/sign-in?next=/me`);
    await visit.page.fill("#email", account.email);
    await visit.page.fill("#password", account.password);
    await visit.page.click("button.main-action");
    await visit.page.waitForURL((url) => url.pathname === "/me");
    return visit;
  };
  const [here, there] = [await enter(), await enter({ screen: "phone", theme: "dark" })];
  await check(here.page, "me-en-desktop-light");
  await check(there.page, "me-en-phone-dark");
  await here.page.fill("#name", "Anna Li");
  await here.page.press("#name", "Enter");
  await here.page.locator(".note.good").waitFor();
  await here.page.locator(".side-foot", { hasText: "Anna Li" }).waitFor();
  await here.page.fill("#present_password", "not-the-present-one");
  await here.page.fill("#password", "another-horse-battery");
  await here.page.press("#password", "Enter");
  await here.page.locator("#present_password-error").waitFor();
  await check(here.page, "me-refused-en-desktop-light");
  await here.page.fill("#present_password", account.password);
  await here.page.fill("#password", "another-horse-battery");
  await here.page.press("#password", "Enter");
  await here.page.locator(".note.good", { hasText: "all other sessions are over" }).waitFor();
  await there.page.goto(`${places.en.url}/leads`);
  await there.page.waitForURL(/sign-in/);
  assert.deepEqual([...here.complaints, ...there.complaints], []);
  await Promise.all([here.close(), there.close()]);
});
