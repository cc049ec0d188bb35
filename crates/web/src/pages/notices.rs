//! What one is told of: a page of notices, and which of them go by letter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::notices::{Told, inbox};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use maud::{Markup, html};
use model::{Definitions, Id, Locale};
use store::{Inbox, MailChoice, Notice, NoticeKind, Origin, RunState, UserChange, Work};

use super::record::id;
use super::settings::rules::RULES;
use super::visitor::Visitor;
use crate::pages::approvals::APPROVALS;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::NOTICES;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words, face, icon};

/// Notices on one page.
const SHOWN: usize = 50;

struct View {
    frame: Frame,
    lens: Lens,
    told: Vec<Told>,
    /// Where the next page begins.
    older: Option<Id>,
    only_unread: bool,
    mail: MailChoice,
    definitions: Arc<Definitions>,
}

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(NOTICES, get(page))
        .route("/notifications/read", post(read_all))
        .route("/notifications/letters", post(choose))
        .route("/notifications/bell", get(bell))
        .route("/notifications/{id}", get(open))
}

/// The bell as it is now.
async fn bell(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| {
        let unread = work.unread_notices()?;
        Ok(Frame { unread, ..Frame::bare(work, &visitor) })
    };
    Ok(shell::bell(&web.app.workspace().read(actor, read).await?, ""))
}

async fn page(State(web): State<Web>, visitor: Visitor, Asked(query): Asked) -> Result<Markup, Problem> {
    let inbox =
        Inbox { unread: query.text("unread") == "true", limit: SHOWN + 1, before: query.text("before").parse().ok() };
    let actor = visitor.actor();
    let view = web.app.workspace().read(actor, move |work| read(work, &visitor, &inbox)).await?;
    Ok(markup(&view))
}

fn read(work: &mut Work<'_>, visitor: &Visitor, asked: &Inbox) -> store::Result<View> {
    let mut told = inbox(work, asked)?;
    let is_more = told.len() > SHOWN;
    told.truncate(SHOWN);
    let older = told.last().filter(|_| is_more).map(|last| last.notice.id);
    let mut lens = Lens::of(work, visitor.locale);
    let mut about: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for told in &told {
        about.entry(told.notice.module.clone()).or_default().insert(told.notice.record);
    }
    lens.learn_named(work, about, told.iter().filter_map(|told| told.notice.actor).collect())?;
    for told in &mut told {
        if let Some(title) = lens.title(&told.notice.module, told.notice.record) {
            title.clone_into(&mut told.title);
        }
    }
    let mail = work.account(visitor.user.id)?.mail;
    let frame = Frame::read(work, visitor)?;
    let definitions = work.definitions().clone();
    Ok(View { frame, lens, told, older, only_unread: asked.unread, mail, definitions })
}

/// To the record of a notice, whose notices are read by that; of a rule that needs somebody only this one.
async fn open(State(web): State<Web>, visitor: Visitor, Path(notice): Path<String>) -> Result<Redirect, Problem> {
    // To look as somebody reads none of their notices.
    let (id, looks) = (id("notifications", &notice)?, visitor.looker.is_some());
    let read = move |work: &mut Work<'_>| {
        let Some(notice) = work.notice(id)? else { return Ok(NOTICES.to_owned()) };
        match notice.trouble {
            _ if looks => 0,
            Some(_) => work.mark_read(Some(&[id]))?,
            None => work.mark_record_read(notice.record)?,
        };
        let place = notice.comment.map(|comment| format!("#comment-{comment}")).unwrap_or_default();
        // Who is asked is led to where they answer, and who sees to a rule to its runs.
        if notice.asks {
            return Ok(APPROVALS.to_owned());
        }
        if let (Some(state), Some(rule)) = (notice.trouble, &notice.rule) {
            return Ok(format!("{RULES}/{rule}?state={}#runs", state.name()));
        }
        Ok(format!("/{}/{}{place}", notice.module, notice.record))
    };
    let page = if looks {
        web.app.workspace().read(visitor.actor(), read).await?
    } else {
        web.app.workspace().write(visitor.author(), Origin::from("interface"), read).await?.0
    };
    Ok(Redirect::to(&page))
}

async fn read_all(State(web): State<Web>, visitor: Visitor, form: Typed) -> Result<Redirect, Problem> {
    let one: Option<Id> = form.text("id").parse().ok();
    let read = move |work: &mut Work<'_>| work.mark_read(one.as_ref().map(std::slice::from_ref));
    web.app.workspace().write(visitor.author(), Origin::from("interface"), read).await?;
    Ok(Redirect::to(NOTICES))
}

async fn choose(State(web): State<Web>, visitor: Visitor, form: Typed) -> Result<Redirect, Problem> {
    let change = UserChange { mail: MailChoice::parse(form.text("letters")), ..UserChange::default() };
    let save = move |work: &mut Work<'_>| work.change_self(&change, None);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), save).await?;
    Ok(Redirect::to(NOTICES))
}

