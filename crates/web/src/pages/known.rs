//! Who has an e-mail address or a telephone number already: told beside the control once it is left, before somebody is kept
//! for a second time. Only those whom the reader sees, and only by fields that they see; whatever is told, it can be saved.

use std::collections::BTreeSet;

use axum::extract::{RawQuery, State};
use maud::{Markup, html};
use model::field::FieldType;
use model::identity::{email, phone};
use model::rights::Scope;
use model::{Id, Record};
use store::{IdentityKind, Result, Work};

use super::cells;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
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
    let asked = match (
        email::normalise(query.text("email")),
        phone::normalise(query.text("phone"), phone::Region::default()),
    ) {
        (Ok(email), _) => (IdentityKind::Email, String::from(email)),
        (_, Ok(phone)) => (IdentityKind::Phone, String::from(phone)),
        _ => return Ok(html! {}),
    };
    let kind = asked.0;
    let read = move |work: &mut Work<'_>| {
        let found = carriers(work, &asked)?;
        let mut lens = Lens::of(work, l);
        lens.learn(work, &found)?;
        let told = |record: &Record| {
            (
                format!("/{}/{}", record.module.name, record.id),
                record.module.one.get(l).to_owned(),
                cells::title_text(&lens, record),
            )
        };
        Ok(found.iter().map(told).collect::<Vec<_>>())
    };
    let found = web.app.workspace().read(visitor.actor(), read).await?;
    Ok(html! {
        @if !found.is_empty() {
            p.known {
                (icon(assets::icon::CIRCLE_ALERT))
                span {
                    (l.say(if kind == IdentityKind::Email { "known-email" } else { "known-phone" }))
                    @for (index, (address, one, title)) in found.iter().enumerate() {
                        @if index > 0 { "," }
                        // What was typed stays where it is.
                        " " a.link href=(address) target="_blank" rel="noopener" { (one) " " (title) }
                    }
                }
            }
        }
    })
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
