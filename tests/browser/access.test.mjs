// Rights: the matrix of a role on a laptop and a phone, by keyboard and without script; looking as another user; who sees a record.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, look, open, openSignedIn, signIn } from "./browser.mjs";
import { either, once, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary, seller, lead;
before(async () => {
  plenary = await start();
  const account = (email, name, roles) => plenary.api("POST", "/api/v1/meta/users", { email, name, roles, password: "correct-horse-battery" });
  seller = await account("ksenia@example.org", "Ксения Соколова", ["salesperson"]);
  await account("oleg@example.org", "Олег Тимофеев", ["door"]);
  await account("vera@example.org", "Вера Павловна Константинопольская", ["head_of_sales", "accountant"]);
  const me = await plenary.api("GET", "/api/v1/me");
  await plenary.api("POST", "/api/v1/leads", { name: "Пётр Ли", owner: seller.id });
  lead = await plenary.api("POST", "/api/v1/leads", { name: "Ольга Лебедева", owner: me.id });
});
after(() => plenary.stop());

const granted = async (role, module) => {
  const { data } = await plenary.api("GET", "/api/v1/meta/roles");
  return data.find(({ name }) => name === role).modules[module];
};

test("roles at a glance, a new one, and its matrix by keyboard", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/roles");
  await page.waitForURL(/settings\/roles/);
  await page.locator(".overview tbody tr", { hasText: t("Лиды") }).waitFor();
  await check(page, "roles-ru-desktop-light");
  await page.fill("#label_ru", "Стажёр");
  await page.fill("#name", "intern");
  await page.selectOption("#copy_of", "salesperson");
  await page.press("#name", "Enter");
  await page.waitForURL(/roles\/intern/);
  await check(page, "role-ru-desktop-light");
  await page.locator("select[name='leads.read']").focus();
  await page.keyboard.press("End");
  await page.locator("input[name='leads.export']").focus();
  await page.keyboard.press("Space");
  const fields = page.locator("tr", { has: page.locator("select[name='leads.read']") }).locator("details");
  await fields.locator("summary").focus();
  await page.keyboard.press("Enter");
  await fields.locator("input[name='leads.hidden'][value=phone]").focus();
  await page.keyboard.press("Space");
  await page.locator("#role button.main-action").focus();
  await follow(page, () => page.keyboard.press("Enter"));
  await page.locator("summary", { hasText: either("скрыто: 1", "hidden: 1") }).waitFor();
  const leads = await granted("intern", "leads");
  assert.deepEqual([leads.read, leads.export, leads.hidden], ["all", true, ["phone"]]);
  assert.deepEqual(complaints, []);
  await close();
});

once("the matrix fits a phone, in the dark, in English and without script", async () => {
  const { page, close } = await open({ script: false, screen: "phone", theme: "dark", locale: "en-GB" });
  await signIn(page, plenary.url, "/settings/roles/door");
  await page.waitForURL(/roles\/door/);
  await checkFit(page, "role-ru-phone-dark");
  await page.selectOption("select[name='leads.read']", "own");
  await follow(page, () => page.click("#role button.main-action"));
  assert.equal((await granted("door", "leads")).read, "own");
  await page.check("input[name=reset][value=leads]");
  await follow(page, () => page.click("#role button.main-action"));
  assert.equal(await granted("door", "leads"), undefined);
  await page.goto(`${plenary.url}/settings/roles`);
  await checkFit(page, "roles-ru-phone-dark");
  await close();
});

test("an administrator sees as a salesperson, changes nothing and comes back", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, `/settings/users/${seller.id}`);
  await page.getByRole("button", { name: t("Смотреть как этот пользователь") }).click();
  await page.locator(".sees-as", { hasText: "Ксения Соколова" }).waitFor();
  await page.goto(`${plenary.url}/leads`);
  await page.locator("tbody tr", { hasText: "Пётр Ли" }).waitFor();
  assert.equal(await page.locator("tbody tr", { hasText: "Ольга Лебедева" }).count(), 0);
  await check(page, "sees-as-ru-desktop-light");
  await look(page, "phone", "dark");
  await page.goto(`${plenary.url}/leads/new`);
  await page.fill("#name", "Никто");
  await page.locator("form button.main-action").first().click();
  await page.getByText(either("Сначала вернитесь к себе", "Come back to yourself first")).first().waitFor();
  const { data } = await plenary.api("GET", "/api/v1/leads?limit=50");
  assert.ok(data.every(({ name }) => name !== "Никто"), "nothing was made");
  await page.goto(`${plenary.url}/leads`);
  await checkFit(page, "sees-as-ru-phone-dark");
  await page.getByRole("button", { name: t("Вернуться к себе") }).click();
  await page.waitForURL(/settings\/users/);
  assert.equal(await page.locator(".sees-as").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("who sees a record, and why", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${lead.id}`);
  await page.getByRole("link", { name: t("Кто это видит") }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: t("Кто это видит") });
  await dialog.locator("li", { hasText: "Вера Павловна" }).getByText(either("все записи", "all records")).waitFor();
  await dialog.locator("summary").focus();
  await page.keyboard.press("Enter");
  await dialog.locator("li", { hasText: "Ксения Соколова" }).getByText(either("только свои записи", "own records only")).waitFor();
  await dialog.locator("li", { hasText: "Олег Тимофеев" }).getByText(either("таких записей не видит", "sees no such records")).waitFor();
  await check(page, "access-ru-desktop-light");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await look(page, "phone", "dark");
  await page.goto(`${plenary.url}/leads/${lead.id}/access`);
  await check(page, "access-ru-phone-dark");
  assert.deepEqual(complaints, []);
  await close();
});
