//! People talk about a record: the composer above its story, what was said in it, who follows.

use std::collections::BTreeSet;

use app::timeline::Entry;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rights::Scope;
use model::{Id, Locale, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Error, Origin, Work};

use super::{View, id, story, view};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::{self, Typed};
use crate::ui::{Lens, Words, attach, face, htmx, icon, note};

/// The module of what people say.
const COMMENTS: &str = "comments";
/// Colleagues that the picker offers at once.
const OFFERED: usize = 8;

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
    Ok(Talk {
        is_open: grant.create
            && grant.read != Scope::None
            && record.deleted_at.is_none()
            && record.module.name != COMMENTS,
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
    html! { div id="talk" { (composer(view)) (story::story(view)) } }
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
                    (icon(sign)) (l.say(label)) @if talk.followers > 0 { span.count { (talk.followers) } }
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

/// Text with its line breaks; whoever is mentioned stands out.
fn worded(text: &str, names: &[&str]) -> Markup {
    html! {
        @for (index, line) in text.trim().lines().enumerate() {
            @if index > 0 { br; }
            @for (is_name, part) in parts(line, names) {
                @if is_name { span.mention { (part) } } @else { (part) }
            }
        }
    }
}

/// A line cut where a name of `names` stands behind an `@`.
fn parts<'t>(line: &'t str, names: &[&str]) -> Vec<(bool, &'t str)> {
    let (mut parts, mut plain) = (Vec::new(), 0);
    for (at, _) in line.match_indices('@') {
        let rest = line.get(at + 1..).unwrap_or_default();
        let length = names.iter().filter_map(|name| beginning(rest, name)).max();
        if let Some(end) = length.map(|length| at + 1 + length).filter(|_| at >= plain) {
            parts.push((false, line.get(plain..at).unwrap_or_default()));
            parts.push((true, line.get(at..end).unwrap_or_default()));
            plain = end;
        }
    }
    parts.push((false, line.get(plain..).unwrap_or_default()));
    parts
}

/// How many bytes of `text` are `name`, whatever its capitals.
fn beginning(text: &str, name: &str) -> Option<usize> {
    let (mut letters, mut length) = (text.chars(), 0);
    for expected in name.chars() {
        let letter = letters.next()?;
        if !letter.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
        length += letter.len_utf8();
    }
    letters.next().is_none_or(|next| !next.is_alphanumeric()).then_some(length)
}

/// Says something about a record.
pub(crate) async fn say(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    form: Typed,
) -> Result<Response, Problem> {
    let (id, text) = (id(&module, &record)?, text(&form));
    let (app, about, said) = (web.app.clone(), module.clone(), text.clone());
    let write = move |work: &mut Work<'_>| {
        // Whether it may be seen is told as of every page.
        work.get(&about, id)?;
        let body = json!({"text": said, "about": {"module": about, "id": id.to_string()}});
        app.create(work, COMMENTS, body.as_object().unwrap_or(&Map::new())).map(|(made, _)| made.id)
    };
    let done = web.app.workspace().write(visitor.actor(), Origin::from("interface"), write).await;
    match done {
        Ok((made, _)) => {
            let toast = htmx::toast(&visitor.locale.say("talk-sent"), "good");
            answer(&web, visitor, module, id, &format!("#comment-{made}"), &toast).await
        }
        Err(Error::Invalid(faults)) => refused(&web, visitor, module, id, (None, text), faults).await,
        Err(error) => Err(error.into()),
    }
}

/// Changes what one said.
pub(crate) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(comment): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    let (comment, text) = (id(COMMENTS, &comment)?, text(&form));
    let (module, record) = about(&web, &visitor, comment).await?;
    let (app, said) = (web.app.clone(), text.clone());
    let write = move |work: &mut Work<'_>| {
        let body = Map::from_iter([("text".to_owned(), json!(said))]);
        app.update(work, COMMENTS, comment, &body, None).map(drop)
    };
    match web.app.workspace().write(visitor.actor(), Origin::from("interface"), write).await {
        Ok(_) => {
            let toast = htmx::toast(&visitor.locale.say("saved"), "good");
            answer(&web, visitor, module, record, &format!("#comment-{comment}"), &toast).await
        }
        Err(Error::Invalid(faults)) => refused(&web, visitor, module, record, (Some(comment), text), faults).await,
        Err(error) => Err(error.into()),
    }
}

/// Takes away what was said; its history brings it back.
pub(crate) async fn take_away(
    State(web): State<Web>,
    visitor: Visitor,
    Path(comment): Path<String>,
) -> Result<Response, Problem> {
    let comment = id(COMMENTS, &comment)?;
    let (module, record) = about(&web, &visitor, comment).await?;
    let write = move |work: &mut Work<'_>| work.delete(COMMENTS, comment, None).map(drop);
    let ((), set) = web.app.workspace().write(visitor.actor(), Origin::from("interface"), write).await?;
    let (l, words) = (visitor.locale, visitor.locale.say("talk-deleted"));
    let toast = match set {
        Some(set) => htmx::toast_with_undo(&words, &l.say("undo"), &format!("/undo/{set}")),
        None => htmx::toast(&words, "good"),
    };
    answer(&web, visitor, module, record, "#talk", &toast).await
}

