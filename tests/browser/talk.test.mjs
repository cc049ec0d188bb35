// People talk about a record: comments with mentions, tags, following, the bell; by keyboard and pointer, in both languages.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, look, open, openSignedIn } from "./browser.mjs";
import { either, language, once, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

const password = "another-long-password";
let plenary;
before(async () => {
  plenary = await start();
  const user = (name, email, role) => plenary.api("POST", "/api/v1/meta/users", { name, email, roles: [role], password, locale: email.startsWith("en") ? "en" : language });
  await user("Борис Ким", "boris@example.org", "head_of_sales");
  await user("Brenda Stone", "en.brenda@example.org", "head_of_sales");
  await user("Степан Гость", "stepan@example.org", "door");
});
after(() => plenary.stop());

const lead = (name, more) => plenary.api("POST", "/api/v1/leads", { name, ...more });

async function signedInAs(email, path, options) {
  const visit = await open(options);
  await visit.page.goto(`${plenary.url}/sign-in?next=${encodeURIComponent(path)}`);
  await visit.page.fill("#email", email);
  await visit.page.fill("#password", password);
  await visit.page.click("button.main-action");
  await visit.page.waitForURL(`${plenary.url}${path}`);
  return visit;
}

test("a colleague is called by keyboard, told, and answers", async () => {
  const { id } = await lead("ООО «Ромашка»");
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.locator("#say").focus();
  await page.keyboard.type("Посмотри, @Бор");
  const people = page.getByRole("listbox");
  // The first letters were answered with more of them.
  await page.waitForFunction(() => document.querySelectorAll("[role=listbox] [role=option]").length === 1);
  await people.getByRole("option", { name: "Борис Ким" }).waitFor();
  await check(page, "talk-mention-ru-desktop-light");
  await page.keyboard.press("Escape");
  await people.waitFor({ state: "detached" });
  assert.ok(await page.locator("#say").evaluate((area) => area === document.activeElement), "Esc closes the list alone");
  const answered = page.waitForResponse((answer) => answer.url().includes(encodeURIComponent("Борщ")));
  await page.keyboard.type("щ");
  await answered;
  await people.waitFor({ state: "detached" });
  await page.keyboard.press("Backspace");
  await people.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await page.inputValue("#say"), "Посмотри, @Борис Ким ");
  await page.keyboard.type("<b>сегодня</b>");
  await page.keyboard.press("Control+Enter");
  await page.locator(".line.said .mention", { hasText: "@Борис Ким" }).waitFor();
  assert.match(await page.locator(".line.said .words").innerText(), /<b>сегодня<\/b>/);
  await page.waitForFunction(() => document.activeElement?.id === "say");
  assert.equal(await page.inputValue("#say"), "", "the next word may be typed at once");
  await check(page, "talk-said-ru-desktop-light");

  const boris = await signedInAs("boris@example.org", "/leads");
  const bell = boris.page.locator(".bell");
  await boris.page.locator(`.bell[aria-label*='${either("1 новое", "1 new")}']`).waitFor();
  await bell.click();
  await boris.page.locator(".notice.unread").waitFor();
  await check(boris.page, "notices-ru-desktop-light");
  await boris.page.locator(".notice a.link").click();
  await boris.page.waitForURL(/#comment-/);
  await boris.page.locator(`.bell[aria-label='${t("Уведомления")}']`).waitFor();
  assert.equal(await boris.page.locator(".own-words").count(), 0, "others' words are not one's own");
  await boris.page.getByRole("button", { name: t("Слежу") }).click();
  await boris.page.getByRole("button", { name: t("Следить") }).waitFor();
  assert.deepEqual([...complaints, ...boris.complaints], []);
  await boris.close();
  await close();
});

test("whoever does not see the record is refused in words, and nothing typed is lost", async () => {
  const { id } = await lead("Пётр Иванов");
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.fill("#say", "@Степан Гость, взгляни");
  await page.getByRole("button", { name: t("Отправить") }).click();
  await page.locator("#say-error", { hasText: either("не видят: Степан Гость", "see this record: Степан Гость") }).waitFor();
  assert.equal(await page.inputValue("#say"), "@Степан Гость, взгляни");
  await check(page, "talk-refused-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

once("an author changes and takes away their words", async () => {
  const { id } = await lead("Olga");
  const about = { module: "leads", id };
  await plenary.api("POST", "/api/v1/comments", { text: "First thought", about });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`, { locale: "en-GB" });
  await page.locator(".own-words summary").click();
  await page.fill(".own-words textarea", "Second thought");
  await page.locator(".own-words").getByRole("button").first().click();
  await page.locator(".line.said .words", { hasText: "Second thought" }).waitFor();
  await page.locator(".own-words .quiet-link").click();
  await page.locator(".line.said").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await close();
});

test("tags are put in and taken away by keyboard", async () => {
  await lead("Анна", { tags: ["vip", "Постоянный клиент"] });
  const { id } = await lead("Вера", { tags: ["новый"] });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  const input = page.locator("#add-tags");
  await input.focus();
  await page.locator("#in-use-tags option[value='vip']").waitFor({ state: "attached" });
  await page.keyboard.type("vip");
  await page.keyboard.press("Enter");
  await page.locator(".labels .tag", { hasText: "vip" }).waitFor();
  await check(page, "tags-ru-desktop-light");
  await page.getByRole("button", { name: either("Убрать метку «новый»", "Remove the tag “новый”") }).press("Enter");
  await page.locator(".labels .tag", { hasText: "новый" }).waitFor({ state: "detached" });
  assert.deepEqual((await plenary.api("GET", `/api/v1/leads/${id}`)).tags, ["vip"]);
  await page.goto(`${plenary.url}/leads?filter=${encodeURIComponent('tags.exists(t, t == "vip")')}`);
  assert.equal(await page.locator("tbody tr").count(), 2);
  await page.locator("tbody .tag.own", { hasText: "Постоянный клиент" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

once("talk looks right on every screen, in both themes and languages, and works without scripts", async () => {
  const { id } = await lead("Юлия Длиннофамильная-Константинопольская", { tags: ["vip", "Постоянный клиент", "Казань", "спонсор 2027"] });
  const about = { module: "leads", id };
  await plenary.api("POST", "/api/v1/comments", { text: "@Brenda Stone, please look at the offer.\nThe sum has changed.", about });
  await plenary.api("POST", `/api/v1/leads/${id}/transitions/contact`, {});
  for (const [screen, theme] of [["desktop", "dark"], ["phone", "light"], ["phone", "dark"], ["tablet", "light"]]) {
    for (const path of [`/leads/${id}`, "/notifications"]) {
      const { page, complaints, close } = await signedInAs("en.brenda@example.org", path, { screen, theme, locale: "en-GB" });
      await look(page, screen, theme);
      await check(page, `talk-${path.startsWith("/leads") ? "record" : "notices"}-en-${screen}-${theme}`);
      assert.deepEqual(complaints, []);
      await close();
    }
  }
  const { page, close } = await signedInAs("en.brenda@example.org", `/leads/${id}`, { script: false });
  await page.fill("#say", "Without scripts");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".words", { hasText: "Without scripts" }).waitFor();
  await page.fill("#add-tags", "plain");
  await page.press("#add-tags", "Enter");
  await page.locator(".labels .tag", { hasText: "plain" }).waitFor();
  await page.goto(`${plenary.url}/notifications`);
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await page.waitForURL(`${plenary.url}/notifications`);
  assert.equal(await page.locator(".notice.unread").count(), 0);
  await page.check("input[name=letters][value=all]");
  await page.locator("#letters button").click();
  assert.ok(await page.isChecked("input[name=letters][value=all]"));
  await close();
});

once("the bell rings without a reload", async () => {
  const { id } = await lead("Звонок без перезагрузки");
  const boris = await signedInAs("boris@example.org", `/leads/${id}`);
  const before = await boris.page.locator(".bell").getAttribute("aria-label");
  await plenary.api("POST", "/api/v1/comments", { text: "@boris@example.org ждём ответа", about: { module: "leads", id } });
  await boris.page.waitForFunction((label) => document.querySelector(".bell").getAttribute("aria-label") !== label, before);
  await boris.close();
});
