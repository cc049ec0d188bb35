// What everybody sets for themselves: widths of columns by pointer, keys and buttons; the order of the menu; and how far an act on
// many records is. In both languages, with and without script.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, hold, look, open, openSignedIn, signIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  const leads = Array.from({ length: 60 }, (_, index) => ({
    op: "create", fields: { name: `Лид ${String(index + 1).padStart(2, "0")}`, company: index === 5 ? "Научно-производственное объединение «Вектор и партнёры»" : "Ядро", source: "Сайт" },
  }));
  await plenary.api("POST", "/api/v1/leads/batch", { atomic: true, operations: leads });
});
after(() => plenary.stop());

const head = (page, label) => page.locator("thead th", { hasText: label });
const widthOf = async (page, label) => (await head(page, label).boundingBox()).width;
const near = (actual, expected, what) => assert.ok(Math.abs(actual - expected) <= 2, `${what}: ${actual}, expected ${expected}`);
const LIST = "/leads?sort=name&columns=name,company,source,phone";
/** What the page does and the server has answered. */
const kept = (page, does) => Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/widths") && answer.status() === 204), does()]);

/** Drags the edge of a head to the side. */
async function drag(page, label, by) {
  const box = await head(page, label).locator("[data-edge]").boundingBox();
  const [x, y] = [box.x + box.width - 3, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by / 2, y, { steps: 4 });
  await page.mouse.move(x + by, y, { steps: 4 });
  await page.mouse.up();
}

test("a column is dragged wider, no other moves, and it stays so", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, LIST);
  await page.waitForURL(/columns/);
  const [company, source, phone] = [await widthOf(page, "Компания"), await widthOf(page, "Источник"), await widthOf(page, "Телефон")];
  await kept(page, () => drag(page, "Компания", 120));
  near(await widthOf(page, "Компания"), company + 120, "wider");
  near(await widthOf(page, "Источник"), source, "the next one");
  near(await widthOf(page, "Телефон"), phone, "the last one");
  assert.match(page.url(), /sort=name&columns/, "a drag sorts nothing");

  // The page comes with the widths: also before any script has run.
  await page.reload();
  near(await widthOf(page, "Компания"), company + 120, "after a reload");
  assert.match(await page.locator("col[data-column=company]").getAttribute("width"), /^\d+$/);
  assert.equal(await page.locator(".grid [style]").count(), 0, "by attributes, not by styles");
  await check(page, "widths-ru-desktop-light");

  await kept(page, () => drag(page, "Компания", -600));
  near(await widthOf(page, "Компания"), 48, "no narrower than can be used");
  await kept(page, () => head(page, "Компания").locator("[data-edge]").dblclick());
  const fits = await page.locator("tbody tr[data-id]").nth(5).locator("td").nth(2).evaluate((cell) => cell.scrollWidth <= cell.clientWidth);
  assert.ok(fits, "a double press fits it to the longest that stands in it");
  assert.ok((await widthOf(page, "Компания")) > 250);
  assert.deepEqual(complaints, []);
  await close();
});

test("by keys, and in each view by itself", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, LIST);
  await page.waitForURL(/columns/);
  await head(page, "Источник").getByRole("link").focus();
  const before = await widthOf(page, "Источник");
  await kept(page, () => page.keyboard.press("Alt+Shift+ArrowRight"));
  await kept(page, () => page.keyboard.press("Alt+Shift+ArrowRight"));
  near(await widthOf(page, "Источник"), before + 32, "two presses");
  await kept(page, () => page.keyboard.press("Alt+Shift+ArrowLeft"));
  near(await widthOf(page, "Источник"), before + 16, "one back");
  await kept(page, () => page.keyboard.press("Alt+Shift+ArrowDown"));
  const fitted = await widthOf(page, "Источник");
  assert.ok(fitted >= 48 && fitted !== before + 16, `fits: ${fitted}`);

  const view = await plenary.api("POST", "/api/v1/meta/views", { module: "leads", name: "Узкий", columns: ["name", "source"] });
  await page.goto(`${plenary.url}/leads?view=${view.id}`);
  assert.equal(await page.locator(".grid.sized").count(), 0, "a view has widths of its own");
  await kept(page, () => drag(page, "Источник", 40));
  await page.goto(`${plenary.url}${LIST}`);
  near(await widthOf(page, "Источник"), fitted, "those of the list stay");
  assert.deepEqual(complaints, []);
  await close();
});

test("by buttons without script, and given back", async () => {
  const { page, close } = await open({ script: false });
  await signIn(page, plenary.url, LIST);
  await page.waitForURL(/columns/);
  await page.locator(".bar summary", { hasText: "Столбцы" }).click();
  const before = await widthOf(page, "Телефон");
  await page.getByRole("button", { name: "Расширить: Телефон" }).click();
  await page.waitForURL(/open=columns/);
  near(await widthOf(page, "Телефон"), before + 24, "wider");
  await page.getByRole("button", { name: "Ширина по содержимому" }).click();
  await page.locator(".grid:not(.sized)").waitFor();
  await close();
});

