// Controls that are more than a line: stars of a rating, a colour, a length of time, JSON.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

const words = {
  ru: { four: "4 звезды", none: "Без оценки", pick: "Цвет: выбрать цвет", typed: "1 ч 30 мин", shown: "1 час 30 минут", wrong: "Это не JSON" },
  en: { four: "4 stars", none: "No rating", pick: "Colour: pick a colour", typed: "1h 30m", shown: "1 hour 30 minutes", wrong: "This is not JSON" },
};

const worlds = {};
before(async () => {
  for (const locale of ["ru", "en"]) {
    const plenary = (worlds[locale] = await start({ locale }));
    await plenary.api("POST", "/api/v1/meta/modules", {
      name: "hotels", label: { ru: "Гостиницы", en: "Hotels" }, title: "name",
      fields: [
        { name: "name", type: "text", label: { ru: "Название", en: "Name" }, required: true },
        { name: "stars", type: "rating", label: { ru: "Оценка", en: "Rating" } },
        { name: "look", type: "colour", label: { ru: "Цвет", en: "Colour" } },
        { name: "stay", type: "duration", label: { ru: "Срок", en: "Stay" } },
        { name: "terms", type: "json", label: { ru: "Условия", en: "Terms" } },
      ],
    });
  }
});
after(() => Promise.all(Object.values(worlds).map((world) => world.stop())));

for (const locale of ["ru", "en"]) {
  test(`${locale}: a rating, a colour and a length of time are set by keyboard and pointer`, async () => {
    const world = worlds[locale];
    const says = words[locale];
    const { page, complaints, close } = await openSignedIn(world, "/hotels/new", { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    await page.fill("#name", "Балтия");
    await page.getByRole("radio", { name: says.none }).focus();
    for (let star = 0; star < 3; star += 1) await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator("[name=stars]:checked").inputValue(), "3");
    await page.getByRole("radio", { name: says.four }).click();
    const well = page.getByLabel(says.pick);
    await page.fill("#look", "#1F6FEB");
    assert.equal(await well.inputValue(), "#1f6feb", "the well shows what was typed");
    await well.fill("#3c58c9");
    assert.equal(await page.inputValue("#look"), "#3c58c9", "and the text what was picked");
    await page.fill("#stay", says.typed);
    await check(page, `controls-${locale}-desktop-light`);
    await page.locator("main button.main-action").click();
    await page.waitForURL(/\/hotels\/[0-9a-f-]{36}$/);
    const id = page.url().split("/").at(-1);
    const hotel = await world.api("GET", `/api/v1/hotels/${id}`);
    assert.deepEqual([hotel.stars, hotel.look, hotel.stay], [4, "#3c58c9", "PT1H30M"]);

    await page.goto(`${world.url}/hotels/${id}/edit`);
    assert.equal(await page.inputValue("#stay"), says.shown);
    await page.getByRole("radio", { name: says.none }).click();
    await page.locator("main button.main-action").click();
    await page.waitForURL((url) => url.pathname === `/hotels/${id}`);
    assert.equal((await world.api("GET", `/api/v1/hotels/${id}`)).stars, null);
    assert.deepEqual(complaints, []);
    await close();
  });
}

for (const locale of ["ru", "en"]) {
  test(`${locale}: JSON is folded, read, and changed in its place and in its cell; what is none stays and is told`, async () => {
    const world = worlds[locale];
    const terms = { rooms: [1, 2], breakfast: true };
    const { id } = await world.api("POST", "/api/v1/hotels", { name: `Нева ${locale}`, terms });
    const { page, complaints, close } = await openSignedIn(world, `/hotels/${id}`, { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    await page.waitForURL(/hotels/);
    const whole = page.locator(".json pre");
    assert.equal(await whole.isVisible(), false);
    await page.locator(".json summary").focus();
    await page.keyboard.press("Enter");
    assert.deepEqual(JSON.parse(await whole.innerText()), terms);
    assert.match(await whole.locator("code").evaluate((code) => getComputedStyle(code).fontFamily), /mono/);
    await check(page, `json-${locale}-desktop-light`);

    const answered = () => page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().includes("field=terms"));
    for (const [name, open] of [["page", () => page.locator('dt a[href$="field=terms"]').first().click()], ["cell", () => page.locator("td[data-field=terms]").first().click()]]) {
      if (name === "cell") await page.goto(`${world.url}/hotels?columns=name,terms`);
      await open();
      const text = page.locator(".edit [name=terms]");
      await text.fill('{"rooms": [1,\n}');
      await Promise.all([answered(), page.locator(".edit button.main-action").click()]);
      await page.locator(".edit .error", { hasText: words[locale].wrong }).waitFor();
      assert.equal(await text.inputValue(), '{"rooms": [1,\n}', "what was typed stays");
      await check(page, `json-refused-${name}-${locale}-desktop-light`);
      await text.fill(`{"kept": "${name}"}`);
      await Promise.all([answered(), page.locator(".edit button.main-action").click()]);
      await page.locator(".edit").waitFor({ state: "detached" });
      assert.deepEqual((await world.api("GET", `/api/v1/hotels/${id}`)).terms, { kept: name });
    }
    await page.locator("td[data-field=terms] code", { hasText: "cell" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("on a phone in the dark stars are wide enough for a finger", async () => {
  const { page, complaints, close } = await openSignedIn(worlds.ru, "/hotels/new", { screen: "phone", theme: "dark" });
  await page.locator(".star").nth(5).click();
  assert.equal(await page.locator("[name=stars]:checked").inputValue(), "5");
  await check(page, "controls-ru-phone-dark");
  assert.deepEqual(complaints, []);
  await close();
});
