// What a list says of itself and what opens over it: the line below its rows, the place of a record, menus, the moves of a row.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { follow, look, openSignedIn } from "./browser.mjs";
import { either, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  const operations = Array.from({ length: 120 }, (_, index) => ({
    op: "create", fields: { name: `Лид ${String(index + 1).padStart(3, "0")}`, email: `lead${index + 1}@standing.example`, readiness: index % 2 ? "hot" : "cold" },
  }));
  await plenary.api("POST", "/api/v1/leads/batch", { atomic: true, operations });
});
after(() => plenary.stop());

const of = (from, to) => either(`${from}–${to} из 120`, `${from}–${to} of 120`);
const rows = (page) => page.locator("#main tbody tr[data-id]");

test("the line below a list follows what scrolling brings, and a record says of how many it is one", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=name");
  const pager = page.locator(".pager");
  await pager.getByText(of(1, 50)).waitFor();
  await page.locator("tr.more").scrollIntoViewIfNeeded();
  await pager.getByText(of(1, 100)).waitFor();
  assert.match(await pager.locator("[rel=next]").getAttribute("href"), /page=2/);
  await page.locator("tr.more").scrollIntoViewIfNeeded();
  await pager.getByText(of(1, 120)).waitFor();
  assert.equal(await pager.getByText(t("Следующие")).getAttribute("aria-disabled"), "true");
  await page.getByRole("link", { name: "Лид 003", exact: true }).click();
  assert.match(await page.locator("#panel .place").innerText(), either(/^3 из 120/, /^3 of 120/));
  await page.goto(`${plenary.url}/leads?sort=name`);
  await follow(page, () => pager.locator("[rel=next]").click());
  await pager.getByText(of(51, 100)).waitFor();
  await page.getByRole("link", { name: "Лид 052", exact: true }).click();
  assert.match(await page.locator("#panel .place").innerText(), either(/^52 из 120/, /^52 of 120/));
  assert.deepEqual(complaints, []);
  await close();
});

