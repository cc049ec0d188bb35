//! Every address at which a page or a part of one stands.

use super::Filled;
use super::filled::{OWN, encoded};
use crate::tests::routes;

/// A page, and the route that answers it.
pub(super) struct Address {
    pub(super) route: String,
    pub(super) path: String,
}

/// Further guises of a page, by what its address asks for. `{text}` is what stands in every text, `{title}` the field that
/// names a record, `{record}` and `{view}` the ids.
const ASKED: &[(&str, &[&str])] = &[
    (
        "/{module}",
        &[
            "as=board",
            "as=calendar",
            "as=calendar&span=week",
            "as=calendar&span=day",
            "as=calendar&span=agenda",
            "as=timeline",
            "as=chart",
            "as=chart&by=amount",
            "as=chart&group={title}",
            "deleted=true",
            "open={record}",
            "group={title}",
            "q={text}",
            "filter={text}",
        ],
    ),
    ("/{module}/new", &["{title}={text}"]),
    ("/{module}/{id}", &["view=card"]),
    ("/{module}/{id}/edit", &["field={title}"]),
    ("/{module}/{id}/history", &["field={title}"]),
    ("/{module}/{id}/tags", &["field=tags"]),
    ("/{module}/{id}/files", &["field=a_file"]),
    ("/{module}/{id}/when", &["by=due_at&at=2027-03-10", "by=starts_on&at=2027-03-10"]),
    ("/{module}/{id}/mentions", &["q="]),
    ("/search", &["q={text}"]),
    ("/search/palette", &["q={text}"]),
    ("/search/hits", &["q={text}"]),
    ("/search/links", &["of=leads&q={text}", "of=things&q=", "q={text}", "q="]),
    ("/search/people", &["q={text}", "q="]),
    ("/search/known", &["email={text}", "phone={text}"]),
    ("/undo", &["of=all", "of=all&module=leads"]),
    ("/settings/rules/new", &["module=leads", "module=activities"]),
    ("/settings/rules/{rule}", &["rehearse=true", "state=failed", "queued=true"]),
    ("/p/s/{token}", &["correct=1", "done=1"]),
    ("/p/c/{token}", &["kept=1"]),
    ("/p/u/{token}", &["again=1"]),
    ("/settings/surveys/{survey}/preview", &["asked=a_text&a.a_text={text}"]),
    (
        "/settings/forms/{form}/test",
        &["asked=need&a.need={text}", "asked=name&asked=need&a.name={text}&a.need={text}&consent=yes"],
    ),
    ("/forms/{form}", &["done=1", "embed=1", "utm_source={text}"]),
    ("/settings/webhooks", &["state=sandbox"]),
    ("/settings/mailboxes/{mailbox}/letters", &["q={text}", "state=taken"]),
    ("/sign-in", &["next={text}"]),
];

/// Every address that is got, by the routes in the source.
pub(super) fn every_address(filled: &Filled) -> Vec<Address> {
    let mut all = Vec::new();
    for (route, handler) in routes("src/pages") {
        if handler.contains("get(") {
            all.extend(of_route(filled, &route).into_iter().map(|path| Address { route: route.clone(), path }));
        }
    }
    let view = |view: &String| Address { route: "/{module}".to_owned(), path: format!("/leads?view={view}") };
    all.extend(filled.parts["view"].iter().map(view));
    assert!(all.len() > 200, "{}", all.len());
    all
}

/// Every route that writes, once.
pub(super) fn every_form(filled: &Filled) -> Vec<Address> {
    let writes = routes("src/pages").into_iter().filter(|(_, handler)| handler.contains("post("));
    let form = |(route, _): (String, String)| {
        let paths = paths(filled, &route);
        let path = paths.iter().find(|path| path.starts_with("/leads")).or(paths.first())?.clone();
        Some(Address { route, path })
    };
    writes.filter_map(form).collect()
}

