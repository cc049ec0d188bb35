// What pages without sample data of their own look like, and that long words stay inside on every screen.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, look, openSignedIn } from "./browser.mjs";
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
  test(`a team and long words, ${locale}`, async () => {
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
