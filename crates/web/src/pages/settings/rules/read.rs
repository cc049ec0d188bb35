//! The form of a rule, read into a body of the API, and a rule written into the form.

use std::collections::BTreeMap;

use model::Label;
use model::rule::{Action, Addressee, Pool, Rule, Share, Worth};
use serde_json::{Map, Value as Json, json};
use store::Error;

use super::when;
use crate::pages::settings::inputs;
use crate::ui::control::duration;
use crate::ui::typed::{Typed, read};

/// In place of the name of a survey: the one that set the rule off, once more. No survey is called so.
pub(super) const AGAIN: &str = ".again";

/// What was typed, as a body of the API.
///
/// # Errors
/// [`Error::Invalid`] where a line is no `field = expression`.
pub(super) fn body(typed: &Typed) -> Result<Map<String, Json>, Error> {
    let mut body = Map::new();
    let mut put = |key: &str, value: Json| drop(body.insert(key.to_owned(), value));
    put("name", json!(typed.text("name")));
    put("label", inputs::label_json(typed));
    put("module", json!(typed.text("module")));
    put("when", when::body(typed));
    // Whoever leaves it open leaves it as it is.
    if typed.has("active") {
        put("active", json!(typed.text("active") == "true"));
    }
    if !typed.text("if").is_empty() {
        put("if", json!(typed.text("if").replace("\r\n", "\n")));
    }
    if !typed.text("budget").is_empty() {
        let budget = typed.text("budget").parse::<u32>();
        let budget = budget.map_err(|_| Error::field("budget", "invalid_number", "a whole number of runs an hour"))?;
        put("budget", json!(budget));
    }
    put("then", Json::Array(actions(typed)?));
    Ok(body)
}

/// The actions in the order in which a rule of the form does them.
fn actions(typed: &Typed) -> Result<Vec<Json>, Error> {
    let mut actions = Vec::new();
    if !typed.text("wait").is_empty() {
        let mut wait = json!({"do": "wait", "after": duration::read(typed.text("wait"))});
        if let (true, Some(map)) = (typed.has("wait_working"), wait.as_object_mut()) {
            map.insert("working".to_owned(), json!(true));
        }
        actions.push(wait);
    }
    if let Some(pool) = pool(typed.text("approve")) {
        actions.push(json!({"do": "approve", "by": pool}));
    }
    for (of, fields) in by_link(values(typed.text("set"))?) {
        actions.push(match of {
            None => json!({"do": "set", "fields": fields}),
            Some(link) => json!({"do": "set", "of": link, "fields": fields}),
        });
    }
    if !typed.text("due").is_empty() {
        actions.push(due(typed)?);
    }
    if !typed.text("sort").is_empty() {
        let mut sort = json!({"do": "sort", "into": typed.text("sort"), "fields": values(typed.text("sort_fields"))?});
        if let (Some(pool), Some(map)) = (pool(typed.text("sort_to")), sort.as_object_mut()) {
            map.insert("to".to_owned(), json!(pool));
            map.insert("by".to_owned(), json!(share(typed.text("sort_by"))));
        }
        actions.push(sort);
    }
    if !typed.text("transition").is_empty() {
        let fields = values(typed.text("move"))?;
        actions.push(json!({"do": "move", "transition": typed.text("transition"), "fields": fields}));
    }
    if let Some(pool) = pool(typed.text("assign")) {
        actions.push(json!({"do": "assign", "to": pool, "by": share(typed.text("assign_by"))}));
    }
    if !typed.text("create_module").is_empty() {
        let owner = pool(typed.text("create_owner"));
        for fields in records(typed.text("create")) {
            let mut made = json!({
                "do": "create", "module": typed.text("create_module"), "fields": values(&fields)?,
                "by": share(typed.text("create_by")),
            });
            if let (Some(pool), Some(map)) = (&owner, made.as_object_mut()) {
                map.insert("owner".to_owned(), json!(pool));
            }
            actions.push(made);
        }
    }
    if !typed.text("template").is_empty() {
        let mut letter = json!({"do": "letter", "template": typed.text("template"), "to": typed.text("letter_to")});
        if let (false, Some(map)) = (typed.text("letter_name").is_empty(), letter.as_object_mut()) {
            map.insert("name".to_owned(), json!(typed.text("letter_name")));
        }
        actions.push(letter);
    }
    match typed.text("survey") {
        "" => {}
        AGAIN => actions.push(json!({"do": "survey"})),
        survey => actions.push(json!({"do": "survey", "survey": survey})),
    }
    let papers: Vec<&str> = typed.all("issue").collect();
    if !papers.is_empty() {
        let mut issue = json!({"do": "issue", "papers": papers});
        if let (true, Some(map)) = (typed.has("issue_send"), issue.as_object_mut()) {
            map.insert("send".to_owned(), json!(true));
        }
        actions.push(issue);
    }
    let told = |whom: &str| if whom == "owner" { json!("owner") } else { json!(pool(whom)) };
    let whom: Vec<Json> = typed.all("notify").map(told).collect();
    if !whom.is_empty() {
        actions.push(json!({"do": "notify", "to": whom}));
    }
    if !typed.text("webhook").trim().is_empty() {
        actions.push(json!({"do": "webhook", "url": typed.text("webhook").trim()}));
    }
    Ok(actions)
}