fn of_route(filled: &Filled, route: &str) -> Vec<String> {
    let asked = ASKED.iter().find(|(known, _)| *known == route).map_or(&[][..], |(_, asked)| asked);
    let mut all = Vec::new();
    for path in paths(filled, route) {
        let module = path.split('/').nth(1).unwrap_or_default();
        let title = filled.modules().iter().find(|known| known.name == module).map(|known| known.title.clone());
        let record = filled.records.get(module).map_or("", String::as_str);
        let text = encoded(&[("", &filled.text)]);
        let said = |asked: &&str| {
            let asked = asked.replace("{title}", title.as_deref().unwrap_or_default()).replace("{record}", record);
            format!("{path}?{}", asked.replace("{text}", text.trim_start_matches('=')))
        };
        all.extend(asked.iter().map(said));
        all.push(path);
    }
    all
}

/// The addresses of a route, with everything there is in the place of its variable parts.
fn paths(filled: &Filled, route: &str) -> Vec<String> {
    let (mut open, mut whole) = (vec![route.to_owned()], Vec::new());
    while let Some(path) = open.pop() {
        let Some((before, rest)) = path.split_once('{') else {
            whole.push(path);
            continue;
        };
        let (part, after) = rest.split_once('}').unwrap();
        open.extend(values(filled, before, part).iter().map(|value| format!("{before}{value}{after}")));
    }
    whole
}

/// What stands in the place of a part behind `before`.
fn values(filled: &Filled, before: &str, part: &str) -> Vec<String> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let segment = |place: usize| before.split('/').nth(place).unwrap_or_default();
    let known = |name: &str| filled.parts.get(name).cloned().unwrap_or_default();
    match part {
        "module" if before == "/" => filled.modules().iter().map(|module| module.name.clone()).collect(),
        "module" if before == "/processes/" => texts(&["leads", "orders"]),
        "module" => texts(&["leads", OWN]),
        "field" if before.starts_with("/settings/forms/") => texts(&["need", "name"]),
        "field" => {
            let fields = filled.modules().into_iter().find(|module| module.name == segment(3));
            fields.iter().flat_map(|module| &module.fields).map(|field| field.name.clone()).collect()
        }
        "id" if before == "/notifications/" => known("notice"),
        // Beside a letter that went out one that came in and waits.
        "id" if before == "/messages/" => {
            filled.records.get("messages").cloned().into_iter().chain(known("message")).collect()
        }
        "id" => filled.records.get(segment(1)).cloned().into_iter().collect(),
        "name" => {
            let definitions = filled.world.web.app.workspace().knowledge().definitions;
            let process = definitions.process(segment(1));
            let mut names: Vec<_> = process.iter().flat_map(|it| &it.transitions).map(|it| it.name.clone()).collect();
            names.sort();
            names.dedup();
            names
        }
        "process" => texts(&["deals", "orders"]),
        "state" | "step" => {
            let definitions = filled.world.web.app.workspace().knowledge().definitions;
            let process = definitions.process_named(segment(3)).unwrap().clone();
            match part {
                "state" => process.states.iter().map(|state| state.name.clone()).collect(),
                _ => process.transitions.iter().map(|step| step.key.clone()).collect(),
            }
        }
        "token" if before == "/p/s/" => known("survey token"),
        "token" if before == "/p/c/" => known("case token"),
        "token" if before == "/p/u/" => known("consent token"),
        "token" if before == "/p/w/" => known("waiting token"),
        "letter" => texts(&["written", "order_received"]),
        "paper" => texts(&["contract", "invoice", "letter"]),
        "survey" => texts(&["asked", "decline"]),
        "form" => texts(&["filled"]),
        "site_letter" => texts(&["posted"]),
        "question" if segment(3) == "asked" => texts(&["a_lines", "a_matrix", "a_one", "a_text"]),
        "question" => texts(&["reason", "details"]),
        "user" | "team" | "mailbox" | "line" | "source" | "webhook" | "set" | "view" | "token" | "run" | "number" => {
            known(part)
        }
        "role" => texts(&["salesperson", "interns"]),
        "rule" => texts(&["quality_check_leads"]),
        "pack" => texts(&["crm", "own", "extra"]),
        "manual" => texts(&["salesperson", "administrator"]),
        "slug" => texts(&["spring"]),
        "code" => texts(&["all"]),
        "index" => texts(&["0"]),
        // A picture under a mark of another edition.
        "mark" => texts(&["0000000000000000"]),
        "language" => texts(&["ru"]),
        "file" => texts(&["lead.webp"]),
        _ => panic!("what stands in the place of {{{part}}} behind {before}? Say it here"),
    }
}
