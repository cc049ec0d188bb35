// With a finger, on a phone: a tap opens, a rest carries, a finger that moves at once scrolls.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { moment, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const words = { ru: { language: "ru-RU", board: "Доска", told: "«Анна Палец»: Контакт установлен" }, en: { language: "en-GB", board: "Board", told: "“Anna Finger”: Contacted" } };

/** A finger, by the protocol of the browser: what it sends is what a screen would. */
async function finger(page) {
  const session = await page.context().newCDPSession(page);
  const send = (type, points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  let at;
  return {
    down: (x, y) => send("touchStart", [(at = { x, y })]),
    async to(x, y, steps = 8) {
      const from = at;
      for (let step = 1; step <= steps; step++) {
        at = { x: from.x + ((x - from.x) * step) / steps, y: from.y + ((y - from.y) * step) / steps };
        await send("touchMove", [at]);
        await page.waitForTimeout(16);
      }
    },
    up: () => send("touchEnd", []),
  };
}

for (const locale of ["ru", "en"]) {
  test(`a card is carried after a rest, and scrolls without one, ${locale}`, async () => {
    const { language, board, told } = words[locale];
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const name = locale === "ru" ? "Анна Палец" : "Anna Finger";
    const { id } = await plenary.api("POST", "/api/v1/leads", { name });
    const { page, complaints, close } = await openSignedIn(plenary, "/leads", { locale: language, screen: "phone", touch: true });
    await page.getByRole("link", { name: board, exact: true }).tap();
    await page.waitForURL(/as=board/);
    const card = page.locator(`#card-${id}`);
    const hand = await finger(page);
    const middle = async () => {
      await card.scrollIntoViewIfNeeded();
      const box = await card.boundingBox();
      return [box.x + box.width / 2, box.y + box.height - 6];
    };
    const state = async () => (await plenary.api("GET", `/api/v1/leads/${id}`)).status;

    // At once: the board goes along, the card stays at its stage.
    const scrolled = () => page.locator(".board").evaluate((one) => one.scrollLeft);
    const [x, y] = await middle();
    const before = await scrolled();
    // In one breath: a rest between the two would be another gesture.
    await Promise.all([hand.down(x, y), hand.to(x - 150, y)]);
    await hand.up();
    await page.waitForFunction((before) => document.querySelector(".board").scrollLeft > before, before);
    await moment(page);
    assert.equal(await state(), "new");

    // After a rest: the card goes along, to the edge and over it.
    const [cardX, cardY] = await middle();
    await hand.down(cardX, cardY);
    await page.locator(`#card-${id}.lift`).waitFor();
    const next = page.locator('.col[data-to="contacted"]');
    await hand.to(385, cardY, 12);
    await page.waitForFunction(() => document.querySelector('.col[data-to="contacted"]').getBoundingClientRect().left < 200);
    // Away from the edge nothing scrolls any more, and the stage stays where it is found.
    await hand.to(300, cardY, 2);
    const there = await next.boundingBox();
    await hand.to(Math.min(Math.max(there.x + 60, 80), there.x + there.width - 20, 300), cardY, 6);
    await page.locator('.col[data-to="contacted"].lands, .col.lands[data-to="contacted"]').waitFor();
    await hand.up();
    await next.locator(`#card-${id}`).and(page.locator(":not([aria-busy])")).waitFor();
    assert.equal(await state(), "contacted");
    await page.locator(".toast", { hasText: told }).waitFor();

    // A tap opens the record; nothing is left of the carrying.
    await card.locator("b a").tap();
    await page.waitForURL(new RegExp(`${id}`));
    assert.deepEqual(complaints, []);
    await close();
  });
}
