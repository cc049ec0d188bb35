//! All saved views that one may see: whose each is, who sees it, with which lists open; renamed, shared otherwise, removed.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Redirect;
use maud::{Markup, html};
use model::rights::{Capability, Scope};
use model::{Id, Module};
use store::{Audience, Origin, OwnFirst, SharedFirst, ViewChange, Work};

use super::list::audience;
use super::record::id;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::VIEWS;
use crate::ui::frame::{Frame, place};
use crate::ui::shell::{self, Page};
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words, icon};

/// What the page is drawn from.
struct Shown {
    frame: Frame,
    lens: Lens,
    /// The modules with their views: name, label, views.
    modules: Vec<(String, String, Vec<store::View>)>,
    /// The module that alone is asked for.
    only: String,
    teams: Vec<(Id, String)>,
    own: BTreeMap<String, OwnFirst>,
    shared: Vec<SharedFirst>,
    /// What people call the packs that some of the views come with.
    packs: BTreeMap<String, String>,
    /// Whether the visitor says with which views the lists of others open.
    administers: bool,
}

/// The page.
pub(super) async fn page(State(web): State<Web>, visitor: Visitor, Asked(pairs): Asked) -> Result<Markup, Problem> {
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| read(work, &visitor, pairs.text("module"));
    Ok(markup(&web.app.workspace().read(actor, read).await?))
}

fn read(work: &mut Work<'_>, visitor: &Visitor, only: &str) -> store::Result<Shown> {
    let mut lens = Lens::of(work, visitor.locale);
    let mut views: BTreeMap<String, Vec<store::View>> = BTreeMap::new();
    for view in work.views()? {
        views.entry(view.module.clone()).or_default().push(view);
    }
    lens.learn_users(work, views.values().flatten().filter_map(|view| view.owner))?;
    let mut modules: Vec<_> = work.definitions().modules().cloned().collect();
    modules.retain(|module| work.grant(module).read != Scope::None && (only.is_empty() || module.name == only));
    modules.sort_by_key(|module| (place(&module.name), module.name.clone()));
    let packs = views.values().flatten().filter_map(|view| view.pack.as_ref()).map(|(pack, _)| pack);
    let called = |pack: &String| {
        let label = work.definitions().pack_label(pack).map_or(pack.as_str(), |label| label.or(visitor.locale, pack));
        (pack.clone(), label.to_owned())
    };
    let packs = packs.map(called).collect();
    let named = |module: std::sync::Arc<Module>| {
        let views = views.remove(&module.name)?;
        Some((module.name.clone(), module.label.get(visitor.locale).to_owned(), views))
    };
    let modules = modules.into_iter().filter_map(named).collect();
    Ok(Shown {
        lens,
        modules,
        packs,
        only: only.to_owned(),
        teams: work.sharing_teams()?,
        own: work.own_first_views()?,
        shared: work.settings().first_views.clone(),
        administers: work.require(Capability::Administer).is_ok(),
        frame: Frame::read(work, visitor)?,
    })
}

/// Says with what a list opens: for oneself, or for those whom the view is shared with.
pub(super) async fn first(State(web): State<Web>, visitor: Visitor, form: Typed) -> Result<Redirect, Problem> {
    let next = back(&form);
    let view = Some(form.text("view")).filter(|text| !text.is_empty()).map(|text| id("views", text)).transpose()?;
    let (is_first, is_for_all) = (form.text("on") == "true", form.text("for") == "them");
    let module = form.text("module").to_owned();
    let write = move |work: &mut Work<'_>| match view {
        Some(view) if is_for_all => work.open_shared_with(view, is_first),
        _ => {
            let module = work.module(&module)?;
            let own = OwnFirst { is_chosen: is_first, view: view.filter(|_| is_first) };
            work.open_with(&module, own)
        }
    };
    web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    Ok(Redirect::to(&next))
}

/// Renames a view, shares it otherwise or removes it.
pub(super) async fn share(
    State(web): State<Web>,
    visitor: Visitor,
    Path(view): Path<String>,
    form: Typed,
) -> Result<Redirect, Problem> {
    let (id, next) = (id("views", &view)?, back(&form));
    let is_kept = form.text("do") != "remove";
    let audience = audience(&form)?;
    let change = ViewChange { name: Some(form.text("name").to_owned()), audience: Some(audience), look: None };
    let write = move |work: &mut Work<'_>| {
        if is_kept { work.change_view(id, &change).map(drop) } else { work.remove_view(id) }
    };
    web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    Ok(Redirect::to(&next))
}

/// The page that one comes back to.
fn back(form: &Typed) -> String {
    let only = form.text("only");
    if model::definitions::is_name(only) { format!("{VIEWS}?module={only}") } else { VIEWS.to_owned() }
}

fn markup(shown: &Shown) -> Markup {
    let l = shown.frame.locale;
    let title = l.say("views-title");
    let content = html! {
        header.top {
            h1 { (title) }
            @if !shown.only.is_empty() { div.actions { a.btn href=(VIEWS) { (l.say("views-of-all")) } } }
        }
        div.page {
            p.dim { (l.say("views-about")) }
            @if shown.modules.is_empty() {
                div.empty { (icon(assets::icon::BOOKMARK)) h2 { (l.say("views-none")) } p { (l.say("views-none-text")) } }
            }
            @for (module, label, views) in &shown.modules {
                section {
                    h2 { (label) }
                    ul.saved-views {
                        (plain(shown, module))
                        @for view in views { (one(shown, view)) }
                    }
                }
            }
        }
    };
    shell::page(&shown.frame, &Page { title: &title, at: VIEWS, content })
}

