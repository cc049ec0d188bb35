//! The secretary's queue: what came in and is nobody's yet, and what was set aside.

pub(crate) mod call;
pub(crate) mod sort;
mod view;

use std::collections::BTreeMap;

use app::queue::{MESSAGES, SET_ASIDE, WAITING};
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

pub(super) use view::acts;

/// Messages of one page.
const SHOWN: usize = 50;
/// Counting stops here.
const COUNTED: i64 = 999;

/// What of it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Waiting,
    SetAside,
}

impl Part {
    fn of(asked: &str) -> Self {
        if asked == "aside" { Self::SetAside } else { Self::Waiting }
    }

    fn filter(self) -> &'static str {
        match self {
            Self::Waiting => WAITING,
            Self::SetAside => SET_ASIDE,
        }
    }

    fn address(self) -> String {
        match self {
            Self::Waiting => QUEUE.to_owned(),
            Self::SetAside => format!("{QUEUE}?part=aside"),
        }
    }
}

struct View {
    frame: Frame,
    lens: Lens,
    part: Part,
    messages: Vec<Record>,
    /// Words that are looked for among what was set aside.
    q: String,
    /// Where the next page begins.
    next: Option<String>,
    waiting: i64,
    /// Rejected requests that wait; nothing for whoever reads none.
    rejected: Option<i64>,
    /// Messages that the reader may sort.
    open: BTreeMap<Id, bool>,
    /// Whether the reader may note a call.
    notes: bool,
}

/// The page.
pub(crate) async fn page(State(web): State<Web>, visitor: Visitor, Asked(query): Asked) -> Result<Markup, Problem> {
    let (part, cursor) = (Part::of(query.text("part")), query.text("cursor").to_owned());
    let q = query.text("q").trim().to_owned();
    let asked = query.text(done::DONE).to_owned();
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| {
        let cursor = Some(cursor.clone()).filter(|cursor| !cursor.is_empty());
        let mut view = read(work, &visitor, part, (cursor, q.clone()))?;
        view.frame.toast = done::toast(work, visitor.locale, &asked, &part.address())?;
        Ok(view)
    };
    Ok(view::page(&web.app.workspace().read(actor, read).await?))
}

fn read(
    work: &mut Work<'_>,
    visitor: &Visitor,
    part: Part,
    (cursor, q): (Option<String>, String),
) -> store::Result<View> {
    let module = work.module(MESSAGES)?;
    let grant = work.grant(&module);
    if grant.read == Scope::None {
        return Err(Error::forbidden("read_forbidden", format!("your roles may not read {MESSAGES}")));
    }
    // Whoever waits longest comes first.
    let sort = vec![Sort { field: "id".to_owned(), descending: part == Part::SetAside }];
    let asked = Some(q.clone()).filter(|q| part == Part::SetAside && !q.is_empty());
    let listed_here = listed(work, MESSAGES, part.filter())?;
    let page = work.list(MESSAGES, &List { sort, limit: SHOWN, cursor, text: asked, ..listed_here })?;
    let waiting = work.count(MESSAGES, &listed(work, MESSAGES, WAITING)?, Some(COUNTED))?;
    let theirs = work.changeable(&module, &page.records.iter().map(|message| message.id).collect())?;
    let open = page.records.iter().map(|message| (message.id, theirs.contains(&message.id))).collect();
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, &page.records)?;
    let rejected = rejected(work)?;
    let frame = Frame::read(work, visitor)?;
    let (messages, next) = (page.records, page.next);
    Ok(View { frame, lens, part, messages, q, next, waiting, rejected, open, notes: grant.create })
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
