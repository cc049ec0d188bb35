// What saves a salesperson a detour: plans that say when and are done where they stand, letters with what goes along, filters
// that say where they are wrong, settings on a phone, first steps that fold up, rows that say why they leave.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, look, open, openSignedIn, signIn } from "./browser.mjs";
import { conference, order, start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
});
after(() => plenary.stop());

/** Whoever works here has a language of their own, whatever their browser asks for. */
const speak = (locale) => plenary.api("PATCH", "/api/v1/me", { locale });
const lead = async (name, fields = {}) => (await plenary.api("POST", "/api/v1/leads", { name, ...fields })).id;

/** A page of somebody signed in, with its script. */
async function visit(path, options) {
  const seen = await openSignedIn(plenary, path, options);
  await seen.page.waitForFunction((path) => location.pathname + location.search === path && document.readyState === "complete", path);
  return seen;
}

for (const [locale, tag, tomorrow, done] of [["ru-RU", "ru", "завтра, 10:00", "Сделано"], ["en-GB", "en", "tomorrow, 10:00", "Done"]]) {
  test(`a call is planned by keyboard and done from the story (${tag})`, async () => {
    await speak(tag);
    const id = await lead(`Анна Длиннофамильная-Константинопольская ${tag}`);
    const { page, complaints, close } = await visit(`/leads/${id}`, { locale });
    await page.locator(".plans a").first().focus();
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog.quick:modal");
    await dialog.locator("[name=subject]").fill("Позвонить и договориться о стенде");
    assert.ok(await dialog.locator("#due_at").isVisible(), "another time is typed");
    await dialog.locator("[name='due_at.soon']").first().focus();
    await page.keyboard.press("ArrowDown");
    assert.ok(await dialog.locator("[name='due_at.soon']").nth(1).isChecked());
    assert.ok(await dialog.locator("#due_at").isHidden(), "a moment is chosen");
    await check(page, `plan-form-${tag}-desktop-light`);
    await dialog.locator("footer .main-action").click();
    const line = page.locator(".timeline .line", { has: page.locator(".planned") });
    await line.waitFor();
    assert.match(await line.innerText(), new RegExp(tomorrow));
    await page.locator(".item.step", { hasText: tomorrow }).waitFor();
    await check(page, `plan-story-${tag}-desktop-light`);
    for (const [screen, theme] of [["phone", "dark"], ["tablet", "light"]]) {
      await look(page, screen, theme);
      await page.reload();
      await check(page, `plan-story-${tag}-${screen}-${theme}`);
    }

    await line.locator("a.btn").focus();
    await page.keyboard.press("Enter");
    const end = page.locator("dialog:modal");
    await end.locator("#result").selectOption("sale");
    await end.locator(".main-action").click();
    await page.locator(".line .mark.good").waitFor();
    assert.equal(new URL(page.url()).pathname, `/leads/${id}`);
    assert.match(await line.innerText(), new RegExp(done));
    assert.equal(await line.locator("a.btn").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("a meeting is planned without script on a phone", async () => {
  await speak("en");
  const id = await lead("Olga Stone");
  const { page, close } = await open({ script: false, locale: "en-GB", screen: "phone" });
  await signIn(page, plenary.url, `/leads/${id}`);
  await page.locator(".plans a").nth(1).click();
  await page.waitForURL(/activities\/new/);
  await page.locator("#subject").fill("Coffee");
  await page.locator(".soon-choices label").nth(1).click();
  assert.ok(await page.locator("#starts_at").isHidden());
  const box = await page.locator(".soon-choices label").nth(1).boundingBox();
  assert.ok(box.height >= 44, "large enough for a thumb");
  await page.locator("#new-record .main-action").click();
  await page.waitForURL(/activities\/[0-9a-f-]{36}$/);
  await page.goto(`${plenary.url}/leads/${id}`);
  assert.match(await page.locator(".line", { has: page.locator(".planned") }).innerText(), /Meeting[\s\S]*tomorrow, 10:00/);
  await close();
});

test("a letter hands out what went along with it", async () => {
  await speak("ru");
  const { hall } = await conference(plenary);
  await order(plenary, hall, "Пётр Ли", "petr@example.org");
  const { data } = await plenary.api("GET", "/api/v1/orders");
  const paid = { amount: { amount: "10000.00", currency: "RUB" }, method: "bank", order: data[0].id };
  await plenary.api("POST", "/api/v1/payments", { ...paid, received_at: new Date().toISOString().replace(/\.\d+Z$/, "Z") });
  const { page, complaints, close } = await visit(`/orders/${data[0].id}`);
  const link = page.locator(".enclosed a").first();
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.equal(download.suggestedFilename(), "tickets.pdf");
  await page.reload();
  assert.match(await page.locator(".enclosed").first().innerText(), /tickets\.pdf\s+\d/);
  await check(page, "letter-enclosed-ru-desktop-light");
  await look(page, "phone", "dark");
  await page.reload();
  await check(page, "letter-enclosed-ru-phone-dark");
  assert.deepEqual(complaints, []);
  await close();
});

test("a wrong filter is marked where it is wrong, ready to be mended", async () => {
  for (const [locale, tag, screen, theme] of [["ru-RU", "ru", "desktop", "light"], ["en-GB", "en", "phone", "dark"]]) {
    await speak(tag);
    const { page, complaints, close } = await visit("/leads", { locale, screen, theme });
    if (screen === "phone") await page.locator(".tools-fold").click();
    await page.locator(".bar summary:has(+ form #expression)").click();
    await page.fill("#expression", 'name != "🎫" && nmae == "x"');
    await follow(page, () => page.locator("form:has(#expression) .main-action").click());
    await page.getByRole("alert").locator("mark", { hasText: "nmae" }).waitFor();
    assert.match(await page.locator("#expression-error").innerText(), /nmae/);
    await page.waitForFunction(() => document.activeElement?.id === "expression");
    const marked = await page.locator("#expression").evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(marked, "nmae");
    await check(page, `filter-fault-${tag}-${screen}-${theme}`);
    await page.keyboard.type("name");
    assert.equal(await page.inputValue("#expression"), 'name != "🎫" && name == "x"');
    await follow(page, () => page.locator("form:has(#expression) .main-action").click());
    assert.equal(await page.locator("[data-fault]").count(), 0);
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("the fields of a module are cards on a phone, and are moved by the thumb", async () => {
  for (const [locale, tag, theme] of [["ru-RU", "ru", "light"], ["en-GB", "en", "dark"]]) {
    await speak(tag);
    const { page, complaints, close } = await visit("/settings/modules/leads", { locale, screen: "phone", theme });
    await page.locator(".as-cards").first().waitFor();
    const wide = await page.locator(".scroll:has(> .as-cards)").evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).length);
    assert.equal(wide, 0, "nothing scrolls sideways");
    assert.ok((await page.locator(".as-cards tbody tr").first().boundingBox()).height >= 44);
    const button = page.locator("#place-field-need button[value='field-down:need']");
    const { width, height } = await button.boundingBox();
    assert.ok(width >= 44 && height >= 44, `${width} × ${height}`);
    await button.click();
    await page.waitForURL(/#place-field-need$/);
    const { y } = await page.locator("#place-field-need").boundingBox();
    assert.ok(y > 0 && y < 844, `what was moved is seen: ${y}`);
    await check(page, `fields-${tag}-phone-${theme}`);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("finished first steps are one line", async () => {
  for (const [locale, tag, screen, theme] of [["ru-RU", "ru", "desktop", "light"], ["en-GB", "en", "phone", "dark"]]) {
    await speak(tag);
    await lead("Первый лид");
    const { page, complaints, close } = await visit("/start", { locale, screen, theme });
    const folded = page.locator(".steps-done").first();
    await folded.waitFor();
    assert.ok(await folded.locator("li").first().isHidden());
    await check(page, `first-steps-folded-${tag}-${screen}-${theme}`);
    await folded.locator("summary").press("Enter");
    assert.ok(await folded.locator("li").first().isVisible());
    await check(page, `first-steps-unfolded-${tag}-${screen}-${theme}`);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("a row says when an edit takes it out of its list, and when it is back", async () => {
  await speak("ru");
  const id = await lead("Вера Ким", { company: "Альфа" });
  const filter = encodeURIComponent('company == "Альфа"');
  const { page, complaints, close } = await visit(`/leads?filter=${filter}`);
  const row = page.locator(`tr[data-id="${id}"]`);
  await row.waitFor();
  await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: "Бета" });
  await page.locator(".toast", { hasText: "«Вера Ким» больше не подходит" }).waitFor();
  assert.ok(await row.evaluate((row) => row.classList.contains("gone")));
  await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: "Альфа" });
  await page.locator(".toast", { hasText: "«Вера Ким» снова подходит" }).waitFor();
  assert.ok(!(await row.evaluate((row) => row.classList.contains("gone"))));
  assert.deepEqual(complaints, []);
  await close();
});