/// The list as it is, which can be chosen as well.
fn plain(shown: &Shown, module: &str) -> Markup {
    let l = shown.frame.locale;
    let own = shown.own.get(module).copied().unwrap_or_default();
    let is_first = own.is_chosen && own.view.is_none();
    html! {
        li {
            div.what {
                a.link href=(format!("/{module}?view=")) { (l.say("view-all-records")) }
                @if is_first { span.tag { (l.say("view-first-mine")) } }
            }
            (opener(shown, module, None, "me", is_first))
        }
    }
}

fn one(shown: &Shown, view: &store::View) -> Markup {
    let l = shown.frame.locale;
    let is_mine = shown.own.get(&view.module).is_some_and(|own| own.is_chosen && own.view == Some(view.id));
    let is_theirs = shown.shared.iter().any(|first| first.view == view.id && first.team == view.audience.team());
    html! {
        li id=(format!("view-{}", view.id)) {
            div.what {
                a.link href=(format!("/{}?view={}", view.module, view.id)) { (view.name.get(l)) }
                @if is_mine { span.tag { (l.say("view-first-mine")) } }
                @if is_theirs { span.tag { (l.say(if view.audience == Audience::All { "view-first-all" } else { "view-first-team" })) } }
                span.dim { (whose(shown, view)) " · " (seen_by(shown, view.audience)) }
            }
            (opener(shown, &view.module, Some(view), "me", is_mine))
            @if shown.administers && view.audience != Audience::Private {
                (opener(shown, &view.module, Some(view), "them", is_theirs))
            }
            @if view.is_open { (details(shown, view)) }
        }
    }
}

/// Whose it is: somebody's or a pack's.
fn whose(shown: &Shown, view: &store::View) -> String {
    let l = shown.frame.locale;
    match &view.pack {
        Some((pack, _)) => {
            let called = shown.packs.get(pack).unwrap_or(pack);
            l.say_with("view-of-pack", &[("name", called.as_str().into())])
        }
        None => {
            let owner = view.owner.and_then(|owner| shown.lens.user(owner)).unwrap_or("—");
            l.say_with("view-owner", &[("name", owner.into())])
        }
    }
}

fn seen_by(shown: &Shown, audience: Audience) -> String {
    let l = shown.frame.locale;
    match audience {
        Audience::Private => l.say("view-for-me"),
        Audience::All => l.say("view-for-all"),
        Audience::Team(team) => match shown.teams.iter().find(|(known, _)| *known == team) {
            Some((_, name)) => l.say_with("view-for-team-named", &[("name", name.as_str().into())]),
            None => l.say("view-for-team"),
        },
    }
}

/// The button that makes it the first to open, or no longer.
fn opener(shown: &Shown, module: &str, view: Option<&store::View>, whom: &str, is_first: bool) -> Markup {
    let l = shown.frame.locale;
    let name = view.map_or_else(|| l.say("view-all-records"), |view| view.name.get(l).to_owned());
    let key = match (whom, view.map(|view| view.audience)) {
        ("them", Some(Audience::All)) => "view-open-for-all",
        ("them", _) => "view-open-for-team",
        _ => "view-open-for-me",
    };
    let words = l.say(key);
    html! {
        form method="post" action=(format!("{VIEWS}/first")) {
            input type="hidden" name="only" value=(shown.only);
            input type="hidden" name="module" value=(module);
            input type="hidden" name="view" value=(view.map(|view| view.id.to_string()).unwrap_or_default());
            input type="hidden" name="for" value=(whom);
            input type="hidden" name="on" value=(if is_first { "false" } else { "true" });
            button.btn.small.quiet aria-pressed=(if is_first { "true" } else { "false" }) aria-label=(format!("{words}: {name}")) {
                @if is_first { (icon(assets::icon::CHECK)) }
                (words)
            }
        }
    }
}

/// The form of whoever may change it.
fn details(shown: &Shown, view: &store::View) -> Markup {
    let l = shown.frame.locale;
    let (name_id, audience_id) = (format!("name-{}", view.id), format!("audience-{}", view.id));
    html! {
        details.apart {
            summary.btn.small.quiet aria-label=(l.say_with("view-change-named", &[("name", view.name.get(l).into())])) {
                (icon(assets::icon::PENCIL)) (l.say("view-change"))
            }
            form.form method="post" action=(format!("{VIEWS}/{}/share", view.id)) id=(format!("share-{}", view.id)) data-guard {
                input type="hidden" name="only" value=(shown.only);
                div.field {
                    label for=(name_id) { (l.say("view-name")) }
                    input id=(name_id) name="name" value=(view.name.get(l)) maxlength="100" required autocomplete="off";
                }
                div.field {
                    label for=(audience_id) { (l.say("view-audience")) }
                    select id=(audience_id) name="audience" {
                        option value="private" selected[view.audience == Audience::Private] { (l.say("view-for-me")) }
                        @for (team, name) in &shown.teams {
                            option value=(team) selected[view.audience == Audience::Team(*team)] { (l.say_with("view-for-team-named", &[("name", name.as_str().into())])) }
                        }
                        option value="all" selected[view.audience == Audience::All] { (l.say("view-for-all")) }
                    }
                }
                div.buttons {
                    button.btn.small.main-action { (l.say("save")) }
                    button.btn.small.danger name="do" value="remove" formnovalidate { (l.say("view-remove")) }
                }
            }
        }
    }
}
