//! Saved views: tabs over the list, the forms that keep, change and remove one.

use axum::extract::{Path, State};
use axum::response::Redirect;
use maud::{Markup, html};
use model::{Id, Locale, Module};
use store::{Audience, Error, Origin, Result, ViewChange, Work};

use super::View;
use super::query::Query;
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::VIEWS;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// The view that an address names.
pub(super) fn asked(work: &mut Work<'_>, module: &Module, id: &str) -> Result<Option<store::View>> {
    if id.is_empty() {
        return Ok(None);
    }
    let missing = || Error::NotFound { module: "views".to_owned(), id: id.to_owned() };
    let view = work.view(id.parse().map_err(|_| missing())?)?;
    if view.module == module.name { Ok(Some(view)) } else { Err(missing()) }
}

/// Keeps a new view.
pub(crate) async fn keep(State(web): State<Web>, visitor: Visitor, form: Typed) -> Result<Redirect, Problem> {
    let (module, query) = (form.text("module").to_owned(), Query::read(&form, None));
    let name = named(&form, visitor.locale);
    let audience = audience(&form)?;
    let write = move |work: &mut Work<'_>| work.add_view(&module, &name, audience, &query.look());
    let (view, _) = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    Ok(Redirect::to(&format!("/{}?view={}", view.module, view.id)))
}

/// Changes or removes a view.
pub(crate) async fn save(
    State(web): State<Web>,
    visitor: Visitor,
    Path(view): Path<String>,
    form: Typed,
) -> Result<Redirect, Problem> {
    let (id, actor, origin) = (id("views", &view)?, visitor.actor(), Origin::from("interface"));
    if form.text("do") == "remove" {
        let write = move |work: &mut Work<'_>| {
            let view = work.view(id)?;
            work.remove_view(id)?;
            Ok(view.module)
        };
        let (module, _) = web.app.workspace().write(actor, origin, write).await?;
        return Ok(Redirect::to(&format!("/{module}")));
    }
    let (name, query) = (named(&form, visitor.locale), Query::read(&form, None));
    let change = ViewChange { name: Some(name), audience: Some(audience(&form)?), look: Some(query.look()) };
    let write = move |work: &mut Work<'_>| work.change_view(id, &change);
    let (view, _) = web.app.workspace().write(actor, origin, write).await?;
    Ok(Redirect::to(&format!("/{}?view={}", view.module, view.id)))
}

/// A view without a name is called something all the same: nothing that was set up is lost.
fn named(form: &Typed, locale: Locale) -> String {
    let name: String = form.text("name").chars().take(100).collect();
    if name.is_empty() { locale.say("view-unnamed") } else { name }
}

/// `private`, `all`, or the id of a team.
pub(crate) fn audience(form: &Typed) -> Result<Audience, Problem> {
    match form.text("audience") {
        "private" | "" => Ok(Audience::Private),
        "all" => Ok(Audience::All),
        team => Ok(Audience::Team(id("teams", team)?)),
    }
}

/// The views of the module as tabs; nothing where there are none.
pub(super) fn tabs(view: &View) -> Markup {
    let (l, at) = (view.frame.locale, format!("/{}", view.module.name));
    let plain = if view.has_first { format!("{at}?view=") } else { at.clone() };
    let shown = view.query.view();
    let views = &view.frame.views;
    html! {
        @if !views.is_empty() {
            nav.tabs aria-label=(l.say("views")) {
                a href=(plain) aria-current=[shown.is_none().then_some("page")] { (l.say("view-all-records")) }
                @for known in views {
                    a href=(format!("{at}?view={}", known.id)) aria-current=[(shown == Some(known.id)).then_some("page")] {
                        (known.name.get(l))
                        @if let Some(key) = shared(known.audience) { (icon(assets::icon::USERS)) span.visually-hidden { (l.say(key)) } }
                    }
                }
            }
        }
    }
}

fn shared(audience: Audience) -> Option<&'static str> {
    match audience {
        Audience::Private => None,
        Audience::Team(_) => Some("view-for-team"),
        Audience::All => Some("view-for-all"),
    }
}

/// The menu that keeps what is shown: in its view, or as a new one.
pub(super) fn menu(view: &View) -> Markup {
    let l = view.frame.locale;
    let present = view.saved.as_ref();
    let is_changed = view.query.is_changed();
    html! {
        details.menu.wide.keep open[view.opened == "view"] {
            @let words = l.say(if present.is_some() { "view" } else { "view-keep" });
            summary.btn.quiet.on[is_changed] title=(words) {
                (icon(assets::icon::BOOKMARK))
                span.label { (words) }
                @if present.is_some() && is_changed { span.visually-hidden { (l.say("view-changed")) } span.dot aria-hidden="true" {} }
            }
            div.pop.roomy {
                @if let Some(present) = present.filter(|present| present.is_open) {
                    form method="post" action=(format!("/views/{}", present.id)) id="change-view" data-guard {
                        (look(view))
                        (fields(view, "view", present.name.get(l), present.audience))
                        @if is_changed { p.help { (l.say("view-changed")) } }
                        div.buttons {
                            button.btn.small.main-action { (l.say("save")) }
                            button.btn.small.danger name="do" value="remove" formnovalidate { (l.say("view-remove")) }
                        }
                    }
                    hr;
                }
                @if let Some(present) = present { @if is_changed {
                    a.link href=(format!("/{}?view={}", view.module.name, present.id)) { (l.say("view-reset")) }
                } }
                form method="post" action="/views" id="new-view" data-guard {
                    input type="hidden" name="module" value=(view.module.name);
                    (look(view))
                    (fields(view, "new-view", "", Audience::Private))
                    div.buttons { button.btn.small.main-action[present.is_none()] { (l.say(if present.is_some() { "view-keep-new" } else { "save" })) } }
                }
                @if !view.frame.views.is_empty() { a.link href=(format!("{VIEWS}?module={}", view.module.name)) { (l.say("views-all")) } }
            }
        }
    }
}

/// All that a view keeps.
fn look(view: &View) -> Markup {
    html! { @for (name, value) in view.query.whole() { input type="hidden" name=(name) value=(value); } }
}

fn fields(view: &View, prefix: &str, name: &str, audience: Audience) -> Markup {
    let l = view.frame.locale;
    let (name_id, audience_id) = (format!("{prefix}-name"), format!("{prefix}-audience"));
    let is_team = |team: &Id| audience == Audience::Team(*team);
    html! {
        div.field {
            label for=(name_id) { (l.say("view-name")) }
            input id=(name_id) name="name" value=(name) maxlength="100" required autocomplete="off" data-first;
        }
        div.field {
            label for=(audience_id) { (l.say("view-audience")) }
            select id=(audience_id) name="audience" {
                option value="private" selected[audience == Audience::Private] { (l.say("view-for-me")) }
                @for (id, team) in &view.teams {
                    option value=(id) selected[is_team(id)] { (l.say_with("view-for-team-named", &[("name", team.as_str().into())])) }
                }
                option value="all" selected[audience == Audience::All] { (l.say("view-for-all")) }
            }
        }
    }
}
