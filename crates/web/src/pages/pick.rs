//! What agrees with what is typed into the control of a link: records of a module or of any, or users, each with what
//! tells it from others of its name. Nothing is answered that the visitor may not see.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{RawQuery, State};
use maud::{Markup, html};
use model::field::FieldType;
use model::{Id, Module, Record, Value};
use store::{Colleague, Hit, Result, Work};

use super::new::can_be_made;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::{self, Typed};
use crate::ui::{Lens, Words, face, icon, offers};

/// The most that is answered; records of one module where nothing is typed and any will do.
const LIMIT: usize = 10;
const OF_EACH: usize = 2;

/// How many values tell a record from others.
const PARTS: usize = 2;

/// One that was found.
struct Found {
    value: String,
    at: String,
    icon: String,
    name: String,
    line: String,
}

/// A record that can be made of what was typed.
struct Making {
    module: String,
    at: String,
    label: String,
}

/// Records: `of` names their module, without it they are of any that something can be about.
pub(crate) async fn links(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(raw): RawQuery,
) -> std::result::Result<Markup, Problem> {
    let query = typed::read(raw.unwrap_or_default().as_bytes())?;
    let (of, words, locale) = (query.text("of").to_owned(), words(&query), visitor.locale);
    let read = move |work: &mut Work<'_>| {
        let mut lens = Lens::of(work, locale);
        if of.is_empty() {
            let modules: Vec<_> = offers::subjects(work).iter().map(|module| module.name.clone()).collect();
            return Ok((found(work, &mut lens, &modules, &words, true)?, None));
        }
        let module = work.module(&of)?;
        let found = found(work, &mut lens, std::slice::from_ref(&of), &words, false)?;
        Ok((found, making(work, &lens, &module, &words)))
    };
    let (found, making) = web.app.workspace().read(visitor.actor(), read).await?;
    Ok(html! {
        @for found in &found {
            div role="option" data-value=(found.value) data-name=(found.name) data-at=(found.at) {
                (icon::named(&found.icon))
                span { b { (found.name) } @if !found.line.is_empty() { small { (found.line) } } }
            }
        }
        @if let Some(making) = &making {
            div role="option" data-make=(making.at) data-module=(making.module) {
                (icon(assets::icon::PLUS)) span { b { (making.label) } }
            }
        }
    })
}

/// Users.
pub(crate) async fn people(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(raw): RawQuery,
) -> std::result::Result<Markup, Problem> {
    let (words, me) = (words(&typed::read(raw.unwrap_or_default().as_bytes())?), visitor.user.id);
    let read = move |work: &mut Work<'_>| {
        let mut found = work.colleagues(&words)?;
        // Mostly one takes something upon oneself.
        found.sort_by_key(|colleague| colleague.id != me);
        found.truncate(LIMIT);
        Ok(found)
    };
    let found: Vec<Colleague> = web.app.workspace().read(visitor.actor(), read).await?;
    Ok(html! {
        @for found in &found {
            div role="option" data-value=(found.id) data-name=(found.name) {
                (face::face(found.id, &found.name))
                span { b { (found.name) } @if let Some(email) = &found.email { small { (email) } } }
            }
        }
    })
}

fn words(query: &Typed) -> String {
    query.text("q").chars().take(400).collect()
}

/// The best hits, read under the visitor's rights: one query for each module, and one for each that they lead to.
fn found(work: &mut Work<'_>, lens: &mut Lens, modules: &[String], words: &str, is_any: bool) -> Result<Vec<Found>> {
    let mut hits = match words {
        "" => offers::latest(work, modules, if is_any { OF_EACH } else { LIMIT })?,
        words => offers::agreeing(work, modules, words, LIMIT)?,
    };
    hits.truncate(LIMIT);
    let mut wanted = BTreeMap::<String, BTreeSet<Id>>::new();
    for hit in &hits {
        wanted.entry(hit.module.clone()).or_default().insert(hit.id);
    }
    let mut records = BTreeMap::new();
    for (name, ids) in wanted {
        let module = work.module(&name)?;
        records.extend(work.several(&module, &ids)?.into_iter().map(|record| (record.id, record)));
    }
    lens.learn(work, records.values())?;
    Ok(hits.iter().filter_map(|hit| records.get(&hit.id).map(|record| shown(lens, hit, record, is_any))).collect())
}

fn shown(lens: &Lens, hit: &Hit, record: &Record, is_any: bool) -> Found {
    let module = &record.module;
    let kind = is_any.then(|| module.one.get(lens.locale).to_owned());
    let parts: Vec<String> = kind.into_iter().chain(telling(lens, record)).collect();
    Found {
        value: if is_any { format!("{}/{}", hit.module, hit.id) } else { hit.id.to_string() },
        at: format!("/{}/{}", hit.module, hit.id),
        icon: module.icon.clone(),
        name: super::cells::title_text(lens, record),
        line: parts.join(" · "),
    }
}

/// The values that tell a record from others of its name: what stands beside the title, then what the list shows.
fn telling(lens: &Lens, record: &Record) -> Vec<String> {
    let module = &record.module;
    let mut parts: Vec<String> = Vec::new();
    for name in module.subtitle.iter().chain(&module.columns).filter(|name| **name != module.title) {
        let Some(field) = module.field(name).filter(|_| parts.len() < PARTS) else { continue };
        let value = record.get(name);
        let tells = match (field.read_as(), value) {
            (_, Value::Null) => false,
            (FieldType::Link, Value::Id(id)) => field.module.as_deref().is_some_and(|to| lens.title(to, *id).is_some()),
            (kind, _) => is_telling(kind),
        };
        let text = if tells { lens.text(field, value) } else { String::new() };
        if !text.is_empty() && !parts.contains(&text) {
            parts.push(text);
        }
    }
    parts
}

fn is_telling(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Date
            | FieldType::Datetime
            | FieldType::Money
    )
}

/// The way to a new record that is called as was typed, for whoever makes such records by hand.
fn making(work: &Work<'_>, lens: &Lens, module: &Module, words: &str) -> Option<Making> {
    if !can_be_made(module, &work.grant(module)) {
        return None;
    }
    let l = lens.locale;
    let is_named = module.field(&module.title).is_some_and(|field| field.kind == FieldType::Text) && !words.is_empty();
    let query = is_named.then(|| serde_urlencoded::to_string([(module.title.as_str(), words)]).ok()).flatten();
    let one = ("name", module.one.get(l).into());
    Some(Making {
        module: module.name.clone(),
        at: query.map_or_else(|| format!("/{}/new", module.name), |query| format!("/{}/new?{query}", module.name)),
        label: if is_named {
            l.say_with("pick-new-named", &[one, ("words", words.into())])
        } else {
            l.say_with("pick-new", &[one])
        },
    })
}
