// What stands around every page: rows as close as one likes them, the menu folded, messages that stay as long as they are needed, a view for
// a team; and that the whole can be installed.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, open, openSignedIn, signIn } from "./browser.mjs";
import { either, language, once, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  for (const name of ["Ольга Лебедева", "Пётр Ли"]) await plenary.api("POST", "/api/v1/leads", { name, company: "Ядро" });
});
after(() => plenary.stop());

test("rows stand roomy or close together, and stay so", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  const height = async () => (await page.locator("tbody tr[data-id]").first().boundingBox()).height;
  const roomy = await height();
  await page.locator(".side-foot summary").click();
  await page.locator("input[name=density]:checked").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  const compact = await height();
  assert.ok(compact < roomy - 3, `${compact} of ${roomy}`);
  await page.reload();
  assert.equal(await height(), compact, "it is remembered");
  await check(page, "rows-compact-ru-desktop-light");
  await page.locator(".side-foot summary").click();
  await page.locator("input[name=density][value=roomy]").check({ force: true });
  assert.equal(await height(), roomy);
  assert.deepEqual(complaints, []);
  await close();
});

test("the menu folds to its signs by pointer and keyboard, and stays so", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  const width = async () => (await page.locator(".side").boundingBox()).width;
  const whole = await width();
  await page.locator(".side label.fold").click();
  assert.ok((await width()) < 60, `${await width()}`);
  assert.ok(await page.locator(".side .note").evaluate((clock) => clock.scrollWidth <= clock.clientWidth), "the clock of the sandbox stays inside");
  await check(page, "menu-folded-ru-desktop-light");
  await page.locator('.side-menu a[href="/deals"]').click();
  await page.waitForURL(/\/deals$/);
  assert.ok((await width()) < 60, "on the next page too");
  await page.locator("#side-toggle").focus();
  await page.keyboard.press("Space");
  assert.equal(await width(), whole);
  await page.reload();
  assert.equal(await width(), whole);
  assert.deepEqual(complaints, []);
  await close();
});

test("a way back stays in reach for half a minute, a mere message for a moment, and neither leaves whoever is at it", async () => {
  const { page, complaints, close } = await open();
  await page.clock.install();
  await signIn(page, plenary.url, "/leads");
  await page.waitForURL(/leads/);
  const lately = (name) => page.locator("#toasts .toast", { hasText: name });
  await page.keyboard.press("c");
  await page.locator("dialog.quick:modal [name=name]").fill("Минутный Лид");
  await page.evaluate(() => new MutationObserver(() => (window.told ??= Date.now())).observe(document.querySelector("#toasts"), { childList: true }));
  await page.locator("dialog.quick:modal button.main-action").click();
  const saved = lately(t("Сохранено"));
  await saved.waitFor();
  // From when it was told, and from here on no time goes by but what is said, however slow this machine is.
  await page.clock.pauseAt((await page.evaluate(() => window.told)) + 30_000);
  assert.equal(await saved.count(), 1);
  await saved.getByRole("button", { name: t("Вернуть как было") }).focus();
  await page.clock.fastForward(60_000);
  assert.equal(await saved.count(), 1, "somebody is at it");
  await page.keyboard.press("Enter");
  const undone = lately(either("Отменено", "Undone"));
  await undone.waitFor();
  await page.clock.fastForward(5_000);
  assert.equal(await undone.count(), 1);
  await page.clock.fastForward(3_000);
  assert.equal(await undone.count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("a view is shared with a team by its page: who is in it sees it, others do not", async () => {
  const password = "another-long-password";
  const user = (name, email) => plenary.api("POST", "/api/v1/meta/users", { name, email, password, roles: ["head_of_sales"], locale: language });
  const [vera] = [await user("Вера Ли", "vera@example.org"), await user("Глеб Шум", "gleb@example.org")];
  const [me] = (await plenary.api("GET", "/api/v1/meta/users")).data.filter(({ email }) => email === "anna@example.org");
  await plenary.api("POST", "/api/v1/meta/teams", { name: "Спонсоры", members: [me.id, vera.id] });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads?filter=${encodeURIComponent('company == "Ядро"')}`);
  await page.waitForURL(/filter=/);
  await page.locator(".bar summary", { hasText: t("Сохранить вид") }).click();
  await page.fill("#new-view-name", "Ядро и люди");
  await page.selectOption("#new-view-audience", { label: either("Команда «Спонсоры»", "Team “Спонсоры”") });
  await page.locator(".keep button.main-action").click();
  await page.waitForURL(/view=/);
  assert.deepEqual(complaints, []);
  await close();
  for (const [email, count] of [["vera@example.org", 1], ["gleb@example.org", 0]]) {
    const other = await open();
    await other.page.goto(`${plenary.url}/sign-in?next=/leads`);
    await other.page.fill("#email", email);
    await other.page.fill("#password", password);
    await other.page.click("button.main-action");
    await other.page.waitForURL((url) => url.pathname === "/leads");
    await other.page.locator("h1").waitFor();
    assert.equal(await other.page.locator(".tabs a", { hasText: "Ядро и люди" }).count(), count, email);
    await other.close();
  }
});

once("a browser finds nothing that stands against installing it", async () => {
  const { page, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  const tools = await page.context().newCDPSession(page);
  const { installabilityErrors } = await tools.send("Page.getInstallabilityErrors");
  // The windows of these walks remember nothing.
  assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((error) => error !== "in-incognito"), []);
  const { errors, url } = await tools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  assert.match(url, /manifest/);
  await close();
});