/// By when something is to be done.
fn due(typed: &Typed) -> Result<Json, Error> {
    let states: Vec<&str> = typed.all("due_stands").collect();
    let within = typed.text("due_within");
    let mut due = Map::from_iter([
        ("do".to_owned(), json!("due")),
        ("field".to_owned(), json!(typed.text("due"))),
        ("within".to_owned(), json!(within)),
        ("stands_in".to_owned(), json!(states)),
    ]);
    for (key, name) in [("since", "due_since"), ("warn", "due_warn")] {
        let field = Some(typed.text(name)).filter(|field| !field.is_empty());
        due.extend(field.map(|field| (key.to_owned(), json!(field))));
    }
    if !typed.text("due_share").trim().is_empty() {
        let share = typed.text("due_share").trim().trim_end_matches('%').trim().parse::<u8>();
        let share = share.map_err(|_| Error::field("then", "out_of_range", "a share in percent, from 1 to 99"))?;
        due.insert("share".to_owned(), json!(share));
    }
    Ok(Json::Object(due))
}

/// `role:NAME` or `team:ID`.
fn pool(text: &str) -> Option<Pool> {
    let (kind, name) = text.split_once(':')?;
    match kind {
        "role" => Some(Pool::Role(name.to_owned())),
        "team" => Some(Pool::Team(name.to_owned())),
        _ => None,
    }
}

fn share(text: &str) -> &'static str {
    if text == "load" { "load" } else { "turns" }
}

/// The lines of each record that is made: an empty line stands between two.
fn records(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let records = lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n"));
    let records: Vec<String> = records.collect();
    // A record of which nothing is said is one still, and what it lacks is told.
    if records.is_empty() { vec![String::new()] } else { records }
}

/// Lines of `field = expression`, or `field = {"ru": "…", "en": "…"}` for words.
fn values(text: &str) -> Result<BTreeMap<String, Worth>, Error> {
    let mut values = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = || Error::field("then", "rule_line", format!("{line:?} is no `field = expression`"));
        let (name, worth) = line.split_once('=').ok_or_else(wrong)?;
        let (name, worth) = (name.trim(), worth.trim());
        if name.is_empty() || worth.is_empty() || worth.starts_with('=') {
            return Err(wrong());
        }
        let worth = match serde_json::from_str::<Label>(worth) {
            Ok(words) if worth.starts_with('{') => Worth::Words(words),
            _ => Worth::Expression(worth.to_owned()),
        };
        values.insert(name.to_owned(), worth);
    }
    Ok(values)
}

