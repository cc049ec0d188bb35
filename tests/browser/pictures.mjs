// Which pictures there are: those of the manuals, by the names that docs/ calls them by, and every main page for people to
// look at and for axe to judge. Only data: what draws them is draw.mjs, what judges them is pages.test.mjs. A page is an
// address, and what is to be done before the picture is taken.

const late = encodeURIComponent('status == "planned" && due_at < now()');

/** Opens the dialog of a link that may stand in a folded menu. */
const dialogOf = (ending) => async (page) => {
  await page.locator(`#main .top a[href$="${ending}"]`).first().dispatchEvent("click");
  await page.locator("dialog[open]").waitFor();
};

/** docs/images/{ru,en}/NAME.webp */
export const manuals = [
  { name: "leads", path: () => "/leads" },
  { name: "lead", path: ({ lead }) => `/leads/${lead.id}` },
  { name: "lost", path: ({ lead }) => `/leads/${lead.id}`, act: dialogOf("/transitions/lose") },
  { name: "board", path: () => "/deals?as=board" },
  { name: "calendar", path: () => "/activities?as=calendar&span=week" },
  {
    name: "view",
    path: () => `/deals?group=stage&filter=${encodeURIComponent('pipeline == "sponsorship"')}`,
    act: async (page) => {
      const fold = page.locator(".tools-fold");
      if (await fold.isVisible()) await fold.click();
      await page.locator("details.keep > summary").last().click();
    },
  },
  { name: "undo", path: ({ deal }) => `/deals/${deal.id}` },
  { name: "late", path: () => `/activities?group=owner&filter=${late}` },
  { name: "public", path: ({ event }) => `/e/${event.slug}` },
  { name: "event", path: ({ event }) => `/events/${event.id}` },
  { name: "order", path: ({ order }) => `/orders/${order.id}` },
  { name: "payment", path: ({ order }) => `/orders/${order.id}`, act: dialogOf("/payments") },
  { name: "users", path: () => "/settings/users" },
];

const modules = ["messages", "cases", "activities", "leads", "contacts", "accounts", "deals", "events", "orders", "tickets", "participants", "contracts", "invoices", "payments"];

