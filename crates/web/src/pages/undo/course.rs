//! The undo of a large change set goes on by itself: this page says how far it is, and at its end what became of it.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::{Id, Locale};
use store::{Course, Error, Phase, Work};

use super::{View, clashes, refusal};
use crate::pages::next::{escaped, local};
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Lens, Words, headers, note, typed};

/// Records that were left as they stand, told by name.
const TOLD: usize = 20;

/// An undo that is under way or has come to its end.
struct Shown {
    frame: Frame,
    course: Course,
    /// The first records that were left as they stand: where they are, what they are called, and why.
    left: Vec<(String, String, String)>,
    next: String,
}

/// What was drawn: a page, or the part of it that is asked for again and again.
enum Drawn {
    Page(Markup),
    Part(Markup),
}

/// Where the page of an undo is.
pub(super) fn address(set: Id, next: &str) -> String {
    format!("/undo/{set}?next={}", escaped(next))
}

/// How far it is.
pub(crate) async fn course(
    State(web): State<Web>,
    visitor: Visitor,
    Path(set): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let set = id("change_sets", &set)?;
    let asked = typed::read(raw.unwrap_or_default().as_bytes())?;
    let next = local(asked.text("next")).to_owned();
    let (here, partial, actor) = (address(set, &next), visitor.partial, visitor.actor());
    let read = move |work: &mut Work<'_>| {
        let course = work.undo_course(set)?.ok_or_else(|| Error::not_found("change_sets", set))?;
        if course.phase == Phase::Refused {
            return Ok(Drawn::Page(super::page(&refused(work, &visitor, &course, &next)?)));
        }
        let left = left(work, &visitor, &course)?;
        let frame = Frame::read(work, &visitor)?;
        let shown = Shown { frame, course, left, next: next.clone() };
        Ok(if visitor.partial { Drawn::Part(part(&shown)) } else { Drawn::Page(page(&shown)) })
    };
    Ok(match web.app.workspace().read(actor, read).await? {
        // What stands in the way is a page of its own.
        Drawn::Page(_) if partial => {
            let mut response = StatusCode::OK.into_response();
            headers::add(&mut response, HeaderName::from_static("hx-redirect"), &here);
            response
        }
        Drawn::Page(markup) | Drawn::Part(markup) => markup.into_response(),
    })
}

/// What stood in the way, as of an undo that is refused at once.
fn refused(work: &mut Work<'_>, visitor: &Visitor, course: &Course, next: &str) -> store::Result<View> {
    let mut lens = Lens::of(work, visitor.locale);
    let clashes = clashes(work, &mut lens, course.conflicts())?;
    let stands = (course.refusal().is_none() && clashes.is_empty()).then(|| visitor.locale.say("undo-undo_conflict"));
    let refused = course.refusal().map(|(code, detail)| refusal(visitor.locale, code, detail));
    Ok(View {
        frame: Frame::read(work, visitor)?,
        lens,
        set: course.set,
        next: next.to_owned(),
        clashes,
        // What the reader does not see stands in the way all the same.
        refused: refused.or(stands).into_iter().collect(),
        leaves_records: true,
    })
}

fn left(work: &mut Work<'_>, visitor: &Visitor, course: &Course) -> store::Result<Vec<(String, String, String)>> {
    let told = || course.left().iter().take(TOLD);
    let mut records: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for left in told() {
        records.entry(&left.module).or_default().insert(left.record);
    }
    let mut titles = BTreeMap::new();
    for (module, ids) in records {
        titles.extend(work.titles(module, &ids)?);
    }
    let named = told().map(|left| {
        let title = titles.get(&left.record).cloned().unwrap_or_else(|| visitor.locale.say("link-hidden"));
        (format!("/{}/{}", left.module, left.record), title, why(visitor.locale, &left.code))
    });
    Ok(named.collect())
}

