//! What people do in the talk about a record: say something, change it, take it away, follow, look for a colleague.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Id, Locale, Value};
use serde_json::{Map, json};
use store::{Error, Origin, Work};

use super::{COMMENTS, Unsaid, section};
use crate::pages::record::{self, View, id, story, view};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Words, face, headers, htmx};

/// Colleagues that the picker offers at once.
const OFFERED: usize = 8;

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
    let done = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await;
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
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
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
    let ((), set) = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    let toast = htmx::done(visitor.locale, &visitor.locale.say("talk-deleted"), set);
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
    web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    Ok(Redirect::to(&page))
}

/// Colleagues whose names or addresses begin with what was typed after an `@`, and who may see the record.
pub(crate) async fn people(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let id = id(&module, &record)?;
    let typed = query.text("q").to_owned();
    let read = move |work: &mut Work<'_>| {
        work.get(&module, id)?;
        work.mention_candidates(&module, id, &typed, OFFERED)
    };
    let found = web.app.workspace().read(visitor.actor(), read).await?;
    Ok(html! {
        @for (index, person) in found.iter().enumerate() {
            li role="option" id=(format!("mention-{index}")) data-insert=(person.written) aria-selected=(index == 0) {
                (face::who(person.id, &person.name)) @if person.written != person.name { small { (person.written) } }
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
    headers::add(&mut response, htmx::TRIGGER, toast);
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

async fn shown(web: &Web, visitor: Visitor, module: String, id: Id) -> Result<View, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    let read = move |work: &mut Work<'_>| record::read(&app, work, &visitor, (&module, id), story::Part::default());
    let mut view = web.app.workspace().read(actor, read).await?;
    view.enclosed = view.enclosed.measured(&web.app).await?;
    Ok(view)
}
