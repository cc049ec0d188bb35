// A calendar with more at once than there is room for, in narrow boxes and on phones.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  for (let number = 1; number <= 10; number += 1) {
    await plenary.api("POST", "/api/v1/activities", { subject: `Дело ${number}`, kind: "task", starts_at: "2027-03-10T07:00:00Z", due_at: "2027-03-10T09:00:00Z" });
  }
});
after(() => plenary.stop());

const WEEK = "/activities?as=calendar&span=week&on=2027-03-10";
const boxes = (page, selector) => page.locator(selector).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));

function assertApart(all, told) {
  const sorted = all.toSorted((one, other) => one.left - other.left);
  sorted.slice(1).forEach((box, index) => assert.ok(box.left >= sorted[index].right - 1, `${told}: ${JSON.stringify(sorted)}`));
}

test("nothing lies over anything: what has no room is one link, to the day and from there to its list", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, WEEK);
  await page.waitForURL(/calendar/);
  const rest = page.locator(".hours .rest");
  assert.equal(await rest.innerText(), "ещё 8");
  assertApart(await boxes(page, ".hours .lasts"), "week");
  await check(page, "calendar-full-week-ru-desktop-light");
  await rest.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/span=day/);
  assert.equal(await rest.innerText(), "ещё 3");
  assertApart(await boxes(page, ".hours .lasts"), "day");
  await check(page, "calendar-full-day-ru-desktop-light");
  await rest.click();
  await page.waitForURL(/span=agenda/);
  assert.equal(await page.locator(".agenda .event").count(), 10);
  assert.deepEqual(complaints, []);
  await close();
});

test("a narrow box shows the name before the time, a wide one the time before the name", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, WEEK);
  await page.waitForURL(/calendar/);
  const order = (selector) => page.locator(selector).first().evaluate((event) => {
    const [name, when] = [".name", ".when"].map((part) => event.querySelector(part).getBoundingClientRect());
    return { name: { top: name.top, left: name.left, width: name.width }, when: { top: when.top, left: when.left } };
  });
  const narrow = await order(".hours .event");
  assert.ok(narrow.name.top < narrow.when.top && narrow.name.width > 20, JSON.stringify(narrow));
  await page.goto(`${plenary.url}/activities?as=calendar&span=agenda&on=2027-03-10`);
  const wide = await order(".agenda .event");
  assert.ok(wide.when.left < wide.name.left, JSON.stringify(wide));
  assert.deepEqual(complaints, []);
  await close();
});

test("what lasts half an hour is read in the week and in the day", async () => {
  const subject = "Созвон с банком";
  const { id } = await plenary.api("POST", "/api/v1/activities", { subject, kind: "meeting", starts_at: "2027-03-11T08:00:00Z", due_at: "2027-03-11T08:30:00Z" });
  const { page, complaints, close } = await openSignedIn(plenary, WEEK);
  for (const address of [WEEK, "/activities?as=calendar&span=day&on=2027-03-11"]) {
    await page.goto(plenary.url + address);
    const event = page.locator(`.hours .event[href$="${id}"]`);
    const shown = await event.evaluate((one) => {
      const words = document.createRange();
      words.selectNodeContents(one.querySelector(".name"));
      const [text, box] = [words.getBoundingClientRect(), one.getBoundingClientRect()];
      return { fits: text.bottom <= box.bottom + 1 && text.right <= box.right + 1, text: one.querySelector(".name").textContent, height: box.height };
    });
    assert.ok(shown.fits && shown.text === subject, JSON.stringify(shown));
    await check(page, `calendar-half-hour-${address.includes("week") ? "week" : "day"}-ru-desktop-light`);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test("kinds have colours of their own, and the legend says which", async () => {
  const kinds = { call: "Звонок Веры", task: "Задача Глеба" };
  for (const [kind, subject] of Object.entries(kinds)) await plenary.api("POST", "/api/v1/activities", { subject, kind, due_at: "2027-05-12T09:00:00Z" });
  const { page, complaints, close } = await openSignedIn(plenary, "/activities?as=calendar&on=2027-05-10");
  await page.waitForURL(/calendar/);
  const colour = (place) => place.evaluate((one) => getComputedStyle(one).backgroundColor);
  const seen = [];
  for (const [subject, label] of [[kinds.call, "Звонок"], [kinds.task, "Задача"]]) {
    const tone = await page.locator(".event", { hasText: subject }).evaluate((one) => [...one.classList].find((name) => name !== "event"));
    const dot = page.locator(`.legend > .${tone}`, { hasText: label }).locator(".dot");
    seen.push(await colour(dot));
  }
  assert.notEqual(seen[0], seen[1]);
  assert.deepEqual(complaints, []);
  await close();
});

test("on phones the bar of a calendar takes two lines, in both languages", async () => {
  for (const locale of ["ru", "en"]) {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, WEEK, { locale });
    await look(page, "phone", "light");
    for (const span of ["week", "day", "agenda", ""]) {
      await page.goto(`${plenary.url}/activities?as=calendar&span=${span}&on=2027-03-10`);
      const lines = await page.locator(".calendar-bar").evaluate((bar) => {
        const parts = [...bar.children].filter((part) => part.checkVisibility()).map((part) => part.getBoundingClientRect()).filter((box) => box.height > 0);
        let [count, bottom] = [0, -Infinity];
        for (const box of parts.toSorted((one, other) => one.top - other.top)) {
          if (box.top >= bottom - 1) count += 1;
          bottom = Math.max(bottom, box.bottom);
        }
        return count;
      });
      assert.ok(lines <= 2, `${locale} ${span}: ${lines} lines`);
      await check(page, `calendar-bar-${span || "month"}-${locale}-phone-light`);
    }
    assert.deepEqual(complaints, []);
    await close();
  }
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
});
