//! The menu as its user likes it: in which order the modules stand, and which are left out. Each press is a form of its
//! own, so it works without script; with it rows are dragged as well.

use axum::Router;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::get;
use maud::{Markup, html};
use model::Locale;
use store::{Menu, Origin, Work};

use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::OWN_MENU;
use crate::ui::frame::{Frame, in_order};
use crate::ui::shell::{self, Page};
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

pub(super) fn routes() -> Router<Web> {
    Router::new().route(OWN_MENU, get(page).post(change))
}

/// A module of the list.
struct Entry {
    name: String,
    label: String,
    icon: String,
    is_hidden: bool,
}

struct View {
    frame: Frame,
    entries: Vec<Entry>,
    is_own: bool,
}

async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| {
        let menu = work.menu()?;
        let entry = |module: std::sync::Arc<model::Module>| Entry {
            label: module.label.get(visitor.locale).to_owned(),
            icon: module.icon.clone(),
            is_hidden: menu.hides(&module.name),
            name: module.name.clone(),
        };
        let entries = in_order(work, &menu).into_iter().map(entry).collect();
        Ok(View { frame: Frame::read(work, &visitor)?, entries, is_own: menu != Menu::default() })
    };
    Ok(markup(&web.app.workspace().read(actor, read).await?))
}

async fn change(State(web): State<Web>, visitor: Visitor, form: Typed) -> Result<Redirect, Problem> {
    let place =
        ["up", "down", "hide", "show", "carried"].into_iter().map(|key| form.text(key)).find(|it| !it.is_empty());
    // The list is shown from where one was.
    let address = match place.filter(|name| model::definitions::is_name(name)) {
        Some(name) => format!("{OWN_MENU}#menu-{name}"),
        None => OWN_MENU.to_owned(),
    };
    let save = move |work: &mut Work<'_>| {
        let menu = work.menu()?;
        let shown: Vec<String> = in_order(work, &menu).iter().map(|module| module.name.clone()).collect();
        work.set_menu(&rearranged(menu, &shown, &form))
    };
    web.app.workspace().write(visitor.author(), Origin::from("interface"), save).await?;
    Ok(Redirect::to(&address))
}

/// The menu after a press; `shown` is the list as it stood, those that are left out among it.
fn rearranged(before: Menu, shown: &[String], form: &Typed) -> Menu {
    if form.has("reset") {
        return Menu::default();
    }
    let at = |key: &str| shown.iter().position(|name| name == form.text(key));
    let mut order = shown.to_vec();
    match (at("up"), at("down"), at("carried").zip(at("to"))) {
        (Some(from), ..) if from > 0 => order.swap(from - 1, from),
        (_, Some(from), _) if from + 1 < shown.len() => order.swap(from, from + 1),
        (.., Some((from, to))) => {
            let carried = order.remove(from);
            order.insert(to, carried);
        }
        _ => {}
    }
    // What was never moved follows the product's own order, also when that changes.
    let order = if order == shown { before.order } else { order };
    // What is no longer there for its user has no place in it.
    let is_there = |name: &String| shown.contains(name);
    let mut hidden: Vec<String> = before.hidden.into_iter().filter(is_there).collect();
    hidden.retain(|name| name != form.text("show"));
    hidden.extend(at("hide").and_then(|at| shown.get(at)).filter(|name| !hidden.contains(name)).cloned());
    Menu { order: order.into_iter().filter(is_there).collect(), hidden }
}

fn markup(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("own-menu");
    let last = view.entries.len().saturating_sub(1);
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            p.dim { (l.say("own-menu-help")) }
            form method="post" action=(OWN_MENU) {
                // What the script fills in when a row was dragged.
                input type="hidden" name="carried";
                input type="hidden" name="to";
                ol.order {
                    @for (index, entry) in view.entries.iter().enumerate() { (row(entry, index == 0, index == last, l)) }
                }
                @if view.is_own { p { button.btn name="reset" value="true" { (icon(assets::icon::UNDO_2)) (l.say("own-menu-reset")) } } }
            }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: OWN_MENU, content })
}

fn row(entry: &Entry, is_first: bool, is_last: bool, l: Locale) -> Markup {
    let button = |does: &str, key: &str, symbol: &'static str, is_off: bool| {
        let words = l.say_with(key, &[("name", entry.label.as_str().into())]);
        html! {
            button.btn.quiet.icon name=(does) value=(entry.name) disabled[is_off] aria-label=(words) title=(words) { (icon(symbol)) }
        }
    };
    html! {
        li.away[entry.is_hidden] id=(format!("menu-{}", entry.name)) data-name=(entry.name) {
            span.grip aria-hidden="true" { (icon(assets::icon::GRIP_VERTICAL)) }
            (icon::named(&entry.icon))
            span.label { (entry.label) @if entry.is_hidden { " " small.dim { (l.say("own-menu-hidden")) } } }
            (button("up", "own-menu-up", assets::icon::ARROW_UP, is_first))
            (button("down", "own-menu-down", assets::icon::ARROW_DOWN, is_last))
            @if entry.is_hidden { (button("show", "own-menu-show", assets::icon::EYE_OFF, false)) }
            @else { (button("hide", "own-menu-hide", assets::icon::EYE, false)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use store::Menu;

    use super::rearranged;
    use crate::ui::typed;

    fn after(before: &Menu, shown: &[&str], form: &str) -> (String, String) {
        let shown: Vec<String> = shown.iter().map(|name| (*name).to_owned()).collect();
        let menu = rearranged(before.clone(), &shown, &typed::read(form.as_bytes()).unwrap());
        (menu.order.join(" "), menu.hidden.join(" "))
    }

    #[test]
    fn presses_move_hide_and_give_back() {
        let (plain, all) = (Menu::default(), ["a", "b", "c"]);
        let told = |order: &str, hidden: &str| (order.to_owned(), hidden.to_owned());
        assert_eq!(after(&plain, &all, "up=b"), told("b a c", ""));
        assert_eq!(after(&plain, &all, "down=b"), told("a c b", ""));
        assert_eq!(after(&plain, &all, "up=a"), told("", ""), "the first one goes no higher");
        assert_eq!(after(&plain, &all, "down=c"), told("", ""));
        assert_eq!(after(&plain, &all, "carried=a&to=c"), told("b c a", ""));
        assert_eq!(after(&plain, &all, "carried=c&to=a"), told("c a b", ""));
        assert_eq!(after(&plain, &all, "hide=b&carried=&to="), told("", "b"), "and the order stays the product's");
        assert_eq!(after(&plain, &all, "hide=x"), told("", ""));
        let own = Menu { order: vec!["gone".to_owned(), "c".to_owned()], hidden: vec!["b".to_owned()] };
        assert_eq!(after(&own, &["c", "a", "b"], "show=b"), told("c", ""));
        assert_eq!(after(&own, &["c", "a", "b"], "hide=b"), told("c", "b"), "once");
        assert_eq!(after(&own, &["c", "a", "b"], "reset=true"), told("", ""));
    }
}