fn markup(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("notices");
    let content = html! {
        header.top {
            h1 { (title) }
            div.actions {
                a.btn href=(APPROVALS) { (l.say("approvals")) }
                @if view.frame.unread > 0 {
                    form method="post" action="/notifications/read" { button.btn { (icon(assets::icon::CHECK_CHECK)) (l.say("notices-all-read")) } }
                }
            }
        }
        nav.tabs aria-label=(l.say("notices-which")) {
            a href=(NOTICES) aria-current=[(!view.only_unread).then_some("page")] { (l.say("notices-every")) }
            a href="/notifications?unread=true" aria-current=[view.only_unread.then_some("page")] {
                (l.say("notices-unread")) @if view.frame.unread > 0 { " " small { (shell::counted(view.frame.unread)) } }
            }
        }
        div.page.narrow {
            @if view.told.is_empty() {
                div.empty { (icon(assets::icon::BELL)) h2 { (l.say("notices-empty")) } p { (l.say("notices-empty-help")) } }
            } @else {
                ul.notices { @for told in &view.told { (one(view, told)) } }
            }
            @if let Some(older) = view.older {
                p { a.btn href=(format!("{NOTICES}?before={older}{}", if view.only_unread { "&unread=true" } else { "" })) { (l.say("notices-older")) } }
            }
            (letters(l, view.mail))
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: NOTICES, content })
}

/// What happened, and the rule that did it, where one did.
fn what(view: &View, notice: &Notice) -> String {
    let (l, what) = (view.frame.locale, view.frame.locale.say(&format!("notice-{}", notice.kind.name())));
    let Some(name) = notice.rule.as_deref() else { return what };
    let known = view.definitions.rule(name);
    let called = [("rule", known.map_or(name, |rule| rule.label.or(l, name)).to_owned().into())];
    match notice.kind {
        NoticeKind::Rule if notice.asks => l.say_with("notice-rule-asks", &called),
        NoticeKind::Rule => l.say_with("notice-rule-called", &called),
        NoticeKind::Trouble if notice.trouble == Some(RunState::Held) => l.say_with("notice-rule-held", &called),
        NoticeKind::Trouble => l.say_with("notice-rule-fails", &called),
        _ => format!("{what} · {}", l.say_with("notice-by-rule", &called)),
    }
}

fn one(view: &View, told: &Told) -> Markup {
    let (l, notice) = (view.frame.locale, &told.notice);
    let who = notice.actor.and_then(|actor| Some((actor, view.lens.user(actor)?)));
    let sign = match notice.kind {
        NoticeKind::Mention => assets::icon::AT_SIGN,
        NoticeKind::Comment => assets::icon::MESSAGE_CIRCLE,
        NoticeKind::Assigned => assets::icon::USER_CHECK,
        NoticeKind::Stage => assets::icon::WORKFLOW,
        NoticeKind::Rule => assets::icon::BELL,
        NoticeKind::Trouble => assets::icon::TRIANGLE_ALERT,
    };
    let is_new = notice.read_at.is_none();
    html! {
        li.notice.unread[is_new] {
            @match who { Some((id, name)) => (face::face(id, name)), None => span.mark { (icon(sign)) } }
            div {
                p {
                    @if let Some((_, name)) = who { b { (name) } " · " }
                    span.dim { (what(view, notice)) }
                    @if is_new { " " span.visually-hidden { (l.say("notices-new")) } }
                }
                p.about {
                    a.link href=(format!("{NOTICES}/{}", notice.id)) { (told.title) }
                    @if notice.others > 0 { " " span.dim { (l.say_with("notice-others", &[("count", notice.others.into())])) } }
                }
                @if let Some((_, to)) = &notice.stages { p { (stage(view, &notice.module, to)) } }
                @if let Some(text) = &told.text { p.words { (excerpt(text)) } }
            }
            div.when {
                (view.lens.time(notice.at))
                @if is_new {
                    form method="post" action="/notifications/read" {
                        input type="hidden" name="id" value=(notice.id);
                        button.btn.quiet.small.icon aria-label=(l.say_with("notices-mark-read", &[("title", told.title.as_str().into())])) title=(l.say("notices-read")) { (icon(assets::icon::CHECK)) }
                    }
                }
            }
        }
    }
}

fn stage(view: &View, module: &str, name: &str) -> Markup {
    let process = view.definitions.process(module);
    let field = process.and_then(|process| view.definitions.module(module)?.field(&process.field));
    html! { @match field.and_then(|field| field.option(name)) { Some(option) => (crate::ui::tag::choice(option, view.frame.locale)), None => (name) } }
}

fn excerpt(text: &str) -> String {
    const LONGEST: usize = 240;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().nth(LONGEST).is_none() { line } else { line.chars().take(LONGEST).chain(['…']).collect() }
}

/// Which notices go by letter as well.
fn letters(l: Locale, mail: MailChoice) -> Markup {
    html! {
        section id="letters" {
            h2 { (l.say("letters-title")) }
            form.form method="post" action="/notifications/letters" {
                fieldset.field {
                    legend.visually-hidden { (l.say("letters-title")) }
                    div.options {
                        @for choice in MailChoice::ALL {
                            label.option {
                                input type="radio" name="letters" value=(choice.name()) checked[choice == mail];
                                (l.say(&format!("letters-{}", choice.name())))
                            }
                        }
                    }
                }
                footer.actions { button.btn { (l.say("save")) } }
            }
        }
    }
}
