//! What was just done to a record, told on the page that one lands on, with the way back: in the corner where the script
//! runs and where it does not.

use std::collections::BTreeSet;

use app::App;
use app::queue::MESSAGES;
use maud::{Markup, html};
use model::module::FILES;
use model::survey::SENT;
use model::{Id, Locale, Record};
use store::{ChangeEntry, Error, Result, Work};

use super::undo;
use crate::ui::{Words, icon};

/// The parameter that names the change set.
pub(super) const DONE: &str = "done";

/// Changes that are looked through for what to say.
const LOOKED_AT: usize = 200;

/// The first changes of a set, where it is the visitor's own and nobody has taken it back.
pub(super) fn standing(work: &mut Work<'_>, set: Id) -> Result<Vec<((String, Id), ChangeEntry)>> {
    let me = work.actor().id();
    match work.change_set_of(set)? {
        Some(known) if known.undone_by.is_none() && known.actor == me => {
            Ok(work.change_set_changes(set, 0, LOOKED_AT)?.changes)
        }
        _ => Ok(Vec::new()),
    }
}

/// A page after an act. Only the page of a record says what was done there: any other is answered as it is.
pub(super) fn address(page: &str, set: Option<Id>) -> String {
    match set.filter(|_| is_of_record(page)) {
        Some(set) => format!("{page}?{DONE}={set}"),
        None => page.to_owned(),
    }
}

fn is_of_record(page: &str) -> bool {
    let place = page.strip_prefix('/').and_then(|rest| rest.split_once('/'));
    place.is_some_and(|(_, id)| id.parse::<Id>().is_ok())
}

/// The message about the change set that `asked` names, where it still stands.
pub(super) fn toast(work: &mut Work<'_>, l: Locale, asked: &str, next: &str) -> Result<Option<Markup>> {
    let Ok(set) = asked.parse::<Id>() else { return Ok(None) };
    let changes = standing(work, set)?;
    if changes.is_empty() {
        return Ok(None);
    }
    if let Some(letter) = goes(work, &changes)? {
        return Ok(Some(super::write::toast(l, &letter)));
    }
    let issued = issued(l, &changes);
    let touches = |wanted: &str| changes.iter().any(|((module, _), _)| module == wanted);
    let is_numbered = (touches("invoices") || touches("contracts")) && !touches("orders") && !touches("payments");
    let is_empty = !work.without_change(&BTreeSet::from([set]))?.is_empty();
    let is_undone = issued.is_none() && !is_numbered && !is_empty;
    let words = match (sorted(work, l, &changes)?, issued) {
        (Some(words), _) => words,
        (None, Some(words)) => html! { (words) },
        (None, None) => html! { (words(work, l, &changes)) },
    };
    Ok(Some(html! {
        div.toast.good {
            span { (words) }
            // Neither number nor letter is taken back.
            @if is_undone { (undo::button(l, set, next)) }
            button.btn.quiet.small.icon type="button" data-dismiss aria-label=(l.say("close")) { (icon(assets::icon::X)) }
        }
    }))
}

