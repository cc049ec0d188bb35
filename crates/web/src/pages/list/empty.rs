//! A list without rows teaches: one sentence, one example, one button.

use maud::{Markup, html};

use super::View;
use crate::pages::new::can_be_made;
use crate::ui::{Words, icon};

/// Where records come from that nobody adds by hand.
const FROM: [(&str, &str, &str); 7] = [
    ("orders", "events", "list-empty-to-events"),
    ("tickets", "orders", "list-empty-to-orders"),
    ("contracts", "deals", "list-empty-to-deals"),
    ("invoices", "orders", "list-empty-to-orders"),
    ("payments", "orders", "list-empty-to-orders"),
    ("messages", "orders", "list-empty-to-orders"),
    ("rejected_requests", "messages", "list-empty-to-messages"),
];

/// In the place of the rows.
pub(super) fn shown(view: &View) -> Markup {
    html! {
        div.scroll {
            div.empty {
                (icon::named(&view.module.icon))
                @if view.query.is_whole() { (nothing_yet(view)) } @else { (nothing_found(view)) }
            }
        }
    }
}

fn nothing_yet(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module);
    let said = |more: &str| {
        l.say_if(&format!("list-empty-{}{more}", module.name)).or_else(|| l.say_if(&format!("list-empty-other{more}")))
    };
    html! {
        h2 { (l.say_with("list-none-yet", &[("name", module.label.get(l).into())])) }
        @if let Some(what) = said("") { p { (what) } }
        @if let Some(example) = said("-example") { p.example { (example) } }
        @if can_be_made(module, &view.grant) {
            a.btn.main-action href=(format!("/{}/new", module.name)) { (icon(assets::icon::PLUS)) (l.say("new-record")) }
        } @else if view.begins {
            a.btn.main-action href="/events/new" { (icon(assets::icon::PLUS)) (l.say("first-event")) }
        } @else if let Some((to, key)) = origin(view) {
            a.btn href=(format!("/{to}")) { (l.say(key)) }
        }
    }
}

/// Where to go, if the visitor may.
fn origin(view: &View) -> Option<(&'static str, &'static str)> {
    let (_, to, key) = FROM.into_iter().find(|from| from.0 == view.module.name)?;
    view.frame.modules.iter().any(|entry| entry.name == to).then_some((to, key))
}

fn nothing_found(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        h2 { (l.say(if view.query.deleted && view.query.filter.is_empty() { "bin-empty" } else { "list-none-found" })) }
        p { (l.say(if view.query.deleted { "bin-empty-text" } else { "list-none-found-text" })) }
        a.btn href=(format!("/{}", view.module.name)) { (l.say("show-all")) }
    }
}