test("rows that come in while one scrolls move no column", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads?sort=-name&columns=name,company,source");
  await page.waitForURL(/columns/);
  const labels = ["Имя", "Компания", "Источник"];
  const widths = async () => Promise.all(labels.map((label) => widthOf(page, label)));
  const before = await widths();
  const rows = page.locator("tbody tr[data-id]");
  assert.equal(await rows.count(), 50, "the long name of a company is not among them");
  await rows.last().evaluate((row) => row.scrollIntoView());
  await rows.nth(55).waitFor({ state: "attached" });
  (await widths()).forEach((width, index) => near(width, before[index], labels[index]));
  await page.setViewportSize({ width: 1024, height: 768 });
  await page.locator(".grid:not(.sized)").waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("on a phone rows are cards and have no widths", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, LIST);
  await page.waitForURL(/columns/);
  await kept(page, () => drag(page, "Компания", 60));
  await look(page, "phone", "dark");
  await page.reload();
  await checkFit(page, "widths-ru-phone-dark");
  const card = await page.locator("tbody tr[data-id]").first().boundingBox();
  assert.ok(card.width > 300 && card.width <= 390, `a card is as wide as the screen: ${card.width}`);
  await plenary.api("POST", "/api/v1/leads", { name: "А с телефоном", phone: "+79000000123", email: "a.telefonom@example.org" });
  await page.goto(`${plenary.url}/leads?sort=name&columns=name,company,status,phone,email,created_at`);
  await page.getByText("+7 900 000-01-23").waitFor();
  const cut = await page.locator("tbody tr[data-id] td").evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.innerText));
  assert.deepEqual([...new Set(cut)], [], "nothing in a card is cut");
  assert.deepEqual(complaints, []);
  await close();
});

test("the menu is put in order by buttons and by dragging, and thinned out", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  const { page, complaints, close } = await openSignedIn(plenary, "/leads", { locale: "en-GB" });
  await page.waitForURL(/leads/);
  await page.locator(".side-foot summary").click();
  await page.getByRole("link", { name: "Menu order" }).click();
  await page.waitForURL(/\/me\/menu$/);
  await check(page, "menu-order-en-desktop-light");
  const rows = () => page.locator(".order > li").evaluateAll((all) => all.map((row) => row.dataset.name));
  const menu = () => page.locator(".side-menu > a:not(.of-module, .inbox)").evaluateAll((all) => all.map((link) => link.getAttribute("href").slice(1)));
  const before = await rows();
  const at = before.indexOf("leads");
  await page.getByRole("button", { name: "Up: Leads" }).click();
  await page.waitForURL(/#menu-leads/);
  assert.equal((await rows()).indexOf("leads"), at - 1);
  assert.equal((await menu()).indexOf("leads"), at - 1);

  const first = await page.locator(".order > li").first().boundingBox();
  const grip = await page.locator("#menu-deals .grip").boundingBox();
  await page.mouse.move(grip.x + 5, grip.y + 5);
  await page.mouse.down();
  await page.mouse.move(grip.x + 8, grip.y - 30, { steps: 4 });
  await page.mouse.move(first.x + 30, first.y + first.height / 2, { steps: 8 });
  await Promise.all([page.waitForURL(/#menu-deals/), page.mouse.up()]);
  assert.equal((await rows())[0], "deals");

  await page.getByRole("button", { name: "Hide: Contacts" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/#menu-contacts/);
  assert.ok(!(await menu()).includes("contacts"));
  assert.ok((await rows()).includes("contacts"), "and can be had again");
  await page.goto(`${plenary.url}/contacts`);
  assert.equal(await page.locator("h1").innerText(), "Contacts");
  await page.goto(`${plenary.url}/me/menu`);
  await look(page, "phone", "dark");
  await page.reload();
  await check(page, "menu-order-en-phone-dark");
  const reset = page.getByRole("button", { name: "Back to the usual order" });
  await follow(page, () => reset.click());
  assert.equal(await reset.count(), 0);
  assert.deepEqual(await rows(), before);
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  assert.deepEqual(complaints, []);
  await close();
});

test("how far an act on many is is asked while it lasts, and no longer", async () => {
  for (let batch = 0; batch < 2; batch++) {
    const operations = Array.from({ length: 600 }, (_, index) => ({ op: "create", fields: { name: `Много ${batch * 600 + index}` } }));
    await plenary.api("POST", "/api/v1/leads/batch", { atomic: true, operations });
  }
  const { page, complaints, close } = await openSignedIn(plenary, `/leads?filter=${encodeURIComponent('name.startsWith("Много")')}`);
  await page.waitForURL(/filter=/);
  // However fast this machine is: what the server says of the act is held until it has been seen.
  await page.locator("tbody .pick input").first().check();
  await page.locator(".bulk input[name='bulk.all']").check();
  await page.locator(".bulk button", { hasText: "Изменить поле" }).click();
  await page.locator("dialog select").selectOption("source");
  await page.locator("dialog footer .main-action").click();
  await page.locator("dialog input[name=source]").fill("Рассылка");
  let asked = 0;
  await page.route("**/me/act", (route) => route.fulfill({ json: { done: (asked += 1) * 10, all: 1_200 } }));
  // The form's answer is held until it was asked about; a page whose navigation is held cannot be looked into from here.
  const go = await hold(page, "**/leads/bulk");
  await page.locator("dialog footer .main-action").click({ noWaitAfter: true });
  for (let waited = 0; asked < 3 && waited < 100; waited++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(asked >= 3, "nobody asked how far it is");
  go();
  await page.waitForURL(/done=/, { timeout: 60_000 });
  assert.match(await page.locator(".toasts").innerText(), /Изменено 1\s?200 записей/);
  assert.equal(await page.locator(".acting").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});
