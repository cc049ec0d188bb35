//! People talk about a record: the composer above its story, what was said in it, who follows.

mod acts;
mod links;
mod words;

use std::collections::BTreeSet;

use app::timeline::Entry;
use maud::{Markup, html};
use model::module::FILES;
use model::rights::Scope;
use model::{Id, Record, Value};
use serde_json::Value as Json;
use store::Work;

use self::words::worded;
use super::{View, story, writing};
use crate::ui::{Lens, Words, face, icon, note};

pub(crate) use acts::{change, follow, page, people, say, take_away};

/// The module of what people say.
const COMMENTS: &str = "comments";
/// The module of what people plan to do.
pub(in crate::pages) const ACTIVITIES: &str = "activities";
/// What is planned from here, by its kind.
const PLANS: [(&str, &str, &str); 3] = [
    ("call", assets::icon::PHONE, "plan-call"),
    ("meeting", assets::icon::USERS, "plan-meeting"),
    ("task", assets::icon::LIST_CHECKS, "plan-task"),
];

/// What the reader has to do with the talk about a record.
#[derive(Default)]
pub(super) struct Talk {
    /// Whether they may say something.
    is_open: bool,
    /// Whether they follow the record.
    follows: bool,
    followers: usize,
    me: Option<Id>,
    /// Whether they may take away what others said.
    administers: bool,
    /// Whether they may plan something about the record.
    plans: bool,
    /// What was typed and could not be said.
    unsaid: Option<Unsaid>,
}

/// What was typed and could not be said, or put in the place of what was.
struct Unsaid {
    /// The comment that was to be changed; nothing where it was to be a new one.
    comment: Option<Id>,
    text: String,
    why: String,
}

impl Talk {
    /// What was refused in the form of this comment, or in the composer.
    fn unsaid(&self, comment: Option<Id>) -> Option<&Unsaid> {
        self.unsaid.as_ref().filter(|unsaid| unsaid.comment == comment)
    }
}

/// Read with the record's page; the names of those who are mentioned go into the lens.
pub(super) fn read(work: &mut Work<'_>, lens: &mut Lens, record: &Record, story: &[Entry]) -> store::Result<Talk> {
    let Ok(module) = work.module(COMMENTS) else { return Ok(Talk::default()) };
    let grant = work.grant(&module);
    let said = story.iter().filter_map(|entry| match entry {
        Entry::About(record) if record.module.name == COMMENTS => Some(&**record),
        _ => None,
    });
    let mentioned: BTreeSet<Id> = said.flat_map(mentions).collect();
    lens.learn_users(work, mentioned)?;
    let (follows, followers) = work.following(record)?;
    let takes = record.deleted_at.is_none() && work.erasure_of(record)?.is_none();
    let planned = work.module(ACTIVITIES).is_ok_and(|module| work.grant(&module).create);
    Ok(Talk {
        plans: planned && takes && ![COMMENTS, ACTIVITIES, FILES].contains(&&*record.module.name),
        is_open: takes && grant.create && grant.read != Scope::None && record.module.name != COMMENTS,
        follows,
        followers,
        me: work.actor().id(),
        administers: work.require(model::rights::Capability::Administer).is_ok(),
        unsaid: None,
    })
}

fn mentions(comment: &Record) -> Vec<Id> {
    let Value::Json(Json::Array(ids)) = comment.get("mentions") else { return Vec::new() };
    ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect()
}

/// What is said about the record, above what happened to it.
pub(super) fn section(view: &View) -> Markup {
    html! { div id="talk" { (composer(view)) (plans(view)) (story::kinds(view)) (story::story(view)) } }
}

/// What may be planned about the record: each opens the form of a new activity with what is known.
fn plans(view: &View) -> Markup {
    let (l, record) = (view.frame.locale, &view.record);
    let contact = if record.module.name == "contacts" { Some(record.id) } else { record.link("contact") };
    let with = contact.map(|id| format!("&contact={id}")).unwrap_or_default();
    html! {
        @if view.talk.plans || view.writing.is_open || view.writing.texts {
            nav.plans aria-label=(l.say("plan")) {
                (writing::button(view))
                @for (kind, sign, label) in PLANS.into_iter().filter(|_| view.talk.plans) {
                    @let at = format!("/{ACTIVITIES}/new?kind={kind}&about={}/{}{with}", record.module.name, record.id);
                    a.btn.quiet.small href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (icon(sign)) (l.say(label)) }
                }
            }
        }
    }
}