/// The letter that somebody wrote, as long as it waits.
fn goes(work: &mut Work<'_>, changes: &[((String, Id), ChangeEntry)]) -> Result<Option<Record>> {
    let made = changes.iter().find(|((module, _), _)| module == MESSAGES).map(|((_, id), _)| *id);
    let Some(id) = made else { return Ok(None) };
    match work.get(MESSAGES, id) {
        Ok(letter) if letter.text("status") == Some("queued") && App::is_own_unsent(work, &letter) => Ok(Some(letter)),
        Ok(_) | Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What became of a message that was sorted, with the way there.
fn sorted(work: &mut Work<'_>, l: Locale, changes: &[((String, Id), ChangeEntry)]) -> Result<Option<Markup>> {
    let me = work.actor().id().map(|id| id.to_string());
    let sorted = changes.iter().find_map(|((module, id), change)| {
        let field = change.fields.iter().find(|field| field.field == "sorted").filter(|_| module == MESSAGES)?;
        let owner = change.fields.iter().find(|field| field.field == "owner").and_then(|owner| owner.after.as_str());
        let is_mine = me.is_some() && owner == me.as_deref();
        (change.operation == "update").then(|| (*id, field.after.as_str().map(str::to_owned), is_mine))
    });
    let Some((message, way, is_mine)) = sorted else { return Ok(None) };
    let made = |name: &str| {
        let made = changes.iter().find(|((module, _), change)| module == name && change.operation == "create");
        made.map(|((module, id), _)| (module.clone(), *id))
    };
    let is_new_lead = made("leads").is_some();
    let (key, made) = match way.as_deref() {
        Some("lead") if is_new_lead => ("done-sorted-lead", made("leads")),
        Some("lead") => ("done-sorted-known", made("cases")),
        Some("case") => ("done-sorted-case", made("cases")),
        Some("passed") if is_mine => ("done-sorted-taken", None),
        Some("passed") => ("done-sorted-passed", None),
        Some("done") => ("done-sorted-done", None),
        Some(_) => ("done-sorted-aside", None),
        None => ("done-sorted-back", None),
    };
    let (module, id) = made.unwrap_or_else(|| (MESSAGES.to_owned(), message));
    let title = work.titles(&module, &[id].into())?.remove(&id);
    Ok(Some(html! {
        (l.say(key)) ": "
        @match title {
            Some(title) => a.link href=(format!("/{module}/{id}")) { (title) },
            // What was made may be out of sight of whoever sorts.
            None => (l.say("link-hidden")),
        }
    }))
}

/// That papers of a deal were issued, or where they were sent.
fn issued(l: Locale, changes: &[((String, Id), ChangeEntry)]) -> Option<String> {
    let made = |name: &str| {
        let mut made = changes.iter().filter(|((module, _), change)| module == name && change.operation == "create");
        made.next().map(|(_, change)| change)
    };
    let said = |change: &ChangeEntry, name: &str| {
        let field = change.fields.iter().find(|field| field.field == name)?;
        field.after.as_str().map(str::to_owned)
    };
    let letter = made(MESSAGES).filter(|letter| said(letter, "template").as_deref() == Some(app::papers::TEMPLATE));
    if let Some(to) = letter.and_then(|letter| said(letter, "to")) {
        return Some(l.say_with("papers-sent", &[("email", to.into())]));
    }
    // With an order they are its own.
    let is_of_deal = !changes.iter().any(|((module, _), _)| module == "orders");
    let is_issued = made("invoices").or_else(|| made("contracts")).is_some();
    (letter.is_some() || is_of_deal && is_issued).then(|| l.say("papers-issued"))
}

fn words(work: &Work<'_>, l: Locale, changes: &[((String, Id), ChangeEntry)]) -> String {
    let acts = |name: &str, operation: &str| {
        let is_such = |((module, _), change): &&((String, Id), ChangeEntry)| {
            change.operation == operation && (name.is_empty() || module == name)
        };
        changes.iter().filter(is_such).count()
    };
    let attached = acts(FILES, "create");
    if attached > 0 {
        return l.say_with("files-attached", &[("count", attached.into())]);
    }
    if acts(FILES, "delete") > 0 {
        return l.say("done-file-gone");
    }
    if acts(SENT, "create") > 0 || acts(SENT, "update") > 0 && acts("messages", "create") > 0 {
        return l.say("survey-sent");
    }
    if acts("", "restore") > 0 {
        return l.say("done-restored");
    }
    let moved = changes.iter().find_map(|((module, _), change)| entered(work, l, module, change));
    moved.map_or_else(|| l.say("saved"), |state| l.say_with("done-moved", &[("state", state.into())]))
}

/// The state that a change led into, in words.
fn entered(work: &Work<'_>, l: Locale, module: &str, change: &ChangeEntry) -> Option<String> {
    let process = work.definitions().process(module)?;
    let step = change.fields.iter().find(|field| field.field == process.field && !field.before.is_null())?;
    Some(process.state(step.after.as_str()?)?.label.get(l).to_owned())
}
