//! Who has an e-mail address or a telephone number already: told beside the control once it is left, before somebody is kept
//! for a second time. Only those whom the reader sees, and only by fields that they see; whatever is told, it can be saved.

use std::collections::BTreeSet;

use axum::extract::{RawQuery, State};
use maud::{Markup, html};
use model::field::FieldType;
use model::identity::{email, phone};
use model::rights::Scope;
use model::{Id, Locale, Record};
use store::{IdentityKind, Result, Work};

use super::cells;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::inputs::Input;
use crate::ui::{Lens, Words, icon, typed};

/// Where it is asked.
pub(super) const KNOWN: &str = "/search/known";

/// The most that are told.
const SHOWN: usize = 3;

/// Those who have what stands in `email` or `phone`; nothing where nobody has it.
pub(super) async fn known(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(raw): RawQuery,
) -> std::result::Result<Markup, Problem> {
    let query = typed::read(raw.unwrap_or_default().as_bytes())?;
    let l = visitor.locale;
    let asked =
        identity(FieldType::Email, query.text("email")).or_else(|| identity(FieldType::Phone, query.text("phone")));
    let read = move |work: &mut Work<'_>| asked.as_ref().map(|asked| told(work, l, asked)).transpose();
    Ok(web.app.workspace().read(visitor.actor(), read).await?.flatten().unwrap_or_else(|| html! {}))
}

/// Tells it below the controls of a form that comes back with what was typed: it is as true as it was before.
pub(super) fn tell(work: &mut Work<'_>, l: Locale, inputs: &mut [Input]) -> Result<()> {
    for input in inputs {
        if let Some(asked) = identity(input.field.kind, &input.text) {
            input.told = told(work, l, &asked)?;
        }
    }
    Ok(())
}

/// What was typed into a field, as people are known by it; nothing where they are not.
fn identity(kind: FieldType, text: &str) -> Option<(IdentityKind, String)> {
    match kind {
        FieldType::Email => Some((IdentityKind::Email, email::normalise(text).ok()?.into())),
        FieldType::Phone => Some((IdentityKind::Phone, phone::normalise(text, phone::Region::default()).ok()?.into())),
        _ => None,
    }
}

/// Who has it, with the way there; nothing where nobody has.
fn told(work: &mut Work<'_>, l: Locale, asked: &(IdentityKind, String)) -> Result<Option<Markup>> {
    let found = carriers(work, asked)?;
    if found.is_empty() {
        return Ok(None);
    }
    let mut lens = Lens::of(work, l);
    lens.learn(work, &found)?;
    Ok(Some(html! {
        p.known {
            (icon(assets::icon::CIRCLE_ALERT))
            span {
                (l.say(if asked.0 == IdentityKind::Email { "known-email" } else { "known-phone" }))
                @for (index, record) in found.iter().enumerate() {
                    @if index > 0 { "," }
                    @let address = format!("/{}/{}", record.module.name, record.id);
                    // What was typed stays where it is.
                    " " a.link href=(address) target="_blank" rel="noopener" { (record.module.one.get(l)) " " (cells::title_text(&lens, record)) }
                }
            }
        }
    }))
}

/// The records that carry an identity in a field which the reader sees.
fn carriers(work: &mut Work<'_>, (kind, value): &(IdentityKind, String)) -> Result<Vec<Record>> {
    let readable: Vec<_> = work
        .definitions()
        .modules()
        .filter(|module| module.identity.is_some() && work.grant(module).read != Scope::None)
        .cloned()
        .collect();
    let names: Vec<&str> = readable.iter().map(|module| module.name.as_str()).collect();
    let known = work.known(&[(*kind, value.clone())], &names)?;
    let wanted = if *kind == IdentityKind::Email { FieldType::Email } else { FieldType::Phone };
    let mut found = Vec::new();
    for module in &readable {
        let ids: BTreeSet<Id> =
            known.iter().filter(|known| known.module == module.name).map(|known| known.id).collect();
        if ids.is_empty() {
            continue;
        }
        let hidden = work.grant(module).hidden;
        let carries = |record: &Record| {
            let mut fields = module.fields.iter().zip(&record.values);
            fields.any(|(field, present)| {
                field.kind == wanted && !hidden.contains(&field.name) && present.as_text() == Some(value.as_str())
            })
        };
        let seen = work.several(module, &ids)?.into_iter();
        found.extend(seen.filter(|record| record.deleted_at.is_none() && carries(record)));
    }
    found.truncate(SHOWN);
    Ok(found)
}