/// Values by the link that leads to what they are set of: `account.rating` is the rating of the account.
fn by_link(values: BTreeMap<String, Worth>) -> BTreeMap<Option<String>, BTreeMap<String, Worth>> {
    let mut all: BTreeMap<Option<String>, BTreeMap<String, Worth>> = BTreeMap::new();
    for (name, worth) in values {
        let (link, field) = match name.split_once('.') {
            Some((link, field)) => (Some(link.trim().to_owned()), field.trim().to_owned()),
            None => (None, name),
        };
        all.entry(link).or_default().insert(field, worth);
    }
    all
}

/// What the form would hold for the rule; nothing where it does more than the form says, or in another order.
pub(super) fn typed(rule: &Rule) -> Option<Typed> {
    let mut pairs: Vec<(&str, String)> = vec![
        ("label_ru", rule.label.ru.clone()),
        ("label_en", rule.label.en.clone()),
        ("name", rule.name.clone()),
        ("module", rule.module.clone()),
        ("active", rule.active.to_string()),
        ("if", rule.condition.clone().unwrap_or_default()),
        ("budget", rule.budget.map(|budget| budget.to_string()).unwrap_or_default()),
    ];
    when::typed(&rule.when, &mut pairs);
    let (mut place, mut links, mut sets) = (0, Vec::new(), Vec::new());
    let mut before: Option<&Action> = None;
    for action in &rule.then {
        if before.replace(action).is_some_and(|before| is_another(before, action)) {
            put_another(action, &mut pairs);
            continue;
        }
        let own = [
            "wait", "approve", "set", "due", "sort", "move", "assign", "create", "letter", "survey", "issue", "notify",
            "webhook",
        ]
        .iter()
        .position(|it| *it == action.name())?
            + 1;
        // What is set of one link after the other stands in one box.
        let link = if let Action::Set { of, .. } = action { Some(of) } else { None };
        let goes_on = own == place && link.is_some_and(|link| links.last().is_some_and(|last| *last < link));
        if own <= place && !goes_on {
            return None;
        }
        place = own;
        links.extend(link);
        if let Action::Set { of, fields } = action {
            sets.push(lines(fields, of.as_deref()));
        }
        put(action, &mut pairs);
    }
    if !sets.is_empty() {
        pairs.push(("set", sets.join("\n")));
    }
    read(serde_urlencoded::to_string(pairs).ok()?.as_bytes()).ok()
}

/// Whether both make a record of one module for the same people: they stand in one box.
fn is_another(before: &Action, action: &Action) -> bool {
    match (before, action) {
        (Action::Create { module, owner, by, .. }, Action::Create { module: other, owner: owned, by: shared, .. }) => {
            (module, owner, by) == (other, owned, shared)
        }
        _ => false,
    }
}

