//! "Why can she see this?": for administrators, who sees a record, what each may do with it, and by which role; and who
//! does not, and why not. What each may do the store says by the conditions of its own queries; here it is worded.

mod why;

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::{Id, Record};
use store::{Witness, Work};

use self::why::Why;
use super::{View as RecordView, id};
use crate::pages::cells;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::sheet::Sheet;
use crate::ui::{Lens, Words, face, icon};

struct View {
    frame: Frame,
    lens: Lens,
    record: Record,
    title: String,
    witnesses: Vec<(Witness, Vec<String>)>,
}

/// The dialog, or without script the page.
pub(crate) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    app::shape::may_shape(&visitor.actor(), &web.app.workspace().knowledge().definitions)?;
    let (id, partial, actor) = (id(&module, &record)?, visitor.partial, visitor.actor());
    let view = web.app.workspace().read(actor, move |work| read(work, &visitor, &module, id)).await?;
    Ok(shown(&view, partial))
}

fn read(work: &mut Work<'_>, visitor: &Visitor, module: &str, id: Id) -> store::Result<View> {
    let record = work.get(module, id)?;
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, [&record])?;
    let witnesses = work.witnesses(&record)?;
    let why = Why::of(work, &lens, &record)?;
    let witnesses = witnesses.into_iter().map(|witness| {
        let words = why.words(work, &witness);
        (witness, words)
    });
    let witnesses = witnesses.collect();
    let frame = Frame::unless_partial(work, visitor)?;
    let title = cells::title_text(&lens, &record);
    Ok(View { frame, lens, record, title, witnesses })
}

/// The way there from the record's page.
pub(super) fn button(view: &RecordView) -> Markup {
    let l = view.frame.locale;
    let at = format!("/{}/{}/access", view.record.module.name, view.record.id);
    html! {
        @if view.frame.may_shape {
            a.btn.quiet.icon href=(at) title=(l.say("access")) aria-label=(l.say("access")) hx-get=(at) hx-target="body" hx-swap="beforeend" {
                (icon(assets::icon::SHIELD))
            }
        }
    }
}

fn shown(view: &View, partial: bool) -> Markup {
    let l = view.frame.locale;
    let module = &view.record.module;
    let (list, record) = (format!("/{}", module.name), format!("/{}/{}", module.name, view.record.id));
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "access",
        heading: &l.say("access"),
        title: &view.title,
        crumbs: &[(&list, module.label.get(l)), (&record, &view.title)],
    };
    sheet.text(&lists(view))
}

fn lists(view: &View) -> Markup {
    let l = view.frame.locale;
    let (seeing, blind): (Vec<_>, Vec<_>) = view.witnesses.iter().partition(|(witness, _)| witness.reach.read);
    html! {
        p.help { (l.say("access-help")) }
        section {
            p.count-of { (l.say_with("access-seen", &[("count", seeing.len().into())])) }
            ul.witnesses { @for (witness, words) in seeing { (one(view, witness, words)) } }
        }
        @if !blind.is_empty() {
            details.witnesses-blind {
                summary { (l.say_with("access-unseen", &[("count", blind.len().into())])) }
                ul.witnesses { @for (witness, words) in blind { (one(view, witness, words)) } }
            }
        }
    }
}

fn one(view: &View, witness: &Witness, words: &[String]) -> Markup {
    let l = view.frame.locale;
    let module = &view.record.module;
    let is_secret = |name: &str| module.field(name).is_some_and(|field| field.secret);
    let hidden = witness.grant.hidden.iter().chain(&witness.veiled);
    let hidden = hidden.filter(|name| witness.reach.read && !is_secret(name));
    let hidden: Vec<String> = hidden.map(|name| view.lens.label(module, name)).collect();
    html! {
        li data-user=(witness.user.id) data-reads=(witness.reach.read) data-updates=(witness.reach.update) data-deletes=(witness.reach.delete) {
            div.head {
                a href=(format!("/settings/users/{}", witness.user.id)) { (face::who(witness.user.id, &witness.user.name)) }
                @if witness.reach.update { span.tag.good { (l.say("access-updates")) } }
                @else if witness.reach.read { span.tag { (l.say("access-reads")) } }
                @if witness.reach.delete { span.tag.bad { (l.say("access-deletes")) } }
            }
            @for words in words { p { (words) } }
            @if !hidden.is_empty() { p.dim { (l.say_with("access-hidden", &[("fields", hidden.join(", ").into())])) } }
        }
    }
}
