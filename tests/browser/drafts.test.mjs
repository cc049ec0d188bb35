// What was typed in the place of a value and not saved comes back over what it was typed over: what somebody else has saved
// meanwhile is asked about again, and nothing is saved until its author says so.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, moment, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

const words = {
  ru: { company: "Компания", amount: "Сумма", mine: "Моё", now: "В записи сейчас: Было" },
  en: { company: "Company", amount: "Amount", mine: "Mine", now: "The record says: Было" },
};

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const value = (root, label) => root.locator("dl.fields dt", { hasText: label }).locator("xpath=following-sibling::dd[1]");
const stored = (module, id) => plenary.api("GET", `/api/v1/${module}/${id}`);
const price = (amount) => ({ amount, currency: "RUB" });

for (const locale of ["ru", "en"]) {
  const say = words[locale];

  test(`an undecided conflict is asked again when the record is opened again, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { id } = await plenary.api("POST", "/api/v1/deals", { name: `Спонсорство ${locale}`, pipeline: "general", amount: price("300000.00") });
    const { page, complaints, close } = await openSignedIn(plenary, `/deals/${id}`, { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    await page.waitForURL(/deals\/.+/);
    page.on("dialog", (dialog) => dialog.accept());
    await value(page, say.amount).first().locator("a.change").click();
    await page.fill("dd.edit [name=amount]", "800000");
    await plenary.api("PATCH", `/api/v1/deals/${id}`, { amount: price("500000.00") });
    await page.press("dd.edit [name=amount]", "Enter");
    const conflict = page.locator(".conflict");
    await conflict.waitFor();

    // Left without a choice, by the menu, and opened again; twice, so that a draft that came back is kept as it was.
    for (const time of ["once", "twice"]) {
      await page.goto(`${plenary.url}/leads`);
      await page.goto(`${plenary.url}/deals/${id}`);
      await conflict.waitFor();
      const sides = (await conflict.locator(".option").allInnerTexts()).map((text) => text.replace(/\D/g, "").slice(0, 1));
      assert.deepEqual(sides, ["8", "5", "3"], time);
      assert.equal(await page.locator("dd.edit [name=amount]").inputValue(), "800000");
    }
    await check(page, `draft-conflict-${locale}-desktop-light`);
    await page.locator("h1").click();
    await moment(page);
    assert.equal((await stored("deals", id)).amount.amount, "500000.00", "a click elsewhere saves nothing");

    await conflict.locator("label", { hasText: say.mine }).click();
    await page.locator("dd.edit button.main-action").click();
    await page.locator("dd.edit").waitFor({ state: "detached" });
    assert.equal((await stored("deals", id)).amount.amount, "800000.00");
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`a draft that nobody overtook says so in whole words and waits for its author, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { id } = await plenary.api("POST", "/api/v1/leads", { name: `Черновик ${locale}`, company: "Было" });
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`, { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    await page.waitForURL(/leads\/.+/);
    page.on("dialog", (dialog) => dialog.accept());
    await value(page, say.company).locator("a.change").click();
    await page.fill("dd.edit [name=company]", "Недописано");
    await page.reload();
    const note = page.locator("dd.edit .note");
    await note.waitFor();
    assert.match(await note.innerText(), new RegExp(say.now));
    const broken = await note.locator("div").evaluate((box) => {
      const text = [...box.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
      const lines = (node, from, to) => {
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, to);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
      };
      return text.flatMap((node) => [...node.data.matchAll(/[^\s-]+/g)].filter((found) => lines(node, found.index, found.index + found[0].length) > 1).map(([word]) => word));
    });
    assert.deepEqual(broken, [], "no word is broken");
    await check(page, `draft-back-${locale}-desktop-light`);

    await page.locator("h1").click();
    await moment(page);
    assert.equal((await stored("leads", id)).company, "Было", "leaving it saves nothing");
    assert.equal(await page.locator("dd.edit [name=company]").inputValue(), "Недописано");
    await page.locator("dd.edit [name=company]").press("Enter");
    await page.locator("dd.edit").waitFor({ state: "detached" });
    assert.equal((await stored("leads", id)).company, "Недописано");
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("what somebody else has saved just so is nothing to decide", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  const { id } = await plenary.api("POST", "/api/v1/leads", { name: "Одно И То Же", company: "Было" });
  const { page, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.waitForURL(/leads\/.+/);
  page.on("dialog", (dialog) => dialog.accept());
  await value(page, "Компания").locator("a.change").click();
  await page.fill("dd.edit [name=company]", "Стало");
  await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: "Стало" });
  await page.reload();
  // The value stands in the page before the draft is looked at: what is waited for is the draft's end.
  await page.waitForFunction(() => !Object.keys(sessionStorage).some((name) => name.startsWith("draft ")));
  await page.locator("dl.fields dd", { hasText: "Стало" }).locator("a.change").waitFor();
  await page.reload();
  assert.equal(await page.locator("dd.edit").count(), 0, "and the draft is gone");
  await close();
});

test("the choice gets the focus when the field was left by Tab, on a record and in a list, where what is chosen is seen", async () => {
  const { id } = await plenary.api("POST", "/api/v1/leads", { name: "Уход Табом", company: "Было" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.waitForURL(/leads\/.+/);
  const isChoosing = () => page.waitForFunction(() => document.activeElement?.matches(".conflict input:checked"));
  await value(page, "Компания").locator("a.change").click();
  await page.fill("dd.edit [name=company]", "Моё");
  await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: "Чужое" });
  for (let key = 0; key < 3; key += 1) await page.keyboard.press("Tab");
  await isChoosing();
  await page.keyboard.press("Escape");
  await page.locator(".conflict").waitFor({ state: "detached" });

  await page.goto(`${plenary.url}/leads?columns=name,company`);
  const cell = page.locator(`tr[data-id="${id}"] td[data-field=company]`);
  await cell.click();
  await cell.locator("input[name=company]").fill("Моё");
  await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: "Их" });
  await page.keyboard.press("Tab");
  await isChoosing();
  const looks = await cell.locator(".conflict input[type=radio]").evaluateAll((all) => all.map((radio) => [radio.checked, getComputedStyle(radio).backgroundColor]));
  const [mine, theirs] = looks;
  assert.equal(mine[0], true);
  assert.notEqual(mine[1], theirs[1], "the chosen one looks chosen");
  await check(page, "conflict-cell-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

test("the way to a field's history lies over nothing that is read", async () => {
  const { id } = await plenary.api("POST", "/api/v1/leads", { name: "История Поля", company: "Было" });
  const { page, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.waitForURL(/leads\/.+/);
  const names = page.locator("dl.fields dt:has(> .past)");
  await names.first().waitFor();
  const over = await names.evaluateAll((all) => all.flatMap((name) => {
    const icon = name.querySelector(".past").getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(name);
    range.setEndBefore(name.querySelector(".past"));
    return [...range.getClientRects()].some((line) => line.width > 0 && line.left < icon.right - 0.5 && line.right > icon.left + 0.5) ? [name.textContent] : [];
  }));
  assert.deepEqual(over, []);
  await names.first().hover();
  const way = names.first().locator(".past");
  await page.waitForFunction(() => getComputedStyle(document.querySelector("dl.fields dt .past")).opacity === "1");
  await way.click();
  await page.getByRole("dialog", { name: /История поля/ }).waitFor();
  await close();
});