/// One more record below those that stand in the box.
fn put_another(action: &Action, pairs: &mut [(&'static str, String)]) {
    let Action::Create { fields, .. } = action else { return };
    if let Some((_, text)) = pairs.iter_mut().find(|(name, _)| *name == "create") {
        text.push_str("\n\n");
        text.push_str(&lines(fields, None));
    }
}

fn put(action: &Action, pairs: &mut Vec<(&'static str, String)>) {
    match action {
        // They stand together.
        Action::Set { .. } => {}
        Action::Wait { after, working } => {
            pairs.push(("wait", after.clone()));
            pairs.extend(working.then(|| ("wait_working", "yes".to_owned())));
        }
        Action::Due { field, within, since, stands_in, warn, share } => {
            let within = within.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            pairs.extend([("due", field.clone()), ("due_within", within), ("due_share", share.to_string())]);
            pairs.extend([
                ("due_since", since.clone().unwrap_or_default()),
                ("due_warn", warn.clone().unwrap_or_default()),
            ]);
            pairs.extend(stands_in.iter().map(|state| ("due_stands", state.clone())));
        }
        Action::Move { transition, fields } => {
            pairs.extend([("transition", transition.clone()), ("move", lines(fields, None))]);
        }
        Action::Approve { by } => pairs.push(("approve", by.key())),
        Action::Sort { into, fields, to, by } => {
            let to = to.as_ref().map(Pool::key).unwrap_or_default();
            pairs.extend([("sort", into.name().to_owned()), ("sort_fields", lines(fields, None)), ("sort_to", to)]);
            pairs.push(("sort_by", by_of(*by)));
        }
        Action::Assign { to, by } => pairs.extend([("assign", to.key()), ("assign_by", by_of(*by))]),
        Action::Create { module, fields, owner, by } => {
            let owner = owner.as_ref().map(Pool::key).unwrap_or_default();
            pairs.extend([("create_module", module.clone()), ("create", lines(fields, None)), ("create_owner", owner)]);
            pairs.push(("create_by", by_of(*by)));
        }
        Action::Letter { template, to, name } => {
            pairs.extend([("template", template.clone()), ("letter_to", to.clone())]);
            pairs.push(("letter_name", name.clone().unwrap_or_default()));
        }
        Action::Webhook { url } => pairs.push(("webhook", url.clone())),
        Action::Survey { survey } => pairs.push(("survey", survey.clone().unwrap_or_else(|| AGAIN.to_owned()))),
        Action::Issue { papers, send } => {
            pairs.extend(papers.iter().map(|paper| ("issue", paper.name().to_owned())));
            pairs.extend(send.then(|| ("issue_send", "yes".to_owned())));
        }
        Action::Notify { to } => pairs.extend(to.iter().map(|whom| match whom {
            Addressee::Owner => ("notify", "owner".to_owned()),
            Addressee::Role(role) => ("notify", Pool::Role(role.clone()).key()),
            Addressee::Team(team) => ("notify", Pool::Team(team.clone()).key()),
        })),
    }
}

fn by_of(by: Share) -> String {
    let name = match by {
        Share::Turns => "turns",
        Share::Load => "load",
    };
    name.to_owned()
}

fn lines(fields: &BTreeMap<String, Worth>, of: Option<&str>) -> String {
    let line = |(name, worth): (&String, &Worth)| {
        let worth = match worth {
            // What stands on several lines in a file stands on one here.
            Worth::Expression(text) => text.lines().map(str::trim).collect::<Vec<_>>().join(" "),
            Worth::Words(words) => json!(words).to_string(),
        };
        match of {
            Some(link) => format!("{link}.{name} = {worth}"),
            None => format!("{name} = {worth}"),
        }
    };
    fields.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_goes_into_the_form_and_back() {
        let packs = app::packs::with_needs("conference").unwrap();
        let rules: Vec<_> = packs.iter().flat_map(|pack| &pack.rules).collect();
        assert!(!rules.is_empty());
        for rule in rules {
            let body = body(&typed(rule).unwrap()).unwrap();
            assert_eq!(serde_json::from_value::<Rule>(Json::Object(body)).unwrap(), *rule);
        }
    }

    #[test]
    fn waits_and_linked_records_go_into_the_form_and_back() {
        let rule: Rule = serde_json::from_value(json!({
            "name": "a", "label": {"ru": "а", "en": "a"}, "module": "deals", "when": {"event": "created"},
            "then": [
                {"do": "wait", "after": "P2D", "working": true},
                {"do": "set", "fields": {"name": "name"}},
                {"do": "set", "of": "account", "fields": {"city": "name", "name": "name"}},
                {"do": "set", "of": "contact", "fields": {"name": "name"}},
            ],
        }))
        .unwrap();
        let typed = typed(&rule).unwrap();
        assert_eq!(typed.text("set"), "name = name\naccount.city = name\naccount.name = name\ncontact.name = name");
        let back = serde_json::from_value::<Rule>(Json::Object(body(&typed).unwrap())).unwrap();
        assert_eq!(back, rule);
        // In another order it is more than the form says.
        let mut turned = rule;
        turned.then.reverse();
        assert!(super::typed(&turned).is_none());
    }

    #[test]
    fn a_line_that_says_nothing_is_a_fault() {
        assert!(values("name = email\n\n phone=\"1\"").is_ok_and(|values| values.len() == 2));
        for wrong in ["name", "name =", "= email", "name == email"] {
            assert!(values(wrong).is_err(), "{wrong}");
        }
    }
}