/** Every page, for `script/pictures --all` and for axe: a new page of the route table is added here, and nowhere else. */
export const everyPage = [
  ...modules.map((module) => ({ name: `list-${module}`, path: () => `/${module}` })),
  ...manuals,
  { name: "home", path: () => "/" },
  { name: "list-nothing-found", path: () => "/leads?q=nothing-like-this" },
  { name: "bin", path: () => "/leads?deleted=true" },
  { name: "board-leads", path: () => "/leads?as=board" },
  { name: "month", path: () => "/activities?as=calendar" },
  { name: "day", path: () => "/activities?as=calendar&span=day" },
  { name: "agenda", path: () => "/activities?as=calendar&span=agenda" },
  { name: "timeline", path: () => "/events?as=timeline" },
  { name: "chart", path: () => "/deals?as=chart&by=amount" },
  { name: "palette", path: () => "/leads", act: (page) => page.keyboard.press("Control+k").then(() => page.locator("#palette[open]").waitFor()) },
  { name: "keys", path: () => "/leads", act: (page) => page.keyboard.press("Shift+Slash").then(() => page.locator("#shortcuts[open]").waitFor()) },
  { name: "lead-new", path: () => "/leads/new" },
  { name: "lead-edit", path: ({ lead }) => `/leads/${lead.id}/edit` },
  { name: "lead-beside", path: ({ lead }) => `/leads?open=${lead.id}` },
  { name: "account", path: ({ account }) => `/accounts/${account.id}` },
  { name: "deal", path: ({ deal }) => `/deals/${deal.id}` },
  { name: "case", path: ({ request }) => `/cases/${request.id}` },
  { name: "ticket", path: ({ ticket }) => `/tickets/${ticket.id}` },
  { name: "letter", path: ({ letter }) => `/messages/${letter.id}` },
  { name: "money", path: ({ money }) => `/payments/${money.id}` },
  { name: "event-card", path: ({ event }) => `/events/${event.id}?view=card` },
  { name: "event-edit", path: ({ event }) => `/events/${event.id}/edit` },
  { name: "notifications", path: () => "/notifications" },
  { name: "search", path: ({ lead }) => `/search?q=${encodeURIComponent(lead.name.split(" ")[0])}` },
  { name: "help", path: () => "/help" },
  { name: "manual", path: () => "/help/salesperson" },
  { name: "help-beside", path: () => "/leads", act: (page) => page.keyboard.press("h").then(() => page.locator("#helper").waitFor()) },
  { name: "organisation", path: () => "/settings/organisation" },
  { name: "modules", path: () => "/settings/modules" },
  { name: "teams", path: () => "/settings/teams" },
  { name: "mailboxes", path: () => "/settings/mailboxes" },
  { name: "acts", path: () => "/undo?of=all" },
  { name: "me", path: () => "/me" },
  { name: "module", path: () => "/settings/modules/leads" },
  { name: "field", path: () => "/settings/modules/leads/fields/readiness" },
  { name: "missing", path: () => "/nothing-here" },
  { name: "public-order", path: ({ order }) => new URL(order.public_url).pathname },
  { name: "public-names", path: ({ order }) => `${new URL(order.public_url).pathname}/names` },
  { name: "public-cancel", path: ({ order }) => `${new URL(order.public_url).pathname}/cancel` },
  { name: "public-placed", path: ({ order }) => `${new URL(order.public_url).pathname}/placed` },
  { name: "public-group", path: ({ event }) => `/e/${event.slug}/group` },
  { name: "public-waiting", path: ({ event, type }) => `/e/${event.slug}/waiting?ticket_type=${type.id}` },
  { name: "list-waiting", path: () => "/waiting_list" },
  { name: "list-outside-calls", path: () => "/outside_calls" },
  { name: "rule-called-new", path: () => "/settings/rules/new?module=outside_calls" },
  { name: "sign-in", path: () => "/sign-in" },
  { name: "start", path: () => "/start" },
  { name: "sample", path: () => "/settings/sample" },
  { name: "menu", path: () => "/me/menu" },
  { name: "list-ticket-types", path: () => "/ticket_types" },
  { name: "ticket-type", path: ({ type }) => `/ticket_types/${type.id}` },
  { name: "ticket-type-new", path: ({ event }) => `/ticket_types/new?event=${event.id}` },
  { name: "event-new", path: () => "/events/new" },
  { name: "activity", path: ({ plan }) => `/activities/${plan.id}` },
  { name: "activity-new", path: () => "/activities/new" },
  { name: "activity-reschedule", path: ({ plan }) => `/activities/${plan.id}/transitions/reschedule` },
  { name: "activity-when", path: ({ plan }) => `/activities/${plan.id}/when` },
  { name: "lead-lose", path: ({ lead }) => `/leads/${lead.id}/transitions/lose` },
  { name: "lead-access", path: ({ lead }) => `/leads/${lead.id}/access` },
  { name: "lead-attach", path: ({ lead }) => `/leads/${lead.id}/files` },
  { name: "lead-field", path: ({ lead }) => `/leads/${lead.id}/history?field=name` },
  { name: "deal-invoice", path: ({ deal }) => `/deals/${deal.id}/papers/invoice` },
  { name: "deal-lose", path: ({ deal }) => `/deals/${deal.id}/transitions/lose` },
  { name: "deal-win", path: ({ deal }) => `/deals/${deal.id}/transitions/win` },
  { name: "order-annul", path: ({ order }) => `/orders/${order.id}/transitions/annul` },
  { name: "order-cancel", path: ({ order }) => `/orders/${order.id}/transitions/cancel` },
  { name: "order-payment", path: ({ order }) => `/orders/${order.id}/payments` },
  { name: "ticket-cancel", path: ({ ticket }) => `/tickets/${ticket.id}/transitions/cancel` },
  { name: "user", path: ({ me }) => `/settings/users/${me.id}` },
  { name: "rules", path: () => "/settings/rules" },
  { name: "rule", path: () => "/settings/rules/quality_check_leads?rehearse=true" },
  { name: "approvals", path: () => "/approvals" },
  { name: "rule-new", path: () => "/settings/rules/new?module=deals" },
  { name: "roles", path: () => "/settings/roles" },
  { name: "role", path: () => "/settings/roles/salesperson" },
  { name: "process", path: () => "/processes/deals" },
  { name: "processes", path: () => "/settings/processes" },
  { name: "process-settings", path: () => "/settings/processes/leads" },
  { name: "letters-settings", path: () => "/settings/letters" },
  { name: "letter-settings", path: () => "/settings/letters/order_received" },
  { name: "surveys-settings", path: () => "/settings/surveys" },
  { name: "survey-settings", path: () => "/settings/surveys/decline" },
  { name: "survey-preview", path: () => "/settings/surveys/decline/preview" },
  { name: "survey-question-new", path: () => "/settings/surveys/decline/new-question" },
  { name: "survey-question", path: () => "/settings/surveys/decline/questions/reason" },
  { name: "forms-settings", path: () => "/settings/forms" },
  { name: "form-settings", path: () => "/settings/forms/request" },
  { name: "form-public", path: () => "/forms/request" },
  { name: "form-test", path: () => "/settings/forms/request/test" },
  { name: "form-field-new", path: () => "/settings/forms/request/new-field" },
  { name: "form-field", path: () => "/settings/forms/request/fields/need" },
  { name: "list-surveys", path: () => "/surveys" },
  { name: "surveys-results", path: () => "/surveys/results" },
  { name: "survey-results", path: () => "/surveys/results/decline" },
  { name: "process-state-new", path: () => "/settings/processes/leads/new-state" },
  { name: "process-state", path: () => "/settings/processes/leads/states/qualified" },
  { name: "process-move-new", path: () => "/settings/processes/leads/new-move" },
  { name: "process-move", path: () => "/settings/processes/leads/moves/qualify" },
  { name: "lead-convert", path: ({ lead }) => `/leads/${lead.id}/convert` },
  { name: "lead-erase", path: ({ lead }) => `/leads/${lead.id}/erase` },
  { name: "queue", path: () => "/messages/queue" },
  { name: "call", path: () => "/messages/call" },
  { name: "rejected", path: () => "/rejected_requests" },
  { name: "names", path: () => "/deals/names" },
  { name: "packs", path: () => "/settings/packs" },
  { name: "pack", path: () => "/settings/packs/crm" },
  { name: "pack-plan", path: () => "/settings/packs/crm/apply" },
];

