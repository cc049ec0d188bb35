//! The buyer's page as markup.

use maud::{Markup, Render, html};
use model::{Money, Record, l10n};

use super::super::super::visitor::Guest;
use super::super::contact;
use super::View;
use crate::ui::door::{self, Kind, Sheet};
use crate::ui::markup::lines;
use crate::ui::{Words, note};

pub(super) fn page(view: &View, guest: &Guest) -> Markup {
    let content = html! {
        (view.head.header())
        (steps(view))
        (what(view))
        @if view.waits_for_consent { (consent(view)) }
        @if view.offered_until.is_some() { (offer(view)) } @else if view.status() == "pending" { (pay(view)) }
        (tickets(view))
        (ends(view))
    };
    sheet(view, guest, content)
}

/// The order in short, with the way to its page.
pub(super) fn placed(view: &View, guest: &Guest) -> Markup {
    let l = view.lens.locale;
    let title = l.say_with("order-number", &[("number", number(view).into())]);
    let content = html! {
        h1.visually-hidden { (view.head.event) }
        (what(view))
        div.stack {
            p { (l.say("placed-text")) }
            a.btn.main-action href=(format!("/p/o/{}", view.token)) target="_blank" rel="noopener" { (l.say("placed-open")) }
        }
    };
    let sheet = Sheet { locale: l, theme: guest.theme, title: &title, kind: Kind::Framed, content, languages: None };
    door::branded(&sheet, &view.head.brand)
}

pub(super) fn ask_cancel(view: &View, guest: &Guest, refused: Option<&str>) -> Markup {
    let l = view.lens.locale;
    let back = format!("/p/o/{}", view.token);
    let content = html! {
        (view.head.header())
        section {
            h2 { (l.say_with("cancel-question", &[("number", number(view).into())])) }
            p.dim { (l.say(if view.status() == "paid" { "cancel-paid-text" } else { "cancel-text" })) }
        }
        form.form method="post" action=(format!("{back}/cancel")) {
            @if let Some(refused) = refused { (note::bad(refused)) }
            button.btn.danger { (l.say("cancel-order")) }
            a.btn href=(back) { (l.say("keep-order")) }
        }
    };
    sheet(view, guest, content)
}

pub(super) fn sheet(view: &View, guest: &Guest, content: Markup) -> Markup {
    let l = view.lens.locale;
    let title = l.say_with("order-number", &[("number", number(view).into())]);
    let languages = guest.languages();
    let sheet = Sheet {
        locale: l,
        theme: guest.theme,
        title: &title,
        kind: Kind::Public,
        content,
        languages: Some(&languages),
    };
    door::branded(&sheet, &view.head.brand)
}

fn number(view: &View) -> &str {
    view.order.text("number").unwrap_or_default()
}

fn steps(view: &View) -> Markup {
    let l = view.lens.locale;
    let (is_paid, is_open) = (view.status() == "paid", matches!(view.status(), "pending" | "paid"));
    html! {
        @if is_open {
            div {
                ol.steps {
                    li.done { (l.say("step-received")) }
                    @if is_paid { li.done { (l.say("step-paid")) } li.done aria-current="step" { (l.say("step-ticket")) } }
                    @else { li aria-current="step" { (l.say("step-waiting")) } li { (l.say("step-ticket")) } }
                }
            }
        }
    }
}

fn what(view: &View) -> Markup {
    let l = view.lens.locale;
    let money = |name: &str| view.order.get(name).as_money();
    let until = view.order.get("next_check_at").as_instant().map(|at| view.lens.moment(at));
    let is_group = view.order.get("group").is_true();
    let is_out = |ticket: &Record| matches!(ticket.text("status"), Some("issued" | "checked_in"));
    let text = match (view.status(), until) {
        ("pending", Some(until)) if is_group && view.tickets.iter().any(is_out) => {
            l.say_with("order-debt", &[("moment", until.into())])
        }
        ("pending", _) if is_group && view.invoice.is_none() => l.say("order-invoice-waits"),
        ("pending", Some(until)) if view.offered_until.is_some() => {
            l.say_with("order-offered", &[("moment", until.into())])
        }
        ("pending", Some(until)) => l.say_with("order-pending", &[("moment", until.into())]),
        ("pending", None) => l.say("order-pending-open"),
        ("paid", _) => l.say("order-paid"),
        ("annulled", _) => l.say("order-annulled"),
        ("refunded", _) => l.say("order-refunded"),
        _ => l.say("order-cancelled"),
    };
    let (paid, due) = (money("paid").filter(|paid| !paid.is_zero()), money("due"));
    html! {
        section {
            h2 { (l.say_with("order-number", &[("number", number(view).into())])) }
            p.dim { (text) }
            @for (name, count, price) in positions(view) {
                div.sum { span { (name) " × " (count) } span.num { (l10n::money(l, price)) } }
            }
            @if let Some(paid) = paid { div.sum { span { (l.say("paid")) } span.num { (l10n::money(l, paid)) } } }
            @match (view.status(), due, money("total")) {
                ("pending", Some(due), _) => div.sum.total { span { (l.say("to-pay")) } span.num { (l10n::money(l, due)) } },
                (_, _, Some(total)) => div.sum.total { span { (l.say("total")) } span.num { (l10n::money(l, total)) } },
                _ => {},
            }
            (invoice(view))
        }
    }
}

