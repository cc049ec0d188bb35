// What is too long for its place: it ends in an ellipsis, says the whole of itself, and hides nothing beside it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

const NAME = "Северо-Западный телекоммуникационный консорциум имени Александра Степановича Попова, обособленное подразделение в Санкт-Петербурге";
const TAG = "Постоянный участник всех конференций с 2009 года";

let plenary;
let lead;
before(async () => {
  plenary = await start();
  lead = await plenary.api("POST", "/api/v1/leads", { name: NAME, company: NAME, tags: [TAG, "vip"] });
});
after(() => plenary.stop());

test("a long name leaves the way back and the acts their room", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${lead.id}`);
  await page.waitForURL(/leads/);
  for (const screen of ["desktop", "tablet", "phone"]) {
    await look(page, screen, "light");
    const boxes = await page.evaluate(() =>
      [".crumbs", "h1", ".actions"].map((part) => document.querySelector(`#main > .top ${part}`).getBoundingClientRect().toJSON()));
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        const isApart = one.right <= other.left + 1 || other.right <= one.left + 1 || one.bottom <= other.top + 1 || other.bottom <= one.top + 1;
        assert.ok(isApart, `${screen}: ${JSON.stringify([one, other])}`);
      }
    }
    const way = page.locator("#main > .top .crumbs a").first();
    assert.ok(await way.evaluate((link) => link.scrollWidth <= link.clientWidth + 1), `${screen}: the way back is whole`);
  }
  assert.equal(await page.locator("#main h1").getAttribute("title"), NAME);
  await look(page, "desktop", "light");
  await check(page, "cut-record-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

test("a long tag keeps its cross, and a mark in a narrow column ends in an ellipsis", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${lead.id}`);
  await page.waitForURL(/leads/);
  const tag = page.locator(".labels .tag", { hasText: "Постоянный" });
  const [whole, cross, holder] = [await tag.boundingBox(), await tag.locator("button").boundingBox(), await page.locator("dd.labels").boundingBox()];
  assert.ok(cross.x + cross.width <= whole.x + whole.width + 1 && whole.x + whole.width <= holder.x + holder.width + 1, JSON.stringify([whole, cross, holder]));
  assert.equal(await tag.getAttribute("title"), TAG);
  await tag.locator("button").click();
  await tag.waitFor({ state: "detached" });
  assert.deepEqual((await plenary.api("GET", `/api/v1/leads/${lead.id}`)).tags, ["vip"]);
  await plenary.api("PATCH", `/api/v1/leads/${lead.id}`, { tags: [TAG, "vip"] });

  await page.request.post(`${plenary.url}/leads/widths`, { form: { widths: "status:64,tags:96" }, headers: { origin: plenary.url } });
  await page.goto(`${plenary.url}/leads?columns=name,status,tags`);
  for (const text of [".tag:not(.own)", ".tag.own"]) {
    const mark = page.locator(`#main tr[data-id] ${text}`).first();
    const shown = await mark.evaluate((one) => {
      const cell = one.closest("td");
      const room = cell.getBoundingClientRect().right - parseFloat(getComputedStyle(cell).paddingRight);
      return { cut: getComputedStyle(one).textOverflow, right: one.getBoundingClientRect().right, room };
    });
    assert.equal(shown.cut, "ellipsis");
    assert.ok(shown.right <= shown.room + 1, `${text}: ${JSON.stringify(shown)}`);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test("menus that are icons say their names, in both languages", async () => {
  for (const [locale, names] of [["ru", ["Группировка", "Столбцы"]], ["en", ["Group", "Columns"]]]) {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, close } = await openSignedIn(plenary, "/leads", { locale });
    await page.waitForURL(/leads/);
    for (const name of names) {
      const summary = page.locator(`.tools summary[aria-label="${name}"]`);
      await summary.focus();
      await page.keyboard.press("Enter");
      assert.ok(await summary.evaluate((one) => one.parentElement.open), name);
      await page.keyboard.press("Escape");
    }
    await check(page, `menus-named-${locale}-desktop-light`);
    await close();
  }
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
});
