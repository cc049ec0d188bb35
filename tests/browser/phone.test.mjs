// On a phone: a list begins at once, its tools unfold; a record has its main button and one menu. By finger and by keyboard.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, look, open, openSignedIn, signIn } from "./browser.mjs";
import { either, language, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  const account = await make("accounts", { name: "ООО «Северо-Западный консорциум»", kind: "organisation" });
  await make("deals", { name: "Стенд у входа", pipeline: "sponsorship", account: account.id, readiness: "hot" });
  await make("leads", { name: "Анна Мельникова", readiness: "hot" });
  await make("activities", { subject: "Созвон", kind: "call", due_at: "2027-02-10T09:00:00Z" });
});
after(() => plenary.stop());

const make = (module, fields) => plenary.api("POST", `/api/v1/${module}`, fields);

/** In how many lines the parts of something stand. */
const lines = (root) =>
  root.evaluate((box) => {
    const parts = [...box.children].filter((part) => part.checkVisibility() && getComputedStyle(part).position !== "absolute" && part.getBoundingClientRect().width > 1).map((part) => part.getBoundingClientRect());
    let [count, bottom] = [0, -Infinity];
    for (const part of parts.filter(({ height }) => height > 0).toSorted((one, other) => one.top - other.top)) {
      if (part.top >= bottom - 1) count += 1;
      bottom = Math.max(bottom, part.bottom);
    }
    return count;
  });

test("the tools of a list take one line until they are unfolded", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads", { screen: "phone", theme: "dark" });
  await page.waitForURL(/leads/);
  const bar = page.locator(".bar.of-list");
  for (const address of ["/leads", "/deals", "/activities", "/deals?as=board", "/activities?as=calendar", "/deals?as=chart", "/orders"]) {
    await page.goto(plenary.url + address);
    assert.equal(await lines(bar), 1, address);
  }
  await page.goto(`${plenary.url}/deals`);
  const card = await page.locator("tbody tr").first().boundingBox();
  assert.ok(card.y < 230, `the first card begins at ${card.y}`);
  await check(page, `phone-list-${language}-phone-dark`);

  // A condition stays in sight, in a line of its own.
  await page.goto(`${plenary.url}/deals?filter=${encodeURIComponent('readiness == "hot"')}`);
  await page.locator(".cond").waitFor();
  assert.equal(await lines(bar), 2);
  const columns = page.locator(`.tools summary[aria-label="${t("Столбцы")}"]`);
  assert.equal(await columns.isVisible(), false);
  const fold = page.getByRole("checkbox", { name: t("Инструменты списка") });
  await fold.focus();
  await page.keyboard.press("Space");
  await columns.waitFor();
  await check(page, `phone-tools-${language}-phone-dark`);
  await page.locator(".tools-fold").click();
  assert.equal(await columns.isVisible(), false);

  // On wider screens all of them are there, and nothing unfolds them.
  await look(page, "desktop", "light");
  await columns.waitFor();
  assert.deepEqual([await fold.isVisible(), await page.locator(".tools-fold").isVisible()], [false, false]);
  assert.deepEqual(complaints, []);
  await close();
});

test("a new condition is made on a phone without script", async () => {
  const { page, close } = await open({ screen: "phone", script: false });
  await signIn(page, plenary.url, "/deals");
  await page.locator(".tools-fold").click();
  await page.locator("summary[data-filter]").click();
  await page.locator('.fields-offered a[href*="field=readiness"]').click();
  await page.locator(".condition").waitFor();
  await checkFit(page, `phone-condition-${language}-phone-light`);
  await close();
});

test("what is done with a record takes one line, and the rest stands in its menu", async () => {
  const { id } = await make("cases", { subject: "Приглашение для визы" });
  const { page, complaints, close } = await openSignedIn(plenary, `/cases/${id}`, { screen: "phone" });
  await page.waitForURL(/cases/);
  const actions = page.locator("#main > .top .actions");
  assert.equal(await lines(actions), 1);
  const state = (await plenary.api("GET", `/api/v1/cases/${id}`)).status;
  const [main, beside] = [actions.locator(":scope > form .main-action"), actions.locator(":scope > form .btn:not(.main-action, .quiet)").first()];
  const name = (await beside.textContent()).trim();
  assert.deepEqual([await main.isVisible(), await beside.isVisible()], [true, false], "the main thing has room");
  await actions.locator(".more > summary").click();
  await check(page, `phone-record-${language}-phone-light`);
  const inside = actions.locator(".more .for-phones").getByRole("button", { name, exact: true });
  await follow(page, () => inside.click());
  const now = async () => (await plenary.api("GET", `/api/v1/cases/${id}`)).status;
  assert.notEqual(await now(), state);

  // Elsewhere it stands beside the menu, and only there.
  const other = await make("cases", { subject: "Ещё одно приглашение" });
  await look(page, "desktop", "dark");
  await page.goto(`${plenary.url}/cases/${other.id}`);
  await beside.waitFor();
  await actions.locator(".more > summary").click();
  assert.equal(await actions.locator(".more .for-phones").isVisible(), false);
  assert.deepEqual(complaints, []);
  await close();
});

test("what is empty and not filled by hand is folded", async () => {
  const { id } = await make("cases", { subject: "Вопрос о программе" });
  const { page, complaints, close } = await openSignedIn(plenary, `/cases/${id}`);
  await page.waitForURL(/cases/);
  const due = page.locator("dt", { hasText: t("Передано руководителю") });
  await page.locator("details.blank").first().waitFor();
  assert.equal(await due.isVisible(), false);
  await page.locator("details.blank > summary", { hasText: either("Пока пусто:", "Still empty:") }).first().focus();
  await page.keyboard.press("Enter");
  await due.waitFor();
  assert.equal(await page.locator("details.blank dd .change").count(), 0, "what can be filled in stands in sight");
  await check(page, `phone-folded-${language}-desktop-light`);
  assert.deepEqual(complaints, []);
  await close();
});