/// The price changed: the buyer is asked.
fn consent(view: &View) -> Markup {
    let l = view.lens.locale;
    asked(view, [l.say("price-changed"), l.say("price-changed-text"), l.say("agree-price"), l.say("decline-price")])
}

/// Seats came free for whoever waited: they take them or leave them.
fn offer(view: &View) -> Markup {
    let l = view.lens.locale;
    asked(view, [l.say("offer-title"), l.say("offer-text"), l.say("take-seats"), l.say("leave-seats")])
}

/// A question of the order's: what it is about, what to do, and the two answers.
fn asked<T: Render>(view: &View, [title, text, yes, no]: [T; 4]) -> Markup {
    let here = format!("/p/o/{}", view.token);
    html! {
        section {
            h2 { (title) }
            p { (text) }
        }
        div.stack {
            a.btn.main-action href=(format!("{here}/agree")) { (yes) }
            a.btn href=(format!("{here}/decline")) { (no) }
        }
    }
}

/// Tickets by type and price: name, count, sum.
fn positions(view: &View) -> Vec<(String, usize, Money)> {
    let mut positions: Vec<(String, Money, usize)> = Vec::new();
    for ticket in &view.tickets {
        let Some(price) = ticket.get("price").as_money() else { continue };
        let name = type_name(view, ticket);
        match positions.iter_mut().find(|position| position.0 == name && position.1 == price) {
            Some(position) => position.2 += 1,
            None => positions.push((name, price, 1)),
        }
    }
    let sum = |price: Money, count: usize| {
        i64::try_from(count).ok().and_then(|count| price.checked_mul(count)).unwrap_or(price)
    };
    positions.into_iter().map(|(name, price, count)| (name, count, sum(price, count))).collect()
}

pub(super) fn type_name(view: &View, ticket: &Record) -> String {
    ticket.link("ticket_type").and_then(|kind| view.types.get(&kind).cloned()).unwrap_or_default()
}

/// The invoice as a file.
fn invoice(view: &View) -> Markup {
    let l = view.lens.locale;
    html! {
        @if let Some(invoice) = &view.invoice {
            div.sum {
                span { (l.say_with("invoice-number", &[("number", invoice.text("number").unwrap_or_default().into())])) }
                a.btn.small href=(format!("/p/o/{}/invoice", view.token)) { "PDF" }
            }
        }
    }
}

fn pay(view: &View) -> Markup {
    let l = view.lens.locale;
    html! {
        section {
            h2 { (l.say("how-to-pay")) }
            @if view.invoice.is_some() {
                p { (l.say("how-to-pay-invoice")) }
            } @else if view.order.get("group").is_true() {
                p { (l.say("order-invoice-waits")) }
            } @else if view.instructions.trim().is_empty() {
                p { (l.say("how-to-pay-ask")) }
            } @else {
                p { (lines(&view.instructions)) }
            }
            @if let Some(invoice) = &view.invoice {
                p.dim { (l.say_with("invoice-purpose", &[("number", invoice.text("number").unwrap_or_default().into())])) }
            } @else if !view.order.get("group").is_true() {
                p.dim { (l.say_with("payment-purpose", &[("number", number(view).into())])) }
                p.fine { (l.say("order-pending-fine")) }
            }
        }
    }
}

fn tickets(view: &View) -> Markup {
    let l = view.lens.locale;
    let live = |ticket: &&Record| ticket.text("status") != Some("cancelled");
    let shown: Vec<&Record> = view.tickets.iter().filter(live).collect();
    let has_file = |ticket: &&Record| matches!(ticket.text("status"), Some("issued" | "checked_in"));
    let files = shown.iter().copied().filter(|ticket| has_file(ticket)).count();
    let base = format!("/p/o/{}/tickets", view.token);
    html! {
        @if !shown.is_empty() {
            section {
                h2 { (l.say("tickets")) }
                @for ticket in &shown {
                    div.sum {
                        span {
                            (ticket.text("attendee_name").map_or_else(|| l.say("unnamed"), str::to_owned))
                            br;
                            small.dim { (type_name(view, ticket)) @if ticket.text("status") == Some("checked_in") { " · " (l.say("checked-in")) } }
                        }
                        @if has_file(ticket) {
                            @let code = ticket.text("code").unwrap_or_default();
                            a.btn.small href=(format!("{base}/{code}")) { "PDF" }
                        }
                    }
                }
            }
            @if view.can_be_renamed() {
                div.stack { a.btn href=(format!("/p/o/{}/names", view.token)) { (l.say("change-names")) } }
            }
            @if files > 1 { div.stack { a.btn.main-action href=(format!("{base}/all")) { (l.say("all-tickets")) } } }
        }
    }
}

fn ends(view: &View) -> Markup {
    let l = view.lens.locale;
    let again = view.event.text("slug").filter(|_| matches!(view.status(), "annulled" | "cancelled"));
    html! {
        @if let Some(slug) = again { div.stack { a.btn.main-action href=(format!("/e/{slug}")) { (l.say("order-again")) } } }
        @if let Some(contact) = contact(&view.event) { section { p.fine { (l.say("questions")) " " (contact) } } }
        @if view.can_be_cancelled() {
            nav.ends aria-label=(l.say("more")) { a.link href=(format!("/p/o/{}/cancel", view.token)) { (l.say("cancel-order")) } }
        }
    }
}