/** Pages that the tour cannot come to, each with the walk that has axe judge it and the picture that it is judged as. */
export const elsewhere = {
  "/{module}/bulk": ["views.test.mjs", "bulk-partly"],
  "/{module}/{id}/stage": ["boards.test.mjs", "board-asks"],
  "/files/{id}": ["files.test.mjs", "files-preview"],
  "/undo/{set}": ["undone.test.mjs", "undo-asks"],
  "/settings/packs/{pack}/past/{number}": ["first_run.test.mjs", "packs-past"],
  "/settings/rules/{rule}/runs/{run}": ["rules.test.mjs", "rule-run"],
  "/settings/teams/{team}": ["guard.test.mjs", "team"],
  "/settings/mailboxes/{mailbox}": ["mailboxes.test.mjs", "mailbox"],
  "/settings/mailboxes/{mailbox}/letters": ["mailboxes.test.mjs", "mailbox-letters"],
  "/views": ["groups.test.mjs", "saved-views-set"],
  "/undo/{set}/changes": ["undone.test.mjs", "act"],
  "/messages/{id}/sort": ["convert.test.mjs", "queue-lead"],
  "/rejected_requests/{id}": ["convert.test.mjs", "rejected"],
  "/rejected_requests/{id}/resubmit": ["convert.test.mjs", "rejected-sheet"],
  "/surveys/{id}": ["surveys.test.mjs", "survey-record"],
  "/invoices/{id}/payments": ["papers.test.mjs", "papers-payment"],
  "/contracts/{id}": ["papers.test.mjs", "papers-contract"],
  "/contracts/{id}/transitions/{name}": ["papers.test.mjs", "papers-sign"],
  "/waiting_list/{id}": ["line.test.mjs", "line-entry"],
  "/outside_calls/{id}": ["line.test.mjs", "line-call"],
  "/{module}/{id}/surveys": ["surveys.test.mjs", "survey-send"],
  "/p/c/{token}": ["guests.test.mjs", "guest-request"],
  "/p/w/{token}": ["guests.test.mjs", "guest-place"],
  "/p/s/{token}": ["guests.test.mjs", "guest-survey"],
  "/p/o/{token}/agree": ["guests.test.mjs", "guest-agree"],
  "/p/o/{token}/decline": ["guests.test.mjs", "guest-decline"],
};

/** Whether a walk has axe judge a page as that picture: named where it is judged, or in the list that is gone through there. */
export function isJudged(walk, picture) {
  const judged = (name) => new RegExp(`\\bcheck\\([\\w.]+, ["\`]${name}-`).test(walk);
  return judged(picture) || (walk.includes(`"${picture}"`) && judged("\\$\\{name\\}"));
}

/** Records that the pages are about: the first that the filter finds. */
export const subjects = {
  lead: ["leads", 'status == "qualified" && readiness == "hot"'],
  deal: ["deals", 'stage == "closing"'],
  account: ["accounts", 'kind == "organisation"'],
  request: ["cases", ""],
  event: ["events", 'status == "on_sale"'],
  order: ["orders", 'status == "pending"'],
  ticket: ["tickets", 'status == "issued"'],
  letter: ["messages", ""],
  money: ["payments", ""],
  type: ["ticket_types", ""],
  plan: ["activities", 'status == "planned"'],
  me: ["meta/users", ""],
};
