// What pages without sample data of their own look like, and that long words stay inside on every screen.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, look, openSignedIn } from "./browser.mjs";
import { language, once } from "./languages.mjs";
import { start } from "./plenary.mjs";

const long = "Сельскохозяйственномашиностроительное";
const field = { name: "equipment", type: "text", label: { ru: `${long} оборудование`, en: `${long} equipment` } };

let plenary, team, lead;
before(async () => {
  plenary = await start();
  const { api } = plenary;
  const [me] = (await api("GET", "/api/v1/meta/users")).data;
  team = await api("POST", "/api/v1/meta/teams", { name: `${long} направление`, members: [me.id] });
  await api("POST", "/api/v1/meta/modules/leads/fields", field);
  lead = await api("POST", "/api/v1/leads", {
    name: "Константин Константинопольский-Преображенский", company: "ООО «Научно-производственное объединение „Вычислительные системы“»",
    email: "konstantin.konstantinopolsky@very-long-company-name.example.org", need: "Сто мест для разработчиков", equipment: long,
  });
});
after(() => plenary.stop());

for (const locale of ["ru", "en"]) {
  once(`a team and long words, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, "/leads", { locale });
    await page.waitForURL(/leads/);
    for (const [screen, theme] of [["desktop", "light"], ["phone", "dark"], ["phone", "light"]]) {
      await look(page, screen, theme);
      for (const [name, path] of [["team", `/settings/teams/${team.id}`], ["long-lead", `/leads/${lead.id}`], ["long-edit", `/leads/${lead.id}/edit`], ["long-list", "/leads"]]) {
        await page.goto(plenary.url + path);
        await check(page, `${name}-${locale}-${screen}-${theme}`);
      }
    }
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("the name of a field breaks between its letters only where it has no room", async () => {
  const { page, close } = await openSignedIn(plenary, `/leads/${lead.id}`, { screen: "phone" });
  await page.waitForURL(/leads\/.+/);
  await look(page, "phone", "light");
  // No name is cut off or runs into its value, and a word that fits on a line stands on one.
  const names = page.locator("dl.fields dt");
  await names.first().waitFor();
  const faults = await names.evaluateAll((all) => all.flatMap((name) => {
    const box = name.getBoundingClientRect();
    const value = name.nextElementSibling?.getBoundingClientRect();
    const runsOver = name.scrollWidth > name.clientWidth + 1 || (value && value.top < box.bottom - 1 && value.left < box.right - 1);
    const lines = (node, from, to) => {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    };
    const texts = [...name.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const broken = texts.flatMap((node) => [...node.data.matchAll(/[^\s-]+/g)].filter(([word]) => word.length <= 12).filter((found) => lines(node, found.index, found.index + found[0].length) > 1));
    return [...(runsOver ? [name.textContent] : []), ...broken.map(([word]) => word)];
  }));
  assert.deepEqual(faults, []);
  await close();
});

// Every kind of form that leaves its page: where it stands, a control of it, and the button that sends it.
const forms = () => [
  ["a record", "/leads/new", "#new-record [name=company]", "#new-record .main-action"],
  ["an edit", `/leads/${lead.id}/edit`, "main form[data-guard] [name=company]", "main form[data-guard] .main-action"],
  ["a move", `/leads/${lead.id}/transitions/lose`, "main form [name=lost_reason]", "main form .main-action"],
  ["a team", `/settings/teams/${team.id}`, "#team [name=name]", "#team .main-action"],
  ["an organisation", "/settings/organisation", "#organisation [name=name]", "#organisation .main-action"],
  ["a module", "/settings/modules/leads", "#module [name=label_ru]", "#module .actions button"],
  ["oneself", "/me", "#me [name=name]", "#me .main-action"],
];

async function typed(page, path, control, text) {
  await page.goto(plenary.url + path);
  await page.locator(control).first().fill(text);
}

test("what was typed comes back when the whole form was refused", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: language });
  const { page, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  page.on("dialog", (dialog) => dialog.accept());
  const lost = [];
  for (const status of [403, 409, 503]) {
    const refuse = (route) => (route.request().method() === "POST" ? route.fulfill({ status, contentType: "text/html; charset=utf-8", body: "<!DOCTYPE html><title>x</title><p id=refused>no" }) : route.fallback());
    await page.route(`${plenary.url}/**`, refuse);
    for (const [name, path, control, button] of forms()) {
      const text = `Typed ${status}`;
      await typed(page, path, control, text);
      await page.locator(button).first().click();
      await page.locator("#refused").waitFor();
      await page.goBack();
      await page.locator(control).first().waitFor();
      const value = await page.locator(control).first().inputValue();
      if (value !== text) lost.push(`${name}, ${status}: ${value}`);
      // And after a look at the page anew.
      await page.reload();
      const again = await page.locator(control).first().inputValue();
      if (again !== text) lost.push(`${name}, ${status}, anew: ${again}`);
      await page.evaluate(() => sessionStorage.clear());
    }
    await page.unroute(`${plenary.url}/**`, refuse);
  }
  assert.deepEqual(lost, []);
  await close();
});

test("what was typed stays where the server is away or the session over", async () => {
  const { page, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  page.on("dialog", (dialog) => dialog.accept());
  for (const [name, path, control, button] of forms()) {
    await typed(page, path, control, "Typed away");
    await page.route(`${plenary.url}/api/v1/me`, (route) => route.abort());
    await page.locator(button).first().click();
    await page.locator(".toast").first().waitFor();
    assert.equal(await page.locator(control).first().inputValue(), "Typed away", name);
    await page.unroute(`${plenary.url}/api/v1/me`);
    await page.route(`${plenary.url}/api/v1/me`, (route) => route.fulfill({ status: 401, contentType: "application/json", body: "{}" }));
    await page.locator(button).first().click();
    await page.locator("#again:modal").waitFor();
    assert.equal(await page.locator(control).first().inputValue(), "Typed away", name);
    await page.unroute(`${plenary.url}/api/v1/me`);
    await page.evaluate(() => sessionStorage.clear());
  }
  await close();
});
