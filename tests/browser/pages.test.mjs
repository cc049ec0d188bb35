// Every page, on every screen, in both themes and both languages: readable, reachable, inside the window, without complaints.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, look, open, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";
import { found, season } from "./season.mjs";

let plenary, places;
before(async () => {
  plenary = await start();
  const { api } = plenary;
  const { event, hall, orders } = await season(plenary, { days: 2, perDay: 5 });
  const lead = await api("POST", "/api/v1/leads", {
    name: "Константин Константинопольский-Преображенский", company: "ООО «Научно-производственное объединение „Вычислительные системы“»",
    email: "konstantin.konstantinopolsky@very-long-company-name.example.org", phone: "+79211234567", need: "Сто мест для разработчиков\nи стенд", readiness: "hot",
  });
  const paid = await found(api, orders[0].number);
  const pending = await found(api, orders.at(1).number);
  const first = async (module) => (await api("GET", `/api/v1/${module}?limit=1`)).data[0];
  places = { event, hall, lead, paid, pending, letter: await first("messages"), money: await first("payments") };
});
after(() => plenary.stop());

const staff = {
  orders: () => "/orders",
  order: () => `/orders/${places.paid.id}`,
  payment: () => `/orders/${places.pending.id}/payments`,
  event: () => `/events/${places.event.id}`,
  "event-card": () => `/events/${places.event.id}?view=card`,
  "event-edit": () => `/events/${places.event.id}/edit`,
  "ticket-type-new": () => `/ticket_types/new?event=${places.event.id}`,
  "ticket-type": () => `/ticket_types/${places.hall.id}`,
  lead: () => `/leads/${places.lead.id}`,
  "lead-lose": () => `/leads/${places.lead.id}/transitions/lose`,
  "order-cancel": () => `/orders/${places.paid.id}/transitions/cancel`,
  letter: () => `/messages/${places.letter.id}`,
  "payment-record": () => `/payments/${places.money.id}`,
  organisation: () => "/settings/organisation",
  users: () => "/settings/users",
  teams: () => "/settings/teams",
  modules: () => "/settings/modules",
  acts: () => "/undo?of=all",
  me: () => "/me",
  deals: () => "/deals",
  search: () => `/search?q=${encodeURIComponent("Смирнова")}`,
  missing: () => "/nothing-here",
};
const outside = {
  "sign-in": () => "/sign-in",
  "public-event": () => "/e/javavesna27",
  "public-paid": () => new URL(places.paid.public_url).pathname,
  "public-pending": () => new URL(places.pending.public_url).pathname,
  "public-cancel": () => `${new URL(places.pending.public_url).pathname}/cancel`,
};

// What axe finds depends on width and colours, not on the language: it looks at every page in three guises.
const guises = {
  ru: [["desktop", "light", check], ["tablet", "dark", check], ["phone", "dark", checkFit]],
  en: [["desktop", "dark", checkFit], ["tablet", "light", checkFit], ["phone", "light", check]],
};

async function visit({ page, complaints }, pages, locale) {
  const faults = [];
  for (const [screen, theme, examine] of guises[locale]) {
    await look(page, screen, theme);
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(plenary.url + path());
      assert.equal(await page.locator("html").getAttribute("lang"), locale);
      await examine(page, `${name}-${locale}-${screen}-${theme}`).catch((error) => faults.push(error.message));
    }
  }
  assert.equal(faults.join("\n"), "");
  assert.deepEqual(complaints, []);
}

for (const locale of ["ru", "en"]) {
  test(`pages of those who work here, ${locale}`, async () => {
    const window = await openSignedIn(plenary, "/orders", { locale });
    await plenary.api("PATCH", "/api/v1/me", { locale });
    await visit(window, staff, locale);
  });
  test(`pages of everybody, ${locale}`, async () => visit(await open({ locale }), outside, locale));
}
