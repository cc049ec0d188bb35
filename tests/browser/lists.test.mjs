// A list: sorted by its head, narrowed by a menu, by the form and by words, turned page by page, driven by the keyboard.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, openSignedIn, screens } from "./browser.mjs";
import { either, once, t } from "./languages.mjs";
import { start } from "./plenary.mjs";
import { season } from "./season.mjs";

let plenary;
before(async () => {
  plenary = await start();
  await season(plenary, { days: 1, perDay: 12 });
  const operations = Array.from({ length: 120 }, (_, index) => ({
    op: "create", fields: { name: `Лид ${String(index + 1).padStart(3, "0")}`, readiness: index % 2 ? "hot" : "cold" },
  }));
  await plenary.api("POST", "/api/v1/leads/batch", { atomic: true, operations });
});
after(() => plenary.stop());

const names = (page) => page.locator("tbody .name a").allInnerTexts();

test("orders: sorted, narrowed, found", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/orders");
  await page.waitForURL(/orders/);
  const head = (name) => page.locator("thead th", { hasText: name });

  await follow(page, () => head(t("Номер")).getByRole("link").click());
  assert.equal(await head(t("Номер")).getAttribute("aria-sort"), "ascending");
  const rising = await names(page);
  await follow(page, () => head(t("Номер")).getByRole("link").click());
  assert.equal(await head(t("Номер")).getAttribute("aria-sort"), "descending");
  assert.deepEqual(await names(page), [...rising].reverse());

  await page.locator(".bar summary", { hasText: t("Статус") }).click();
  await page.locator(".bar .pop a", { hasText: t("Ждёт оплаты") }).click();
  await page.waitForURL(/filter=/);
  assert.equal(new URL(page.url()).searchParams.get("filter"), 'status == "pending"');
  const states = await page.locator("tbody .tag").allInnerTexts();
  assert.ok(states.length > 0 && states.every((state) => state.trim() === t("Ждёт оплаты")), states.join());
  assert.equal(await head(t("Номер")).getAttribute("aria-sort"), "descending", "the order stays");

  await page.locator(".bar summary", { hasText: t("Фильтр") }).click();
  await page.locator('.fields-offered a[href*="field=buyer_name"]').click();
  await page.selectOption("#filter-operator", "contains");
  await page.fill("#filter-value", "орлов");
  await page.keyboard.press("Enter");
  await page.waitForURL(/contains/);
  await page.locator(".bar summary", { hasText: t("Выражение") }).click();
  assert.equal(await page.inputValue("#expression"), 'status == "pending" && buyer_name.contains("орлов")');
  await page.fill("#expression", 'status == "pending" && buyer_name.contains(');
  await page.locator(".pop button", { hasText: t("Применить") }).last().click();
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), either(/Выражение не читается/, /The expression cannot be read/));

  await page.goto(`${plenary.url}/orders`);
  await page.fill(".bar input[name=q]", "смирнова");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  assert.ok((await page.locator("tbody tr").allInnerTexts()).every((row) => row.includes("Смирнова")));
  await page.fill(".bar input[name=q]", "такого нет");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: either("Ничего не нашлось", "Nothing was found") }).waitFor();
  await check(page, "orders-none-ru-desktop-light");
  await page.getByRole("link", { name: t("Показать все") }).click();
  await page.waitForURL(`${plenary.url}/orders`);
  assert.deepEqual(complaints, []);
  await close();
});

