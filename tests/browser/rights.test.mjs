// Roles that end, and a role that two change at once, in both languages, by keyboard and on a phone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary, intern;
before(async () => {
  plenary = await start();
  intern = { email: "intern@example.org", name: "Ирина Стажёрова", roles: ["intern"], password: "correct-horse-battery" };
});
after(() => plenary.stop());

const ROLES = "/api/v1/meta/roles";
const names = async () => (await plenary.api("GET", ROLES)).data.map(({ name }) => name);

test("a role is deleted by keyboard, and who had it has another one", async () => {
  await plenary.api("POST", ROLES, { name: "intern", label: { ru: "Стажёр", en: "Intern" }, copy_of: "salesperson" });
  const { id } = await plenary.api("POST", "/api/v1/meta/users", intern);
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/roles/intern");
  await page.waitForURL(/roles\/intern/);
  await page.getByRole("link", { name: "Ирина Стажёрова" }).waitFor();
  await check(page, "role-delete-ru-desktop-light");
  await look(page, "phone", "dark");
  await page.reload();
  await checkFit(page, "role-delete-ru-phone-dark");
  await page.locator("#move_to").focus();
  await page.locator("#move_to").selectOption("secretary");
  await page.locator("#delete-role button").focus();
  await follow(page, () => page.keyboard.press("Enter"));
  await page.waitForURL(/settings\/roles$/);
  assert.ok(!(await names()).includes("intern"));
  const { data } = await plenary.api("GET", "/api/v1/meta/users");
  assert.deepEqual(data.find((user) => user.id === id).roles, ["secretary"]);
  assert.deepEqual(complaints, []);
  await close();
});

test("whoever was overtaken sees what is there now, and decides", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  const { page, close } = await openSignedIn(plenary, "/settings/roles/secretary");
  await page.waitForURL(/roles\/secretary/);
  const leads = (await plenary.api("GET", ROLES)).data.find(({ name }) => name === "secretary").modules.leads;
  await plenary.api("PATCH", `${ROLES}/secretary`, { modules: { leads: { ...leads, export: true, delete: "none" } } });
  await page.selectOption("select[name='leads.delete']", "own");
  await follow(page, () => page.click("#role button.main-action"));
  await page.locator("[data-overtaken] li", { hasText: "Leads" }).waitFor();
  assert.equal(await page.locator("select[name='leads.delete']").inputValue(), "own");
  await check(page, "role-overtaken-en-desktop-light");
  await follow(page, () => page.click("#role button.main-action"));
  assert.equal(await page.locator("[data-overtaken]").count(), 0);
  const now = (await plenary.api("GET", ROLES)).data.find(({ name }) => name === "secretary").modules.leads;
  assert.equal(now.delete, "own");
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  await close();
});