fn composer(view: &View) -> Markup {
    let (l, talk) = (view.frame.locale, &view.talk);
    let at = format!("/{}/{}", view.record.module.name, view.record.id);
    let unsaid = talk.unsaid(None);
    let (text, error) = (unsaid.map_or("", |unsaid| unsaid.text.as_str()), unsaid.map(|unsaid| &unsaid.why));
    html! {
        @if talk.is_open {
            form.composer id="composer" data-guard method="post" action=(format!("{at}/comments")) hx-post=(format!("{at}/comments")) hx-target="#talk" hx-swap="outerHTML" {
                textarea name="text" id="say" rows="2" maxlength="10000" required placeholder=(l.say("talk-placeholder")) aria-label=(l.say("talk-placeholder"))
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "say-error")] autofocus[error.is_some()]
                    data-mentions=(format!("{at}/mentions")) data-send { (text) }
                @if let Some(error) = error { (note::of_field("say", error)) }
                footer {
                    button.btn.quiet.icon type="button" data-mention-next aria-label=(l.say("talk-mention")) title=(l.say("talk-mention")) { (icon(assets::icon::AT_SIGN)) }
                    span.dim.hint { kbd { "Ctrl Enter" } }
                    button.btn.main-action { (l.say("talk-send")) }
                }
            }
        }
    }
}

/// The button by which one follows the record, or no longer.
pub(super) fn follow_button(view: &View) -> Markup {
    let (l, talk) = (view.frame.locale, &view.talk);
    let at = format!("/{}/{}/follow", view.record.module.name, view.record.id);
    let (sign, label) =
        if talk.follows { (assets::icon::EYE, "talk-follows") } else { (assets::icon::EYE_OFF, "talk-follow") };
    html! {
        @if talk.is_open {
            form method="post" action=(at) {
                button.btn.quiet name="follow" value=(!talk.follows) aria-pressed=(talk.follows) title=(l.say("talk-follow-help")) {
                    (icon(sign)) span.label { (l.say(label)) } @if talk.followers > 0 { span.count { (talk.followers) } }
                }
            }
        }
    }
}

/// One comment as an entry of the story.
pub(super) fn comment(view: &View, record: &Record) -> Markup {
    let (l, talk) = (view.frame.locale, &view.talk);
    let author = record.created_by.and_then(|id| Some((id, view.lens.user(id)?)));
    let is_mine = record.created_by.is_some() && record.created_by == talk.me;
    let text = record.text("text").unwrap_or_default();
    let clock = model::l10n::time(view.lens.zone.to_datetime(record.created_at).time());
    let at = format!("/comments/{}", record.id);
    html! {
        li.line.said id=(format!("comment-{}", record.id)) {
            span.mark {
                @match author { Some((id, name)) => (face::face(id, name)), None => (icon(assets::icon::MESSAGE_CIRCLE)) }
            }
            div {
                b { @match author { Some((_, name)) => (name), None => (l.say("talk-nobody")) } }
                @if record.version > 1 { " " span.dim { "· " (l.say("talk-edited")) } }
            }
            time datetime=(record.created_at.to_string()) { (clock) }
            div.body.words { (worded(text, &mentions(record).iter().filter_map(|id| view.lens.user(*id)).collect::<Vec<_>>())) }
            @if talk.is_open && (is_mine || talk.administers) {
                div.body.own-words {
                    @if is_mine { (change_form(view, record, &format!("{at}/text"))) }
                    form method="post" action=(format!("{at}/delete")) hx-post=(format!("{at}/delete")) hx-target="#talk" hx-swap="outerHTML" {
                        button.quiet-link { (l.say("talk-delete")) }
                    }
                }
            }
        }
    }
}

/// Where one changes what one said: open, with what was typed and why not, where that was refused.
fn change_form(view: &View, comment: &Record, action: &str) -> Markup {
    let (l, unsaid) = (view.frame.locale, view.talk.unsaid(Some(comment.id)));
    let words = format!("words-{}", comment.id);
    let text = unsaid.map_or_else(|| comment.text("text").unwrap_or_default(), |unsaid| unsaid.text.as_str());
    let error = unsaid.map(|unsaid| &unsaid.why);
    html! {
        details.change-words open[error.is_some()] {
            summary { (l.say("talk-edit")) }
            form id=(format!("change-{}", comment.id)) data-guard method="post" action=(action) hx-post=(action) hx-target="#talk" hx-swap="outerHTML" {
                textarea name="text" id=(words) rows="3" maxlength="10000" required aria-label=(l.say("talk-edit-label"))
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| format!("{words}-error"))] autofocus[error.is_some()]
                    data-mentions=(format!("/{}/{}/mentions", view.record.module.name, view.record.id)) data-send { (text) }
                @if let Some(error) = error { (note::of_field(&words, error)) }
                div.buttons { button.btn.small.main-action { (l.say("save")) } }
            }
        }
    }
}
