//! A record as it stood at a moment: only read, with the way back to now.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::process::Process;
use model::rights::Grant;
use model::{Id, Locale, Module, Record, l10n};
use store::{Error, Work};

use super::fields::Fields;
use super::{road, view};
use crate::pages::cells;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Lens, Words, note};

/// The parameter that names the moment.
pub(super) const AS_OF: &str = "as_of";

/// What the page shows.
struct Past {
    frame: Frame,
    lens: Lens,
    module: Arc<Module>,
    id: Id,
    grant: Grant,
    process: Option<Arc<Process>>,
    /// The moment; nothing where what was typed is none.
    at: Option<Timestamp>,
    /// The record; nothing where it was not there then.
    then: Option<Record>,
    /// Whether the person was erased since.
    is_erased: bool,
    /// The stages in which it had stood.
    visited: BTreeSet<String>,
}

/// The page of a record as of a moment that was typed.
pub(super) async fn page(
    web: &Web,
    visitor: Visitor,
    (module, id): (String, Id),
    typed: String,
) -> Result<Response, Problem> {
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| read(work, &visitor, (&module, id), &typed);
    Ok(shown(&web.app.workspace().read(actor, read).await?).into_response())
}

fn read(work: &mut Work<'_>, visitor: &Visitor, (name, id): (&str, Id), typed: &str) -> store::Result<Past> {
    let module = work.module(name)?;
    let at = moment(typed, &work.settings().zone());
    let then = match at.map(|at| work.get_as_of(name, id, at)).transpose() {
        // It is there today, but was not yet.
        Err(Error::NotFound { .. }) => work.get(name, id).map(|_| None)?,
        then => then?,
    };
    if at.is_none() {
        work.get(name, id)?;
    }
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, &then)?;
    let process = work.definitions().process(name).cloned();
    let now = work.now();
    let visited = road::visited(work, process.as_deref(), (&module, id), at.unwrap_or(now))?;
    Ok(Past {
        frame: Frame::read(work, visitor)?,
        lens,
        grant: work.grant(&module),
        process,
        visited,
        is_erased: work.erasure(id)?.is_some(),
        module,
        id,
        at,
        then,
    })
}

/// The moment that was typed: an instant, or a time by the clock of the workspace. The story tells minutes, so a minute has
/// passed with all that it tells of it.
fn moment(typed: &str, zone: &TimeZone) -> Option<Timestamp> {
    let typed = typed.trim();
    if let Ok(at) = typed.parse::<Timestamp>() {
        return Some(at);
    }
    let clock: DateTime = typed.parse().ok()?;
    let is_minute = clock.second() == 0 && clock.subsec_nanosecond() == 0;
    let clock = if is_minute { clock.with().second(59).subsec_nanosecond(999_999_000).build().ok()? } else { clock };
    Some(clock.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Where a moment is chosen. Without script as well: it is asked for by address.
pub(super) fn ask(l: Locale, lens: &Lens, here: &str, at: Timestamp) -> Markup {
    let clock = |at: Timestamp| lens.zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string();
    html! {
        form.as-of method="get" action=(here) {
            label {
                span { (l.say("past-ask")) }
                input type="datetime-local" name=(AS_OF) required value=(clock(at)) max=(clock(lens.now));
            }
            button.btn.small { (l.say("past-show")) }
        }
    }
}

fn shown(past: &Past) -> Markup {
    let l = past.frame.locale;
    let (list, here) = (format!("/{}", past.module.name), format!("/{}/{}", past.module.name, past.id));
    let named = past.then.as_ref().map(|then| cells::title_text(&past.lens, then));
    let title = named.unwrap_or_else(|| past.module.one.get(l).to_owned());
    let exact = |at: Timestamp| l10n::date_time(l, at, &past.lens.zone);
    let told = match (past.at, &past.then) {
        (None, _) => l.say("past-no-moment"),
        (Some(at), Some(then)) => {
            let key = if then.deleted_at.is_some() { "past-stood-in-bin" } else { "past-stood" };
            l.say_with(key, &[("moment", exact(at).into())])
        }
        (Some(at), None) => l.say_with("past-not-yet", &[("moment", exact(at).into())]),
    };
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(list) { (past.module.label.get(l)) } }
            h1 { (title) }
        }
        @if let (Some(then), Some(process)) = (&past.then, &past.process) {
            div.bar { (view::path(l, then, process, &past.visited)) }
        }
        div.page.narrow {
            (note::warn(&html! { (told) " " a.link href=(here) { (l.say("past-back")) } }))
            @if past.is_erased { (note::warn(&html! { (l.say("past-erased")) })) }
            (ask(l, &past.lens, &here, past.at.unwrap_or(past.lens.now)))
            @if let Some(then) = &past.then {
                (Fields { lens: &past.lens, record: then, grant: &past.grant, is_open: false, governed: None, is_past: true }.groups())
            }
        }
    };
    shell::page(&past.frame, &Page { title: &title, at: &list, content })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::moment;

    #[test]
    fn a_minute_has_passed_with_all_that_is_told_of_it() {
        let zone = TimeZone::fixed(jiff::tz::offset(3));
        let read = |text: &str| moment(text, &zone).map(|at| at.to_string());
        assert_eq!(read("2027-01-05T10:00").unwrap(), "2027-01-05T07:00:59.999999Z");
        assert_eq!(read("2027-01-05T10:00:30").unwrap(), "2027-01-05T07:00:30Z");
        assert_eq!(read("2027-01-05T10:00:00Z").unwrap(), "2027-01-05T10:00:00Z");
        assert_eq!(read("yesterday"), None);
        assert_eq!(read(""), None);
    }
}
