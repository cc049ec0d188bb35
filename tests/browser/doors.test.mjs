// The doors: setting up from an empty folder, signing in and out, being led back to where one wanted to go.
import { after, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, open, signIn } from "./browser.mjs";
import { admin, start } from "./plenary.mjs";

const running = [];
const started = async (options) => {
  const plenary = await start(options);
  running.push(plenary);
  return plenary;
};
after(() => Promise.all(running.map((plenary) => plenary.stop())));

test("an empty folder is set up on its first page, once", async () => {
  const { url } = await started({ setUp: false });
  const { page, complaints, close } = await open({ screen: "phone" });
  await page.goto(`${url}/orders`);
  assert.equal(new URL(page.url()).pathname, "/set-up");
  await check(page, "set-up-ru-phone-light");

  await page.evaluate(() => { document.querySelector("form").noValidate = true; });
  await page.fill("#organisation", "Ява-клуб");
  await page.fill("#email", "анна@@нигде");
  await page.fill("#password", "коротко");
  await page.check("[name=sandbox]");
  await follow(page, () => page.click("button.main-action"));
  for (const name of ["name", "email", "password"]) {
    assert.equal(await page.locator(`#${name}`).getAttribute("aria-invalid"), "true", name);
    assert.ok(await page.locator(`#${name}-error`).isVisible(), name);
  }
  assert.equal(await page.inputValue("#organisation"), "Ява-клуб");
  assert.equal(await page.inputValue("#email"), "анна@@нигде");
  assert.equal(await page.inputValue("#password"), "", "a password is never sent back");
  assert.ok(await page.isChecked("[name=sandbox]"));
  await check(page, "set-up-wrong-ru-phone-light");

  await page.fill("#name", "Анна Смирнова");
  await page.fill("#email", admin.email);
  await page.fill("#password", admin.password);
  await page.click("button.main-action");
  await page.waitForURL(`${url}/start`);
  assert.match(await page.locator("main").innerText(), /Первые шаги/);
  assert.deepEqual(complaints, []);

  const stranger = await open();
  await stranger.page.goto(`${url}/set-up`);
  assert.equal(new URL(stranger.page.url()).pathname, "/sign-in");
  const again = await stranger.page.request.post(`${url}/set-up`, {
    headers: { origin: url }, maxRedirects: 0,
    form: { organisation: "X", name: "X", email: "x@example.org", password: "quite-long-enough", organises: "conference", locale: "ru" },
  });
  assert.equal(again.headers()["location"], "/sign-in");
  await stranger.close();
  await close();
});

test("signing in says when it was wrong, leads where one wanted to go, and ends", async () => {
  const { url } = await started();
  const { page, complaints, close } = await open({ locale: "en-GB" });
  await page.goto(`${url}/events?sort=name`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.locator("#email:focus").waitFor();
  await page.keyboard.type(admin.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.inputValue("#email"), admin.email);
  await check(page, "sign-in-wrong-en-desktop-light");

  await page.fill("#password", admin.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${url}/events?sort=name`);
  await page.click(".side-foot summary");
  const menu = await page.locator(".side-foot .pop").boundingBox();
  assert.ok(menu.y >= 0 && menu.y + menu.height <= page.viewportSize().height, "the menu opens inside the window");
  await page.getByRole("button", { name: /sign out|выйти/i }).click();
  await page.waitForURL(`${url}/sign-in`);
  await page.goto(`${url}/events`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.goBack();
  assert.deepEqual(complaints, []);
  await close();
});

test("language and theme are chosen once and stay", async () => {
  const { url } = await started();
  const { page, complaints, close } = await open();
  await signIn(page, url, "/leads");
  await page.waitForURL(`${url}/leads`);
  const root = page.locator("html");
  await page.click(".side-foot summary");
  await follow(page, () => page.getByRole("button", { name: "English" }).click());
  assert.equal(await root.getAttribute("lang"), "en");
  assert.equal(new URL(page.url()).pathname, "/leads", "one stays where one is");
  assert.match(await page.locator("main h1").innerText(), /Leads/);
  await page.click(".side-foot summary");
  await page.locator("[data-theme-switch] label", { hasText: "Dark" }).click();
  assert.equal(await root.getAttribute("data-theme"), "dark");
  await page.reload();
  assert.equal(await root.getAttribute("data-theme"), "dark");
  assert.equal(await root.getAttribute("lang"), "en");
  assert.deepEqual(complaints, []);
  await close();
});
