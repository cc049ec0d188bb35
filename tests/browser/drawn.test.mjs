// Processes drawn: readable on a screen, a tablet, a phone and paper, in both languages and themes; reached by pointer and keys.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
let lead;
before(async () => {
  plenary = await start();
  lead = await make("leads", { name: "Ольга Лебедева", company: "ООО «Волга»" });
  await make("leads", { name: "Пётр Ли" });
  await make("deals", { name: "Стенд", pipeline: "sponsorship" });
  for (const name of ["contact", "disqualify", "reopen"]) await plenary.api("POST", `/api/v1/leads/${lead.id}/transitions/${name}`, {});
});
after(() => plenary.stop());

const make = (module, fields) => plenary.api("POST", `/api/v1/${module}`, fields);
const shown = (page) => page.locator(".drawing:visible");

/** Every word of the picture stands inside of it, and inside of its state where it belongs to one; no two cover each other. */
const faults = (page) => shown(page).evaluate((svg) => {
  const found = [];
  const outer = svg.getBoundingClientRect();
  const outside = (box, room) => box.left < room.left - 1 || box.right > room.right + 1 || box.top < room.top - 1 || box.bottom > room.bottom + 1;
  for (const text of svg.querySelectorAll("text")) {
    const room = text.closest(".state")?.querySelector(".box").getBoundingClientRect() ?? outer;
    if (outside(text.getBoundingClientRect(), room)) found.push(`outside: ${text.textContent}`);
  }
  const names = [...svg.querySelectorAll("text.move")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const boxes = [...svg.querySelectorAll(".box")].map((box) => ["a state", box.getBoundingClientRect()]);
  const covers = (one, other) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 2 && other.top < one.bottom - 2;
  names.forEach(([name, box], index) => {
    for (const [other, place] of [...names.slice(index + 1), ...boxes]) if (covers(box, place)) found.push(`${name} covers ${other}`);
  });
  return found;
});

const guises = [["desktop", "light"], ["desktop", "dark"], ["tablet", "light"], ["phone", "light"], ["phone", "dark"]];

for (const [locale, title] of [["ru", "Процесс «Стадии сделки»"], ["en", "Process “Deal stages”"]]) {
  test(`the stages of deals are read at every width, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, "/processes/deals", { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    for (const [screen, theme] of guises) {
      await look(page, screen, theme);
      await page.goto(`${plenary.url}/processes/deals`);
      assert.equal(await shown(page).count(), 1, `${screen}: one picture`);
      assert.equal(await page.getByRole("img", { name: title }).count(), 1);
      assert.deepEqual(await faults(page), [], `${locale} ${screen}`);
      const size = await shown(page).locator("text").first().evaluate((text) => text.getBoundingClientRect().height);
      assert.ok(size > 11, `${screen}: letters of ${size} px`);
      await (theme === "light" || screen === "phone" ? check : checkFit)(page, `process-deals-${locale}-${screen}-${theme}`);
    }
    for (const module of ["orders", "leads", "cases", "tickets", "payments", "activities", "invoices"]) {
      await page.goto(`${plenary.url}/processes/${module}`);
      assert.deepEqual(await faults(page), [], `${locale} ${module}`);
      await checkFit(page, `process-${module}-${locale}-phone-dark`);
    }
    assert.deepEqual(complaints, []);
    await close();
    await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  });
}

test("from the list to the process, to the records of a state, by keyboard", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.locator('.bar a[href="/processes/leads"]').focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/processes\/leads$/);
  const link = page.locator(".states a").first();
  assert.match(await link.innerText(), /^2/);
  await link.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/leads\?filter=/);
  await page.locator(".grid", { hasText: "Пётр Ли" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.locator("#palette[open]").waitFor();
  await page.keyboard.type("Стадии сделки");
  await page.locator("#palette a", { hasText: "Процесс «Стадии сделки»" }).click();
  await page.waitForURL(/\/processes\/deals$/);
  assert.deepEqual(complaints, []);
  await close();
});

test("a record's own way", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${lead.id}`);
  await page.getByRole("link", { name: "Путь записи на рисунке" }).click();
  await page.waitForURL(/record=/);
  assert.equal(await shown(page).locator(".state.here").count(), 1);
  assert.match(await shown(page).locator(".state.here").textContent(), /Шаги 1, 4/);
  assert.deepEqual(await faults(page), []);
  await check(page, "process-way-ru-desktop-light");
  for (const theme of ["light", "dark"]) {
    await look(page, "phone", theme);
    await page.reload();
    assert.deepEqual(await faults(page), []);
    await check(page, `process-way-ru-phone-${theme}`);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test("on paper the picture is whole and light", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/processes/orders", { theme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.locator(".drawing-wide:visible").count(), 1);
  assert.equal(await page.locator(".drawing-narrow:visible").count(), 0);
  await checkFit(page, "process-orders-ru-print");
  assert.deepEqual(complaints, []);
  await close();
});

test("without script it is the same page", async () => {
  const { page, close } = await openSignedIn(plenary, "/processes/leads", { script: false });
  assert.equal(await shown(page).count(), 1);
  await close();
});
