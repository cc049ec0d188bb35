// Rules: made by keyboard, looked at on the past, with their log; on a phone in the dark, in English, without script.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, open, openSignedIn, signIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  await plenary.api("POST", "/api/v1/leads", { name: "Ольга Лебедева", readiness: "hot" });
});
after(() => plenary.stop());

/** Asks until the rule has as many runs as wanted: they come after the answer. */
async function ran(rule, count) {
  for (let turn = 0; turn < 100; turn += 1) {
    const { data } = await plenary.api("GET", `/api/v1/meta/rules/${rule}/runs`);
    if (data.length >= count) return data;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${rule} has not run ${count} times`);
}

/** Adds an action of a kind behind the others, by keyboard, and waits until it stands there. */
async function add(page, kind, place) {
  await page.selectOption("#add", kind);
  await page.locator("button[value='add:']").focus();
  await follow(page, () => page.keyboard.press("Enter"));
  await page.locator(`[id='then.${place}'] [name='then.${place}.do'][value=${kind}]`).waitFor({ state: "attached" });
}

test("a rule is made by keyboard, tried on the past, and tells what it did", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/rules");
  await page.waitForURL(/settings\/rules/);
  await check(page, "rules-ru-desktop-light");
  await page.selectOption("#module", "leads");
  await page.locator("main form[method=get] button").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/rules\/new\?module=leads/);
  await page.fill("#label_ru", "Горячий лид");
  await page.fill("#name", "hot");
  await page.selectOption("#event", "created");
  await page.fill("#if", 'readiness == "hot"');
  await add(page, "set", 0);
  await page.fill("[id='then.0.fields']", "need = name + ");
  await page.locator("#rule button.main-action").focus();
  await page.keyboard.press("Enter");
  await page.locator("main [role=alert]").waitFor();
  assert.equal(await page.inputValue("#if"), 'readiness == "hot"');
  await check(page, "rule-refused-ru-desktop-light");
  await page.fill("[id='then.0.fields']", 'need = name + " — позвонить"');
  assert.equal(await page.locator("input[name=active][value=false]").isChecked(), true, "off unless somebody says so");
  await page.locator("input[name=active][value=true]").check();
  await page.locator("#rule button.main-action").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/rules\/hot$/);
  await page.locator("a[href*='rehearse']").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/rehearse=true/);
  await page.locator("#rehearsal td a", { hasText: "Ольга Лебедева" }).waitFor();
  const made = await plenary.api("POST", "/api/v1/leads", { name: "Пётр Ли", readiness: "hot" });
  const [run] = await ran("hot", 1);
  await page.goto(`${plenary.url}/settings/rules/hot/runs/${run.id}`);
  await check(page, "rule-run-ru-desktop-light");
  await page.goto(`${plenary.url}/settings/rules/hot`);
  await page.locator("#runs td a", { hasText: "Пётр Ли" }).waitFor();
  await check(page, "rule-ru-desktop-light");
  assert.equal((await plenary.api("GET", `/api/v1/leads/${made.id}`)).need, "Пётр Ли — позвонить");
  assert.deepEqual(complaints, []);
  await close();
});

test("a letter, three days and another letter are put together and stay in their order", async () => {
  const label = (text) => ({ ru: text, en: text });
  for (const name of ["first", "second"]) await plenary.api("POST", "/api/v1/meta/letters", { name, label: label(name), subject: label(name), text: label("Текст") });
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/rules/new?module=leads");
  await page.fill("#label_ru", "Два письма");
  await page.fill("#name", "letters");
  for (const [place, template] of [[0, "first"], [1, "second"]]) {
    await add(page, "letter", place);
    await page.selectOption(`[id='then.${place}.template']`, template);
    await page.fill(`[id='then.${place}.to']`, "email");
  }
  await add(page, "wait", 2);
  await page.fill("[id='then.2.after']", "3 дня");
  await check(page, "rule-actions-ru-desktop-light");
  await page.locator("button[value='up:2']").focus();
  await follow(page, () => page.keyboard.press("Enter"));
  await page.locator("[id='then.1'] [name='then.1.after']").waitFor();
  assert.equal(await page.inputValue("[id='then.2.template']"), "second");
  await page.fill("#letters", "0");
  await page.locator("#rule button.main-action").click();
  await page.locator("#letters-error").waitFor();
  await check(page, "rule-letters-refused-ru-desktop-light");
  await page.fill("#letters", "50");
  // Enter in a line saves and moves nothing.
  await page.focus("[id='then.1.after']");
  await page.keyboard.press("Enter");
  await page.waitForURL(/rules\/letters$/);
  const kept = await plenary.api("GET", "/api/v1/meta/rules/letters");
  assert.deepEqual(kept.then.map((action) => action.template ?? action.after), ["first", "P3D", "second"]);
  assert.equal(kept.letters, 50);
  await follow(page, () => page.locator("button[value='remove:2']").click());
  assert.equal(await page.locator("[id='then.2']").count(), 0);
  assert.equal(await page.inputValue("[id='then.0.template']"), "first");
  assert.deepEqual(complaints, []);
  await close();
});

test("rules fit a phone, in the dark, in English and without script", async () => {
  const { page, close } = await open({ script: false, screen: "phone", theme: "dark", locale: "en-GB" });
  await signIn(page, plenary.url, "/settings/rules/quality_check_leads?rehearse=true");
  await page.waitForURL(/quality_check_leads/);
  await checkFit(page, "rule-phone-dark");
  await page.goto(`${plenary.url}/settings/rules/new?module=cases`);
  await checkFit(page, "rule-new-phone-dark");
  await page.selectOption("#add", "due");
  await page.locator("button[value='add:']").click();
  await page.locator("[id='then.0.within']").waitFor();
  await checkFit(page, "rule-action-phone-dark");
  await page.goto(`${plenary.url}/settings/rules`);
  await checkFit(page, "rules-phone-dark");
  const row = page.locator("tr", { has: page.locator("a[href='/settings/rules/share_leads']") });
  await follow(page, () => row.locator("button").click());
  assert.equal((await plenary.api("GET", "/api/v1/meta/rules/share_leads")).active, false);
  await close();
});
