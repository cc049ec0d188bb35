// What a newcomer stumbled over: weeks that were cut, hours that led away, heads that ran together, closed pages without a way on,
// a phone without search, manuals without pictures.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, look, openSignedIn } from "./browser.mjs";
import { either, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  await plenary.api("POST", "/api/v1/deals", { name: "Стенд в холле", pipeline: "sponsorship", close_date: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10) });
});
after(() => plenary.stop());

test("weeks of a timeline are read whole, and a bar of one day has its name beside it", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/deals?as=timeline");
  await page.locator(".weeks").waitFor();
  const cut = await page.locator(".weeks thead th").evaluateAll((heads) => heads.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
  assert.deepEqual(cut, []);
  assert.equal(await page.locator(".weeks .beside-bar").innerText(), "Стенд в холле");
  await check(page, "timeline-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

test("on a phone bars over weeks open where the first of them is, and its name says when", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/deals?as=timeline", { screen: "phone" });
  const bar = page.locator(".weeks .event");
  await bar.waitFor();
  const [box, names] = [await bar.boundingBox(), await page.locator(".weeks tbody > tr > th").first().boundingBox()];
  assert.ok(box.x >= names.x + names.width && box.x < 390, JSON.stringify([box, names]));
  assert.match(await page.locator(".weeks tbody th small").innerText(), /\d/);
  await check(page, "timeline-ru-phone-light");
  // Weeks in which there is nothing say where there is something.
  await page.goto(`${plenary.url}/deals?as=timeline&on=2030-01-07`);
  await page.getByRole("link", { name: either(/^Раньше: /, /^Before: /) }).click();
  await bar.waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("heads of tables stand apart, and a field is named from its label until somebody names it", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/modules");
  const fields = page.locator("thead th.num");
  await fields.waitFor();
  const gap = await fields.evaluate((head) => {
    const range = document.createRange();
    range.selectNodeContents(head.nextElementSibling);
    return range.getBoundingClientRect().left - head.getBoundingClientRect().right;
  });
  assert.ok(gap > 12, `${gap}`);
  await page.goto(`${plenary.url}/settings/modules/leads`);
  await page.locator(".top").getByRole("link", { name: t("Новое поле") }).click();
  const form = page.locator("#new-field");
  await form.locator("[name=label_ru]").fill("Должность гостя");
  assert.equal(await form.locator("[name=name]").inputValue(), "dolzhnost_gostya");
  await form.locator("[name=label_en]").fill("Position, 2nd");
  assert.equal(await form.locator("[name=name]").inputValue(), "position_2nd");
  await form.locator("[name=name]").fill("role");
  await form.locator("[name=label_en]").fill("Position");
  assert.equal(await form.locator("[name=name]").inputValue(), "role", "what somebody wrote stays");
  assert.deepEqual(complaints, []);
  await close();
});

test("on a phone search, the bar of a list and a record's history are reached", async () => {
  const lead = await plenary.api("POST", "/api/v1/leads", { name: "Анна Журавлёва" });
  const { page, complaints, close } = await openSignedIn(plenary, "/leads", { screen: "phone" });
  await page.getByRole("link", { name: t("Искать везде") }).click();
  await page.locator("main input[name=q]").fill("журавлева");
  await page.keyboard.press("Enter");
  await page.locator("main").getByRole("link", { name: "Анна Журавлёва" }).waitFor();
  await check(page, "search-ru-phone-light");
  await page.goto(`${plenary.url}/leads`);
  await page.locator("tbody .pick input").first().check();
  const bar = await page.locator(".bulk > *").evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect()).map(({ left, right }) => [left, right]));
  assert.ok(bar.every(([left, right]) => left >= 0 && right <= 390), JSON.stringify(bar));
  await page.goto(`${plenary.url}/leads/${lead.id}`);
  await page.getByRole("link", { name: t("К истории и комментариям") }).click();
  await page.waitForURL(/#story$/);
  const story = await page.locator("#story").boundingBox();
  assert.ok(story.y < 600, JSON.stringify(story));
  assert.deepEqual(complaints, []);
  await close();
});

test("a long name of an organisation is read in the menu", async () => {
  const { page, close } = await openSignedIn(plenary, "/leads");
  await page.locator(".side .org > span").waitFor();
  const box = await page.locator(".side .org > span").evaluate((one) => {
    one.textContent = "Северо-Западный клуб";
    return [one.scrollHeight, one.clientHeight];
  });
  assert.ok(box[0] <= box[1] + 2, `${box}`);
  await close();
});

test("manuals show their pictures, and a browser keeps them", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/help/salesperson");
  const pictures = page.locator(".manual img");
  await pictures.first().waitFor();
  for (const picture of await pictures.all()) {
    assert.ok((await picture.getAttribute("alt")).length > 3);
    assert.ok(await picture.evaluate(async (one) => { await one.decode(); return one.naturalWidth > 100; }));
  }
  const kept = await page.request.get(plenary.url + (await pictures.first().getAttribute("src")));
  assert.match(kept.headers()["cache-control"], /immutable/);
  await look(page, "phone", "light");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(complaints, []);
  await close();
});