/// A comment stands on the page of its record.
pub(crate) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(comment): Path<String>,
) -> Result<Redirect, Problem> {
    let comment = id(COMMENTS, &comment)?;
    let (module, record) = about(&web, &visitor, comment).await?;
    Ok(Redirect::to(&format!("/{module}/{record}#comment-{comment}")))
}

/// Follows a record, or no longer.
pub(crate) async fn follow(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    form: Typed,
) -> Result<Redirect, Problem> {
    let (id, wanted) = (id(&module, &record)?, form.text("follow") == "true");
    let page = format!("/{module}/{id}");
    let write = move |work: &mut Work<'_>| work.follow(&module, id, wanted);
    web.app.workspace().write(visitor.actor(), Origin::from("interface"), write).await?;
    Ok(Redirect::to(&page))
}

/// Colleagues whose names or addresses begin with what was typed after an `@`, and who may see the record.
pub(crate) async fn people(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Result<Markup, Problem> {
    let (id, query) = (id(&module, &record)?, typed::read(raw.unwrap_or_default().as_bytes())?);
    let typed = query.text("q").to_owned();
    let read = move |work: &mut Work<'_>| {
        work.get(&module, id)?;
        work.mention_candidates(&module, id, &typed, OFFERED)
    };
    let found = web.app.workspace().read(visitor.actor(), read).await?;
    Ok(html! {
        @for (index, person) in found.iter().enumerate() {
            li role="option" id=(format!("mention-{index}")) data-insert=(person.written) aria-selected=(index == 0) {
                (face::who(person.id, &person.name)) small { (person.email) }
            }
        }
    })
}

fn text(form: &Typed) -> String {
    form.get("text").unwrap_or_default().replace("\r\n", "\n").trim().to_owned()
}

/// What a comment is about.
async fn about(web: &Web, visitor: &Visitor, comment: Id) -> Result<(String, Id), Problem> {
    let read = move |work: &mut Work<'_>| match work.get(COMMENTS, comment)?.get("about").clone() {
        Value::Record { module, id } => Ok((module, id)),
        _ => Err(Error::not_found(COMMENTS, comment)),
    };
    Ok(web.app.workspace().read(visitor.actor(), read).await?)
}

/// The talk as it is now, or the way back to the page.
async fn answer(
    web: &Web,
    visitor: Visitor,
    module: String,
    record: Id,
    place: &str,
    toast: &str,
) -> Result<Response, Problem> {
    if !visitor.partial {
        return Ok(Redirect::to(&format!("/{module}/{record}{place}")).into_response());
    }
    let view = shown(web, visitor, module, record).await?;
    let mut response = section(&view).into_response();
    attach::add(&mut response, htmx::TRIGGER, toast);
    Ok(response)
}

/// What was typed stands where it was typed, with the reason: in the composer, or in the form of the comment.
async fn refused(
    web: &Web,
    visitor: Visitor,
    module: String,
    record: Id,
    (comment, text): (Option<Id>, String),
    faults: Vec<store::FieldError>,
) -> Result<Response, Problem> {
    let (l, partial) = (visitor.locale, visitor.partial);
    let (named, said) = (module.clone(), text.clone());
    let is_unseen = faults.iter().any(|fault| fault.code == "mention_unseen");
    let blind =
        move |work: &mut Work<'_>| if is_unseen { work.blind_to(&named, record, &said) } else { Ok(Vec::new()) };
    let blind = web.app.workspace().read(visitor.actor(), blind).await?;
    let mut view = shown(web, visitor, module, record).await?;
    view.talk.unsaid = Some(Unsaid { comment, text, why: why(&faults, &blind, l) });
    let markup = if partial { section(&view) } else { view::page(&view) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, markup).into_response())
}

fn why(faults: &[store::FieldError], blind: &[String], l: Locale) -> String {
    if !blind.is_empty() {
        return l.say_with("talk-unseen", &[("names", blind.join(", ").into())]);
    }
    faults.iter().map(|fault| l.error(fault)).collect::<Vec<_>>().join(" ")
}

async fn shown(web: &Web, visitor: Visitor, module: String, record: Id) -> Result<View, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    let read = move |work: &mut Work<'_>| super::read(&app, work, &visitor, &module, record);
    Ok(web.app.workspace().read(actor, read).await?)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn names_stand_out_and_the_text_stays_whole() {
        let line = "ё @анна Ли, @Анна Лисина и @Петр: a@b";
        let cut = parts(line, &["Анна Ли", "Анна"]);
        assert_eq!(cut.iter().map(|(_, part)| *part).collect::<String>(), line);
        let names: Vec<_> = cut.iter().filter(|(is_name, _)| *is_name).map(|(_, part)| *part).collect();
        assert_eq!(names, ["@анна Ли", "@Анна"]);
    }
}
