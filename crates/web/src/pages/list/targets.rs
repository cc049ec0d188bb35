//! Records and people that a filter names by what they are called.

use model::expr::Plan;
use model::field::FieldType;
use model::rights::Scope;
use model::{Field, Id, Locale};
use store::{List, Result, Work};

use crate::ui::Words;

/// Records that are looked at for a name.
const LOOKED_AT: usize = 20;

/// What was typed as the value of a field, as the id it stands for; every other value as it is. Nothing where no record
/// that the visitor may see is called so.
pub(super) fn meant(work: &mut Work<'_>, field: &Field, value: &str) -> Result<Option<String>> {
    let is_id = matches!(value, "" | "me" | "me()") || value.parse::<Id>().is_ok();
    match (field.kind, &field.module) {
        _ if is_id => Ok(Some(value.to_owned())),
        (FieldType::Person, _) => Ok(user(work, value)?.map(|id| id.to_string())),
        (FieldType::Link | FieldType::File | FieldType::Links, Some(target)) => {
            Ok(record(work, target, value)?.map(|id| id.to_string()))
        }
        _ => Ok(Some(value.to_owned())),
    }
}

fn user(work: &mut Work<'_>, name: &str) -> Result<Option<Id>> {
    let name = name.to_lowercase();
    let users = work.accounts()?;
    let called = |exact: bool| {
        let fits = |known: &str| if exact { known == name } else { known.contains(&name) };
        users.iter().find(|user| fits(&user.name.to_lowercase()) || fits(&user.email)).map(|user| user.id)
    };
    Ok(called(true).or_else(|| called(false)))
}

/// The record whose title this is, else the best one that its words find.
fn record(work: &mut Work<'_>, target: &str, title: &str) -> Result<Option<Id>> {
    let module = work.module(target)?;
    if work.grant(&module).read == Scope::None {
        return Ok(None);
    }
    let wanted = title.to_lowercase();
    if let Ok(filter) = Plan::field(&module, &module.title).and_then(|field| field.eq(title)) {
        let list = List { filter: Some(filter), limit: 1, ..List::default() };
        if let Some(record) = work.list(target, &list)?.records.first() {
            return Ok(Some(record.id));
        }
    }
    let list = List { text: Some(title.to_owned()), limit: LOOKED_AT, ..List::default() };
    let found = work.list(target, &list)?.records;
    let exact = found.iter().find(|record| record.title().to_lowercase() == wanted);
    Ok(exact.or(found.first()).map(|record| record.id))
}

/// What was typed for yes or no, in either language.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    let said = |key: &str| Locale::ALL.into_iter().any(|l| l.say(key).to_lowercase() == text.to_lowercase());
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ if said("yes") => Some(true),
        _ if said("no") => Some(false),
        _ => None,
    }
}
