//! What a file looks like: a picture, a PDF, a text; anything else can be saved.

use app::attachments::Kind;
use axum::extract::{Path, State};
use maud::{Markup, html};
use model::module::FILES;
use model::rights::Capability;
use model::{Record, Value};
use store::Work;

use super::{kind, size, thumbnail};
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::sheet::Sheet;
use crate::ui::{Lens, Words, icon};

struct View {
    frame: Frame,
    lens: Lens,
    file: Record,
    /// Whether the reader may take it away.
    is_theirs: bool,
}

/// The file in a dialog over the page, else on a page of its own.
pub(crate) async fn preview(
    State(web): State<Web>,
    visitor: Visitor,
    Path(file): Path<String>,
) -> Result<Markup, Problem> {
    let (file, partial, actor) = (id(FILES, &file)?, visitor.partial, visitor.actor());
    let read = move |work: &mut Work<'_>| {
        let file = work.get(FILES, file)?;
        let mut lens = Lens::of(work, visitor.locale);
        lens.learn(work, [&file])?;
        let is_author = file.created_by.is_some() && file.created_by == work.actor().id();
        let is_theirs = file.deleted_at.is_none() && (is_author || work.require(Capability::Administer).is_ok());
        Ok(View { frame: Frame::unless_partial(work, &visitor)?, lens, file, is_theirs })
    };
    let view = web.app.workspace().read(actor, read).await?;
    Ok(shown(&view, partial))
}

fn content(view: &View) -> String {
    format!("/files/{}/content", view.file.id)
}

/// The file as far as a browser shows it.
fn seen(view: &View) -> Markup {
    let (l, title, at) = (view.frame.locale, view.file.title(), content(view));
    html! {
        @match kind(&view.file) {
            Kind::Picture(_) => img.seen src=(at) alt=(title);,
            Kind::Pdf | Kind::Text => iframe.seen src=(at) title=(title) {},
            Kind::Other => div.unseen { (thumbnail(&view.file, false)) p.dim { (l.say("file-unseen")) } },
        }
    }
}

/// Who attached it to what, and how large it is.
fn about(view: &View) -> Markup {
    let l = view.frame.locale;
    let record = match view.file.get("about") {
        Value::Record { module, id } => Some((format!("/{module}/{id}"), view.lens.title(module, *id))),
        _ => None,
    };
    html! {
        p.about {
            (size(l, &view.file)) " · " (view.lens.time(view.file.created_at))
            @if let Some(author) = view.file.created_by.and_then(|author| view.lens.user(author)) { " · " (author) }
            @if let Some((at, Some(title))) = record { " · " a.link href=(at) { (title) } }
        }
    }
}

fn save(view: &View) -> Markup {
    html! {
        a.btn.main-action href=(format!("{}?save", content(view))) download {
            (icon(assets::icon::DOWNLOAD)) (view.frame.locale.say("file-save"))
        }
    }
}

/// What its author may do with it.
fn acts(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @if view.is_theirs {
            form method="post" action=(format!("/files/{}/delete", view.file.id)) {
                button.btn.quiet.danger { (icon(assets::icon::TRASH_2)) (l.say("file-take-away")) }
            }
            a.btn href=(format!("/files/{}/edit", view.file.id)) { (l.say("file-rename")) }
        }
    }
}

fn shown(view: &View, partial: bool) -> Markup {
    let (l, title) = (view.frame.locale, view.file.title());
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "preview",
        heading: &title,
        title: &title,
        crumbs: &[("/files", &l.say("files"))],
    };
    sheet.exhibit(&html! { (seen(view)) (about(view)) }, &html! { (acts(view)) (save(view)) })
}