once("leads: page by page, to the bin and back", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=name", { locale: "en" });
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  await page.goto(`${plenary.url}/leads?filter=${encodeURIComponent('name.contains("Лид")')}&sort=name`);
  const pager = page.locator(".pager");
  assert.match(await pager.innerText(), /1–50/);
  const first = await names(page);
  assert.equal(first[0].trim(), "Лид 001");
  await follow(page, () => pager.getByText("Next").click());
  await page.getByText("51–100").waitFor();
  assert.equal((await names(page))[0].trim(), "Лид 051");
  await follow(page, () => pager.getByText("Next").click());
  await page.getByText("101–120").waitFor();
  assert.equal(await pager.getByText("Next").getAttribute("aria-disabled"), "true");
  await follow(page, () => pager.getByText("Previous").click());
  await follow(page, () => pager.getByText("Previous").click());
  await page.getByText("1–50").waitFor();
  assert.deepEqual(await names(page), first);

  await page.getByRole("link", { name: "Лид 001", exact: true }).click();
  await page.locator(".top summary", { hasText: "More" }).click();
  await page.getByRole("button", { name: /bin/i }).click();
  await page.waitForURL(/\/leads\?done=/);
  await follow(page, () => page.locator(".bar a[title=Bin]").click());
  assert.deepEqual((await names(page)).map((name) => name.trim()), ["Лид 001"]);
  await check(page, "leads-bin-en-desktop-light");
  await page.getByRole("link", { name: "Лид 001", exact: true }).click();
  await page.locator(".top summary", { hasText: "More" }).click();
  await page.getByRole("button", { name: "Take out of the bin" }).click();
  await page.getByRole("button", { name: "Take out of the bin" }).waitFor({ state: "detached" });
  await page.locator("h1", { hasText: "Лид 001" }).waitFor();
  await page.goto(`${plenary.url}/leads?deleted=true`);
  await page.locator(".empty").waitFor();
  await check(page, "leads-bin-empty-en-desktop-light");
  assert.deepEqual(complaints, []);
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  await close();
});

test("an empty list teaches", async () => {
  const { page, close } = await openSignedIn(plenary, "/deals");
  await page.locator(".empty h2").waitFor();
  assert.match(await page.locator(".empty").innerText(), either(/Сделка ведёт от интереса/, /A deal leads from interest/));
  await page.locator(".empty a").click();
  await page.waitForURL(/\/deals\/new/);
  await close();
});

once("on a phone rows are cards, and the whole card opens the record", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/orders", { screen: "phone" });
  await page.waitForURL(/orders/);
  const card = page.locator("tbody tr").first();
  const box = await card.boundingBox();
  assert.ok(box.width <= screens.phone.width && box.height > 80, JSON.stringify(box));
  assert.equal(await page.locator("thead").evaluate((head) => head.getBoundingClientRect().width <= 1), true);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height - 12);
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/);
  assert.deepEqual(complaints, []);
  await close();
});

/** A key as the Russian layout sends it: its place on the keyboard, and the Cyrillic letter. */
async function russian(page, code, key, shiftKey = false) {
  await page.evaluate(([code, key, shiftKey]) => {
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { code, key, shiftKey, bubbles: true, cancelable: true }));
  }, [code, key, shiftKey]);
}

test("keys work by their place, on the Russian layout too", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/orders");
  await page.waitForURL(/orders/);
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  const rows = (await names(page)).map((name) => name.trim());
  await russian(page, "KeyJ", "о");
  assert.equal(await focused(), rows[0]);
  await russian(page, "KeyJ", "о");
  assert.equal(await focused(), rows[1]);
  await russian(page, "KeyK", "л");
  assert.equal(await focused(), rows[0]);

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: t("Клавиши") });
  await help.waitFor();
  await check(page, "keys-ru-desktop-light");
  for (const keys of ["Shift X", "Ctrl Enter"]) assert.ok(await help.locator("kbd", { hasText: keys }).count(), keys);
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  await russian(page, "Slash", ",", true);
  await help.waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });

  await page.keyboard.press("/");
  await page.locator("#palette:modal").waitFor();
  await page.keyboard.type("jk?");
  assert.equal(await page.evaluate(() => document.activeElement?.value), "jk?", "letters are typed into a field");
  await page.keyboard.press("Escape");
  await page.locator("#palette:modal").waitFor({ state: "detached" });
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/orders\?open=[0-9a-f-]{36}/);
  assert.match(await page.locator("#panel h1").innerText(), new RegExp(rows[1]), "the palette gave the focus back to the first row");

  // x ticks a row; with Shift all rows from there.
  await page.goto(`${plenary.url}/orders`);
  const picked = page.locator("tbody .pick input:checked");
  await page.keyboard.press("j");
  await russian(page, "KeyX", "ч");
  assert.equal(await picked.count(), 1);
  for (const _ of [1, 2]) await page.keyboard.press("j");
  await russian(page, "KeyX", "Ч", true);
  assert.equal(await picked.count(), 3);

  await page.goto(`${plenary.url}/leads`);
  await russian(page, "KeyC", "с");
  await page.locator("dialog.quick:modal [name=name]").waitFor();
  assert.deepEqual(complaints, []);
  await close();
});
