// Rules by the clock, moves that take a second person, the secret of webhooks: by keyboard, on a phone in the dark, without script.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, open, openSignedIn, signIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary, lead;
before(async () => {
  plenary = await start();
  lead = await plenary.api("POST", "/api/v1/leads", { name: "Ольга Лебедева" });
});
after(() => plenary.stop());

test("a rule waits at a stage, with an end and in working time, and keeps what was typed", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/rules/new?module=leads");
  await page.waitForURL(/rules\/new/);
  await page.fill("#label_ru", "Долго без ответа");
  await page.fill("#name", "slow");
  await page.selectOption("#event", "stayed");
  await page.getByText("На каких стадиях", { exact: false }).first().click();
  await page.locator("input[name=states][value=new]").check();
  await page.getByText("Сколько на стадии", { exact: true }).click();
  await page.fill("#after", "4 часа");
  await page.fill("#every", "1 день");
  await page.locator("input[name=working]").check();
  await page.selectOption("[name=add]", "webhook");
  await follow(page, () => page.locator("button[name=do][value='add:']").click());
  await page.locator("[name='then.0.url']").fill("https://example.org/hook");
  await page.locator("#rule button.main-action").click();
  await page.locator("#times-error").waitFor();
  assert.equal(await page.inputValue("#after"), "4 часа");
  assert.equal(await page.locator("input[name=working]").isChecked(), true);
  await check(page, "rule-stay-refused-ru-desktop-light");
  await page.fill("#times", "3");
  await page.locator("#rule button.main-action").click();
  await page.waitForURL(/rules\/slow$/);
  await page.getByText("в рабочее время", { exact: false }).first().waitFor();
  await check(page, "rule-stay-ru-desktop-light");
  const { when, then } = await plenary.api("GET", "/api/v1/meta/rules/slow");
  assert.deepEqual(when, { event: "stayed", states: ["new"], after: "PT4H", every: "P1D", times: 3, working: true });
  assert.deepEqual(then, [{ do: "webhook", url: "https://example.org/hook" }]);
  assert.deepEqual(complaints, []);
  await close();
});

test("a move takes a second person, and the button says so", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/processes/leads/moves/contact");
  await page.waitForURL(/moves\/contact/);
  await page.locator("#four_eyes").focus();
  await page.keyboard.press("Space");
  await check(page, "process-move-four-eyes-ru-desktop-light");
  await page.locator("#move .main-action").click();
  await page.waitForURL(/processes\/leads$/);
  await page.goto(`${plenary.url}/leads/${lead.id}`);
  const button = page.getByRole("button", { name: "Связались" });
  await button.waitFor();
  assert.equal(await button.isDisabled(), true);
  await page.locator("#four-eyes").waitFor();
  await check(page, "record-four-eyes-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

test("the secret is shown once; everything fits a phone, in the dark and without script", async () => {
  const { page, close } = await open({ script: false, screen: "phone", theme: "dark", locale: "en-GB" });
  await signIn(page, plenary.url, "/settings/rules");
  await page.waitForURL(/settings\/rules/);
  await page.locator("#webhooks button").click();
  assert.match(await page.locator("#webhooks code").innerText(), /^whsec_/);
  await checkFit(page, "rules-secret-phone-dark");
  await page.goto(`${plenary.url}/settings/rules`);
  assert.equal(await page.locator("#webhooks code").count(), 0);
  await page.goto(`${plenary.url}/settings/rules/slow`);
  await checkFit(page, "rule-stay-phone-dark");
  await page.goto(`${plenary.url}/settings/rules/new?module=leads`);
  await page.locator("details", { has: page.locator("#period") }).locator("summary").click();
  await checkFit(page, "rule-schedule-phone-dark");
  await page.goto(`${plenary.url}/settings/organisation`);
  await page.locator("#working_time").waitFor();
  await checkFit(page, "organisation-working-phone-dark");
  await page.goto(`${plenary.url}/leads/${lead.id}`);
  await checkFit(page, "record-four-eyes-phone-dark");
  await close();
});