/// Why a record was left as it stands.
fn why(locale: Locale, code: &str) -> String {
    let known = locale.say_if(&format!("undo-left-{code}"));
    known.unwrap_or_else(|| locale.refusal(code, &locale.say("undo-left-invalid")))
}

fn page(shown: &Shown) -> Markup {
    let title = shown.frame.locale.say("undo-title");
    let content = html! {
        header.top { h1 { (title) } }
        (part(shown))
    };
    shell::page(&shown.frame, &Page { title: &title, at: &shown.next, content })
}

/// What changes while it goes on: it asks for itself until the end.
fn part(shown: &Shown) -> Markup {
    let (l, course) = (shown.frame.locale, &shown.course);
    let here = address(course.set, &shown.next);
    let again = (!course.phase.is_over()).then_some(here.as_str());
    html! {
        div.page.narrow hx-get=[again] hx-trigger=[again.map(|_| "every 1s")] hx-swap=[again.map(|_| "outerHTML")] {
            @match course.phase {
                Phase::Checking => (under_way(shown, "undo-checking", &here)),
                Phase::Undoing => (under_way(shown, "undo-going-on", &here)),
                Phase::Done => (note::good(&l.say(if is_whole(course) { "undo-all-done" } else { "undo-part-done" }))),
                Phase::Refused | Phase::Stopped => {
                    (note::bad(&l.say_with("undo-stopped", &[("done", course.done.into()), ("total", course.total.into())])))
                    @if let Some((code, detail)) = course.refusal() { p { (refusal(l, code, detail)) } }
                }
            }
            (counted(shown))
            (left_alone(shown))
            @if course.phase.is_over() { (afterwards(shown)) }
        }
    }
}

fn under_way(shown: &Shown, key: &str, here: &str) -> Markup {
    let (l, course) = (shown.frame.locale, &shown.course);
    let says = l.say_with(key, &[("done", course.done.into()), ("total", course.total.into())]);
    html! {
        p { (says) }
        progress max=(course.total) value=(course.done) aria-label=(says) {}
        p.help { (l.say("undo-by-itself")) }
        footer.actions {
            a.btn.quiet href=(shown.next) { (l.say("back")) }
            noscript { a.btn href=(here) { (l.say("undo-look-again")) } }
        }
    }
}

/// Whether everything is as it was.
fn is_whole(course: &Course) -> bool {
    course.kept_count() == 0 && course.left_count() == 0
}

/// How many records were brought back, and how many stay as whoever asked chose.
fn counted(shown: &Shown) -> Markup {
    let (l, course) = (shown.frame.locale, &shown.course);
    html! {
        @if course.phase.is_over() && course.undone_count() > 0 {
            p { (l.say_with("undo-records-back", &[("count", course.undone_count().into())])) }
        }
        @if course.kept_count() > 0 {
            p { (l.say_with("undo-records-kept", &[("count", course.kept_count().into())])) }
        }
    }
}

fn left_alone(shown: &Shown) -> Markup {
    let (l, count) = (shown.frame.locale, shown.course.left_count());
    let untold = count - i64::try_from(shown.left.len()).unwrap_or(count);
    html! {
        @if count > 0 {
            (note::warn(&html! { (l.say_with("undo-left", &[("count", count.into())])) }))
            ul {
                @for (address, title, why) in &shown.left {
                    li { a.link href=(address) { (title) } " " span.dim { (why) } }
                }
                @if untold > 0 { li.faint { (l.say_with("undo-left-more", &[("count", untold.into())])) } }
            }
        }
    }
}

fn afterwards(shown: &Shown) -> Markup {
    let (l, course) = (shown.frame.locale, &shown.course);
    html! {
        footer.actions {
            a.btn.main-action href=(shown.next) { (l.say("back")) }
            @if course.phase == Phase::Stopped {
                form method="post" action=(format!("/undo/{}", course.set)) {
                    input type="hidden" name="next" value=(shown.next);
                    input type="hidden" name="conflicts" value=(course.choice.name());
                    button.btn { (l.say("undo-go-on")) }
                }
            }
        }
    }
}
