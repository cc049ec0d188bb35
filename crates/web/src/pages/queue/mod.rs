//! The inbox of a team: what came in and is nobody's yet, what one has in hand, what waits for us and for the client, and what
//! was set aside.

mod acts;
pub(crate) mod call;
mod place;
pub(crate) mod sort;
mod view;

use std::collections::BTreeSet;

use app::queue::{MESSAGES, Part};
use app::rejected::REJECTED;
use axum::extract::State;
use maud::Markup;
use model::rights::Scope;
use model::{Id, Record};
use store::{Error, List, Sort, Work};

use super::done;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Lens;
pub(crate) use crate::ui::addresses::QUEUE;
use crate::ui::frame::Frame;
use crate::ui::typed::Asked;

pub(super) use acts::acts;
pub(super) use place::after;

/// Messages of one page.
const SHOWN: usize = 50;
/// Counting stops here.
const COUNTED: i64 = 999;

/// What is asked of the page.
#[derive(Clone, Debug)]
struct Wanted {
    part: Part,
    /// Where the page begins.
    cursor: Option<String>,
    /// Words that are looked for among what was set aside.
    q: String,
}

struct View {
    frame: Frame,
    lens: Lens,
    part: Part,
    messages: Vec<Record>,
    q: String,
    /// Where the next page begins.
    next: Option<String>,
    /// How many conversations stand in each part; those of ignored mail are not counted.
    counts: Vec<(Part, Option<i64>)>,
    /// Rejected requests that wait; nothing for whoever reads none.
    rejected: Option<i64>,
    /// Messages that the reader may sort.
    open: BTreeSet<Id>,
    /// Whether the reader makes messages: notes calls, and answers.
    notes: bool,
    /// Why something was refused that the reader wanted.
    refused: Option<String>,
}

/// The page.
pub(crate) async fn page(State(web): State<Web>, visitor: Visitor, Asked(query): Asked) -> Result<Markup, Problem> {
    let cursor = Some(query.text("cursor").to_owned()).filter(|cursor| !cursor.is_empty());
    let wanted = Wanted { part: place::asked(query.text("part")), cursor, q: query.text("q").trim().to_owned() };
    let asked = query.text(done::DONE).to_owned();
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| {
        let mut view = read(work, &visitor, &wanted)?;
        view.frame.toast = done::toast(work, visitor.locale, &asked, &place::address(wanted.part))?;
        Ok(view)
    };
    Ok(view::page(&web.app.workspace().read(actor, read).await?))
}

/// A part of the inbox as it is now, with why something was refused there.
async fn refused(web: &Web, visitor: Visitor, part: Part, why: String) -> Result<Markup, Problem> {
    let (actor, wanted) = (visitor.actor(), Wanted { part, cursor: None, q: String::new() });
    let view = web.app.workspace().read(actor, move |work| read(work, &visitor, &wanted)).await?;
    Ok(view::page(&View { refused: Some(why), ..view }))
}

fn read(work: &mut Work<'_>, visitor: &Visitor, wanted: &Wanted) -> store::Result<View> {
    let module = work.module(MESSAGES)?;
    let grant = work.grant(&module);
    if grant.read == Scope::None {
        return Err(Error::forbidden("read_forbidden", format!("your roles may not read {MESSAGES}")));
    }
    let part = if wanted.part.is_of(&module) { wanted.part } else { Part::Unassigned };
    let q = wanted.q.clone();
    // Whoever waits longest comes first.
    let sort = vec![Sort { field: "id".to_owned(), descending: part == Part::SetAside }];
    let asked = Some(q.clone()).filter(|q| part == Part::SetAside && !q.is_empty());
    let listed_here = listed(work, MESSAGES, &part.filter(&module))?;
    let cursor = wanted.cursor.clone();
    let page = work.list(MESSAGES, &List { sort, limit: SHOWN, cursor, text: asked, ..listed_here })?;
    let mut counts = Vec::new();
    for part in Part::ALL.into_iter().filter(|part| part.is_of(&module)) {
        let count = match part {
            Part::SetAside => None,
            _ => Some(work.count(MESSAGES, &listed(work, MESSAGES, &part.filter(&module))?, Some(COUNTED))?),
        };
        counts.push((part, count));
    }
    let open = work.changeable(&module, &page.records.iter().map(|message| message.id).collect())?;
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, &page.records)?;
    let rejected = rejected(work)?;
    let frame = Frame::read(work, visitor)?;
    let (messages, next) = (page.records, page.next);
    Ok(View { frame, lens, part, messages, q, next, counts, rejected, open, notes: grant.create, refused: None })
}

/// How many rejected requests wait to be corrected.
fn rejected(work: &mut Work<'_>) -> store::Result<Option<i64>> {
    let Ok(module) = work.module(REJECTED) else { return Ok(None) };
    if work.grant(&module).read == Scope::None {
        return Ok(None);
    }
    let list = listed(work, REJECTED, r#"status == "waiting""#)?;
    work.count(REJECTED, &list, Some(COUNTED)).map(Some)
}

/// The list of those that fulfil a condition.
fn listed(work: &Work<'_>, module: &str, filter: &str) -> store::Result<List> {
    Ok(List { filter: Some(work.filter(module, filter)?), ..List::default() })
}