test("menus of a list open at their buttons and inside the window, and the bar takes one line", async () => {
  for (const list of ["/leads?sort=name", "/leads?as=board", "/deals?as=board"]) {
    const { page, complaints, close } = await openSignedIn(plenary, list);
    await page.waitForURL(/leads|deals/);
    for (const screen of ["desktop", "tablet", "phone"]) {
      await look(page, screen, "light");
      const width = page.viewportSize().width;
      for (const menu of await page.locator(".bar.of-list details.menu").all()) {
        const summary = menu.locator(":scope > summary");
        if (!(await summary.isVisible())) continue;
        await summary.click();
        // It is moved into the window a moment after it opened.
        const [button, pop] = await menu.evaluate(async (one) => {
          const boxes = () => [":scope > summary", ":scope > .pop"].map((part) => one.querySelector(part).getBoundingClientRect().toJSON());
          const isInside = ({ left, right }) => left >= 0 && right <= innerWidth + 1;
          for (let frames = 0; frames < 60 && !isInside(boxes()[1]); frames++) await new Promise((next) => requestAnimationFrame(next));
          return boxes();
        });
        const said = `${screen} ${await summary.innerText()}: ${JSON.stringify([button, pop])}`;
        assert.ok(pop.x >= 0 && pop.x + pop.width <= width + 1, `inside: ${said}`);
        const gap = pop.y - (button.y + button.height);
        assert.ok(gap > -4 && gap < 12, `below: ${said}`);
        assert.ok(pop.x <= button.x + button.width && pop.x + pop.width >= button.x, `at its button: ${said}`);
        await page.keyboard.press("Escape");
      }
      const names = await page.locator(".bar.of-list summary").allInnerTexts();
      assert.equal(new Set(names.map((name) => name.trim())).size, names.length, names.join());
      if (screen === "desktop") {
        const tops = await page.locator(".bar.of-list").evaluate((bar) => bar.getBoundingClientRect().height);
        assert.ok(tops < 60, `one line: ${tops}`);
      }
    }
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("the stage of a row is changed where it stands, by pointer and by keyboard", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=name");
  const cell = rows(page).first().locator("td[data-moves]");
  const menu = page.locator(".moves");
  await cell.click();
  await menu.locator("button", { hasText: t("Связались") }).waitFor();
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  assert.ok(await cell.evaluate((one) => one === document.activeElement), "the focus is back in the cell");
  await page.keyboard.press("F2");
  await menu.locator("button").first().waitFor();
  assert.ok(await menu.locator("button", { hasText: t("Связались") }).evaluate((one) => one === document.activeElement));
  await page.keyboard.press("Enter");
  await cell.getByText(t("Контакт установлен")).waitFor();

  await page.keyboard.press("Enter");
  await menu.locator("button", { hasText: t("Квалифицировать") }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  await dialog.locator("[name=company]").fill("Ядро");
  await dialog.locator("[name=need]").fill("Стенд");
  await dialog.locator("button.main-action").click();
  await cell.getByText(t("Квалифицирован")).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("arrows begin at the first row and the first card, J and K go through a board", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=name");
  const active = () => page.evaluate(() => document.activeElement.textContent.trim());
  await rows(page).first().waitFor();
  await page.keyboard.press("ArrowDown");
  assert.equal(await active(), "Лид 001");
  await page.keyboard.press("ArrowDown");
  assert.equal(await active(), "Лид 002");
  await page.goto(`${plenary.url}/leads?as=board`);
  const cards = await page.locator(".board .card header b a").allInnerTexts();
  await page.keyboard.press("ArrowRight");
  assert.equal(await active(), cards[0]);
  await page.keyboard.press("j");
  assert.equal(await active(), cards[1]);
  await page.keyboard.press("k");
  assert.equal(await active(), cards[0]);
  assert.deepEqual(complaints, []);
  await close();
});

test("an act on many says how many, is told once, lets the pager be seen, and its undo is told", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=-name");
  await rows(page).first().waitFor();
  const picked = page.locator(".bulk [data-picked]");
  await rows(page).first().locator(".pick input").check();
  assert.equal(await picked.innerText(), "1");
  await page.locator(".bulk [data-all]").check();
  assert.equal(await picked.innerText(), "120");
  await page.locator(".bulk [data-all]").uncheck();
  for (const at of [1, 2]) await rows(page).nth(at).locator(".pick input").check();
  await page.locator(".bulk button[value=delete]").click();
  const toast = page.locator("#toasts .toast", { hasText: either("В корзине 3 записи", "3 records moved to the bin") });
  await toast.waitFor();
  const [told, pager] = [await toast.boundingBox(), await page.locator(".pager").boundingBox()];
  assert.ok(told.y + told.height <= pager.y + 1, JSON.stringify([told, pager]));
  await page.reload();
  await rows(page).first().waitFor();
  assert.equal(await page.locator("#toasts .toast").count(), 0, "it was told");
  await page.goto(`${plenary.url}/leads?sort=-name`);
  for (const at of [0, 1]) await rows(page).nth(at).locator(".pick input").check();
  await page.locator(".bulk button[value=delete]").click();
  await page.locator("#toasts .toast", { hasText: either("В корзине 2 записи", "2 records moved to the bin") }).getByRole("button", { name: t("Вернуть как было") }).click();
  await page.locator("#toasts .toast", { hasText: either("Отменено", "Undone") }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("a deal says whole where it is, on its own road, and its buttons say where they lead", async () => {
  const { id } = await plenary.api("POST", "/api/v1/deals", { name: "Серебряный спонсор, JavaВесна 2027", pipeline: "sponsorship" });
  const { page, complaints, close } = await openSignedIn(plenary, `/deals/${id}`);
  await page.locator("#main .path").waitFor();
  const stages = await page.locator("#main .path li").evaluateAll((all) => all.map((one) => one.title));
  assert.ok(stages.includes(t("Закрытие сделки")) && !stages.includes(t("Заявка")), stages.join());
  for (const screen of ["desktop", "tablet", "phone"]) {
    await look(page, screen, "light");
    const present = page.locator("#main .path [aria-current] span");
    assert.ok(await present.evaluate((one) => one.scrollWidth <= one.clientWidth + 1), `${screen}: the stage is read whole`);
    const right = await page.locator("#main .path").evaluate((path) => Math.max(...[...path.children].map((one) => one.getBoundingClientRect().right)));
    assert.ok(right <= page.viewportSize().width, `${screen}: ${right}`);
    const title = await page.locator("#main h1").evaluate((one) => [one.scrollHeight, one.clientHeight]);
    assert.ok(title[0] <= title[1] + 2, `${screen}: the title is not cut: ${title}`);
  }
  await look(page, "desktop", "light");
  await page.locator("#main .top .actions").getByText(either("Дальше", "Advance")).click();
  const dialog = page.locator("dialog[open]");
  await dialog.getByRole("heading", { name: either("Дальше: «Серебряный спонсор, JavaВесна 2027» → Переговоры о цене", "Advance: “Серебряный спонсор, JavaВесна 2027” → Price negotiation") }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("a column under a carried card stands still, and a card has no stray dots", async () => {
  const { page, close } = await openSignedIn(plenary, "/leads?as=board");
  const card = page.locator(".board .card").first();
  await card.hover();
  const [from, target] = [await card.boundingBox(), page.locator('.col[data-to="contacted"]')];
  const before = await target.locator("header").boundingBox();
  const to = await target.boundingBox();
  await page.mouse.move(from.x + 40, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(to.x + 80, to.y + 90, { steps: 8 });
  await page.locator(".col.lands").waitFor();
  const after = await target.locator("header").boundingBox();
  assert.ok(Math.abs(after.width - before.width) < 1 && Math.abs(after.y - before.y) < 1, JSON.stringify([before, after]));
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await close();
});
