//! Which section of which manual fits a page. One table: every page of the route table stands in it.

use crate::ui::addresses::HELP;

/// Route, with what its address asks for where that makes another page of it; manual; section. The first that fits counts.
pub(crate) const TOPICS: &[(&str, &str, &str)] = &[
    ("/search", "salesperson", "find"),
    ("/notifications", "salesperson", "notices"),
    ("/views", "salesperson", "views"),
    ("/me/menu", "salesperson", "menu"),
    ("/undo", "salesperson", "undo"),
    ("/undo/{set}", "salesperson", "undo"),
    ("/undo/{set}/changes", "administrator", "acts"),
    ("/me", "salesperson", "me"),
    ("/settings/organisation", "administrator", "organisation"),
    ("/settings/users", "administrator", "people"),
    ("/settings/users/{user}", "administrator", "people"),
    ("/settings/teams", "administrator", "teams"),
    ("/settings/teams/{team}", "administrator", "teams"),
    ("/settings/packs", "administrator", "packs"),
    ("/settings/packs/{pack}", "administrator", "packs"),
    ("/settings/packs/{pack}/apply", "administrator", "packs"),
    ("/settings/packs/{pack}/past/{number}", "administrator", "packs"),
    ("/settings/sample", "administrator", "sample"),
    ("/start", "administrator", "sample"),
    ("/settings/roles", "administrator", "people"),
    ("/settings/roles/{role}", "administrator", "people"),
    ("/{module}/{id}/erase", "administrator", "privacy"),
    ("/{module}/{id}/access", "administrator", "people"),
    ("/settings/modules", "administrator", "modules"),
    ("/settings/modules/{module}", "administrator", "modules"),
    ("/settings/modules/{module}/fields/{field}", "administrator", "modules"),
    ("/settings/rules", "administrator", "rules"),
    ("/settings/rules/new", "administrator", "rules"),
    ("/settings/rules/{rule}", "administrator", "rules"),
    ("/settings/rules/{rule}/runs/{run}", "administrator", "rules"),
    ("/approvals", "administrator", "rules"),
    ("/settings/letters", "administrator", "letters"),
    ("/settings/letters/{letter}", "administrator", "letters"),
    ("/settings/surveys", "administrator", "surveys"),
    ("/settings/surveys/{survey}", "administrator", "surveys"),
    ("/settings/surveys/{survey}/preview", "administrator", "surveys"),
    ("/settings/surveys/{survey}/new-question", "administrator", "surveys"),
    ("/settings/surveys/{survey}/questions/{question}", "administrator", "surveys"),
    ("/surveys", "salesperson", "surveys"),
    ("/surveys/{id}", "salesperson", "surveys"),
    ("/surveys/results", "head-of-sales", "surveys"),
    ("/surveys/results/{survey}", "head-of-sales", "surveys"),
    ("/surveys/results/{survey}/answers.csv", "head-of-sales", "surveys"),
    ("/{module}/{id}/surveys", "salesperson", "surveys"),
    ("/processes/{module}", "head-of-sales", "process"),
    ("/settings/processes", "administrator", "processes"),
    ("/settings/processes/{process}", "administrator", "processes"),
    ("/settings/processes/{process}/new-state", "administrator", "processes"),
    ("/settings/processes/{process}/states/{state}", "administrator", "processes"),
    ("/settings/processes/{process}/new-move", "administrator", "processes"),
    ("/settings/processes/{process}/moves/{step}", "administrator", "processes"),
    ("/files/{id}", "salesperson", "files"),
    ("/{module}/{id}/files", "salesperson", "files"),
    ("/orders/{id}/payments", "organiser", "payment"),
    ("/payments", "organiser", "money-trouble"),
    ("/payments/{id}", "organiser", "money-trouble"),
    ("/orders", "organiser", "order"),
    ("/orders/{id}", "organiser", "order"),
    ("/orders/{id}/transitions/cancel", "organiser", "cancel"),
    ("/orders/{id}/transitions/{name}", "organiser", "money-trouble"),
    ("/tickets", "organiser", "tickets"),
    ("/tickets/{id}", "organiser", "tickets"),
    ("/tickets/{id}/transitions/{name}", "organiser", "tickets"),
    ("/participants", "organiser", "tickets"),
    ("/events", "organiser", "open-sale"),
    ("/events/new", "organiser", "open-sale"),
    ("/events/{id}", "organiser", "event"),
    ("/events/{id}/edit", "organiser", "open-sale"),
    ("/waiting_list", "organiser", "waiting-list"),
    ("/waiting_list/{id}", "organiser", "waiting-list"),
    ("/outside_calls", "administrator", "rules"),
    ("/outside_calls/{id}", "administrator", "rules"),
    ("/ticket_types", "organiser", "open-sale"),
    ("/ticket_types/new", "organiser", "open-sale"),
    ("/ticket_types/{id}", "organiser", "open-sale"),
    ("/{module}?as=board", "salesperson", "board"),
    ("/{module}?as=calendar", "salesperson", "calendar"),
    ("/{module}?as=timeline", "salesperson", "calendar"),
    ("/{module}?deleted=true", "salesperson", "undo"),
    ("/leads/{id}/convert", "salesperson", "convert"),
    ("/messages/queue", "salesperson", "queue"),
    ("/messages/call", "salesperson", "queue"),
    ("/messages/{id}/sort", "salesperson", "queue"),
    ("/rejected_requests", "salesperson", "rejected"),
    ("/rejected_requests/{id}", "salesperson", "rejected"),
    ("/rejected_requests/{id}/resubmit", "salesperson", "rejected"),
    ("/leads", "salesperson", "request"),
    ("/leads/new", "salesperson", "request"),
    ("/leads/{id}", "salesperson", "request"),
    ("/leads/{id}/transitions/lose", "salesperson", "lost"),
    ("/deals/{id}", "salesperson", "deal"),
    ("/deals/{id}/transitions/lose", "salesperson", "lost"),
    ("/deals/{id}/transitions/{name}", "salesperson", "deal"),
    ("/cases", "salesperson", "case"),
    ("/cases/{id}", "salesperson", "case"),
    ("/activities", "salesperson", "activity"),
    ("/activities/new", "salesperson", "activity"),
    ("/activities/{id}", "salesperson", "activity"),
    ("/activities/{id}/transitions/reschedule", "salesperson", "reschedule"),
    ("/{module}", "salesperson", "list"),
    ("/{module}/bulk", "salesperson", "bulk"),
    ("/{module}/new", "salesperson", "record"),
    ("/{module}/{id}", "salesperson", "record"),
    ("/{module}/{id}/history", "salesperson", "record"),
    ("/{module}/{id}/edit", "salesperson", "record"),
    ("/{module}/{id}/stage", "salesperson", "board"),
    ("/{module}/{id}/when", "salesperson", "reschedule"),
    ("/{module}/{id}/transitions/{name}", "salesperson", "record"),
];

/// The section for the page at an address; all manuals where none fits.
pub(crate) fn topic(here: &str) -> String {
    let fitting = TOPICS.iter().find(|(route, ..)| !is_help(here) && fits(route, here));
    fitting.map_or_else(|| HELP.to_owned(), |(_, manual, section)| format!("{HELP}/{manual}#{section}"))
}

/// Whether an address is one of the manuals.
pub(crate) fn is_help(here: &str) -> bool {
    here.strip_prefix(HELP).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// Whether an address is one of a route's.
pub(crate) fn fits(route: &str, here: &str) -> bool {
    let (route, asked) = route.split_once('?').unwrap_or((route, ""));
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let (mut parts, mut names) = (path.split('/'), route.split('/'));
    let is_path = names.by_ref().all(|name| parts.next().is_some_and(|part| name.starts_with('{') || name == part));
    is_path && parts.next().is_none() && (asked.is_empty() || query.split('&').any(|pair| pair == asked))
}
