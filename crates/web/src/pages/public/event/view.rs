//! The order form as a page.

use maud::{Markup, html};
use model::l10n;

use super::super::super::visitor::Guest;
use super::super::contact;
use super::super::line::Lines;
use super::form::{TRAP, attendee_name, count_name, marks};
use super::offers::{FEW, Offer, State};
use super::{View, unsold};
use crate::ui::door::{self, Kind, Sheet};
use crate::ui::markup::lines;
use crate::ui::{Words, note};

pub(super) fn page(view: &View, guest: &Guest) -> Markup {
    let l = view.lens.locale;
    let is_open = view.offers.iter().any(|offer| offer.state == State::Open);
    let is_second = view.sheet.typed.has("buyer_name") && view.sheet.has_attendees();
    let content = html! {
        @if view.framed.is_some() { h1.visually-hidden { (view.head.event) } } @else { (view.head.header()) }
        @if let Some(text) = view.event.text("organiser_note") { section { p { (lines(text)) } } }
        @if is_open { (form(view, is_second)) } @else { (closed(view)) }
        @if let Some(slug) = view.event.text("slug").filter(|_| is_open && view.groups && view.framed.is_none()) {
            section { p { a.link href=(format!("/e/{slug}/group")) { (l.say("group-offer")) } } p.fine { (l.say("group-offer-text")) } }
        }
        @if let Some(contact) = contact(&view.event) { section { p.fine { (l.say("questions")) " " (contact) } } }
    };
    let (title, languages) = (view.head.event.clone(), format!("/e/{}?", view.event.text("slug").unwrap_or_default()));
    let sheet = Sheet {
        locale: l,
        theme: guest.theme,
        title: &title,
        kind: if view.framed.is_some() { Kind::Framed } else { Kind::RoomyPublic },
        content,
        languages: view.framed.is_none().then_some(&languages),
    };
    door::branded(&sheet, &view.head.brand)
}

fn form(view: &View, is_second: bool) -> Markup {
    let l = view.lens.locale;
    let own = || format!("/e/{}", view.event.text("slug").unwrap_or_default());
    let address = view.framed.clone().unwrap_or_else(own);
    html! {
        form.form method="post" action=(address) novalidate {
            @if view.sheet.is_wrong() { (note::bad(&l.say("form-faults"))) }
            @for fault in &view.sheet.faults { (note::bad(fault)) }
            @for (name, value) in marks(&view.sheet.typed) { input type="hidden" name=(name) value=(value); }
            @if is_second { (attendees(view)) (summary(view)) } @else { (tickets(view)) (named(view)) }
            (buyer(view, is_second))
            div.visually-hidden aria-hidden="true" {
                label { (l.say("leave-empty")) input name=(TRAP) tabindex="-1" autocomplete="off"; }
            }
            button.btn.main-action { (l.say(if is_second { "place-order" } else { "continue-order" })) }
            @if is_second { button.btn.quiet name="back" value="yes" { (l.say("change-tickets")) } }
            p.fine { (l.say("order-terms")) }
        }
    }
}

fn tickets(view: &View) -> Markup {
    html! {
        fieldset.field {
            legend { (view.lens.locale.say("tickets")) }
            div.options { @for offer in &view.offers { (offer_row(view, offer)) } }
        }
    }
}

fn offer_row(view: &View, offer: &Offer) -> Markup {
    let l = view.lens.locale;
    let name = count_name(offer.id);
    let chosen = view.sheet.typed.text(&name).parse::<i64>().unwrap_or(0);
    // With one type to choose from, one ticket is what most people want.
    let chosen = if view.offers.len() == 1 && !view.sheet.typed.has(&name) { 1 } else { chosen.min(offer.most) };
    html! {
        div.field {
            label for=(name) {
                (offer.name)
                @if let Some(price) = offer.price { " · " (l10n::money(l, price)) }
                @if let Some(left) = offer.left.filter(|left| *left <= FEW && *left > 0 && offer.state == State::Open) {
                    " " span.tag.warn { (l.say_with("seats-left", &[("count", left.into())])) }
                }
            }
            @if let Some(text) = &offer.description { p.help { (lines(text)) } }
            @if let Some(reason) = unsold(&view.lens, offer) {
                p { span.tag { (reason) } @if offer.state == State::SoldOut { " " (waiting(view, offer)) } }
            } @else {
                select id=(name) name=(name) aria-invalid=[view.sheet.errors.contains_key(&name).then_some("true")] {
                    @for count in 0..=offer.most { option value=(count) selected[count == chosen] { (count) } }
                }
            }
            @if let (Some(rule), State::Open) = (offer.rule, offer.state) { p.help { (l.say_with("seats-at-once", &[("count", rule.into())])) } }
            @if let Some(error) = view.sheet.errors.get(&name) {
                (note::of_field(&name, error))
                @if offer.left.is_some() && offer.state == State::Open { p { (waiting(view, offer)) } }
            }
            @if let (Some((until, next)), State::Open) = (offer.next, offer.state) {
                p.help {
                    (l.say_with("price-until", &[("moment", view.lens.moment(until).into())]))
                    @if let Some(next) = next { (l.say_with("price-then", &[("price", l10n::money(l, next).into())])) }
                }
            }
        }
    }
}

/// The way to the waiting list of a type.
fn waiting(view: &View, offer: &Offer) -> Markup {
    let slug = view.event.text("slug").unwrap_or_default();
    let window = view.framed.as_ref().map(|_| "_blank");
    html! {
        a.link href=(format!("/e/{slug}/waiting?ticket_type={}", offer.id)) target=[window] rel=[window.map(|_| "noopener")] {
            (view.lens.locale.say("waiting-join"))
        }
    }
}

/// Who will come, ticket by ticket.
fn attendees(view: &View) -> Markup {
    let l = view.lens.locale;
    html! {
        input type="hidden" name="attendees" value="asked";
        h2 { (l.say("who-comes")) }
        p.help { (l.say("who-comes-help")) }
        @for (kind, number) in view.sheet.tickets() {
            @let offer = view.offers.iter().find(|offer| offer.id == *kind);
            @let (name, email) = (attendee_name(*kind, *number, "name"), attendee_name(*kind, *number, "email"));
            @if *number == 0 { input type="hidden" name=(count_name(*kind)) value=(view.sheet.tickets().iter().filter(|ticket| ticket.0 == *kind).count()); }
            fieldset.field {
                legend { (offer.map_or("", |offer| offer.name.as_str())) " " (number + 1) }
                div.pair {
                    (line(view, &name, &l.say("attendee-name"), "text", "off", false))
                    (line(view, &email, &l.say("attendee-email"), "email", "off", false))
                }
            }
        }
    }
}

/// Who was named already, kept for when the second page comes again.
fn named(view: &View) -> Markup {
    let names = view.sheet.typed.pairs().iter().filter(|(name, _)| name.starts_with("attendee."));
    html! { @for (name, text) in names { input type="hidden" name=(name) value=(text); } }
}

/// Whether the event is over.
fn is_over(view: &View) -> bool {
    let last = view.event.get("ends_on").as_date().or_else(|| view.event.get("starts_on").as_date());
    view.event.text("status") == Some("past") || last.is_some_and(|last| last < view.lens.today())
}

fn summary(view: &View) -> Markup {
    let l = view.lens.locale;
    let prices = view.sheet.tickets().iter().map(|(kind, _)| view.offers.iter().find(|offer| offer.id == *kind)?.price);
    let total = prices.collect::<Option<Vec<_>>>().and_then(|prices| {
        let currency = prices.first()?.currency;
        prices.into_iter().try_fold(model::Money::zero(currency), model::Money::checked_add)
    });
    html! {
        @if let Some(total) = total {
            div.sum.total { span { (l.say_with("count-tickets", &[("count", view.sheet.tickets().len().into())])) } span.num { (l10n::money(l, total)) } }
        }
    }
}

fn buyer(view: &View, is_second: bool) -> Markup {
    let l = view.lens.locale;
    let consent = view.sheet.errors.get("consent");
    html! {
        @if is_second { h2 { (l.say("buyer")) } }
        (line(view, "buyer_name", &l.say("your-name"), "text", "name", true))
        div.pair {
            (line(view, "buyer_email", &l.say("email"), "email", "email", true))
            (line(view, "buyer_phone", &l.say("phone"), "tel", "tel", false))
        }
        div.field {
            label.option {
                input type="checkbox" name="consent" value="yes" required checked[view.sheet.typed.text("consent") == "yes"]
                    aria-invalid=[consent.map(|_| "true")] aria-describedby=[consent.map(|_| "consent-error")];
                (l.say_with("consent", &[("organisation", view.head.organisation.as_str().into())]))
            }
            @if let Some(error) = consent { (note::of_field("consent", error)) }
        }
    }
}

fn line(view: &View, name: &str, label: &str, kind: &str, auto: &str, required: bool) -> Markup {
    let (typed, errors) = (&view.sheet.typed, &view.sheet.errors);
    Lines { locale: view.lens.locale, typed, errors }.line(name, label, kind, auto, required)
}

fn closed(view: &View) -> Markup {
    let l = view.lens.locale;
    if is_over(view) {
        return html! { section { h2 { (l.say("event-over")) } p.dim { (l.say("event-over-text")) } } };
    }
    let is_sold_out = !view.offers.is_empty() && view.offers.iter().all(|offer| offer.state == State::SoldOut);
    html! {
        section {
            h2 { (l.say(if is_sold_out { "all-sold-out" } else { "nothing-on-sale" })) }
            @for offer in &view.offers {
                div.sum { span { (offer.name) } span {
                    @if let Some(reason) = unsold(&view.lens, offer) { (reason) }
                    @if offer.state == State::SoldOut { " " (waiting(view, offer)) }
                } }
            }
            p.dim { (l.say(if is_sold_out { "all-sold-out-text" } else { "nothing-on-sale-text" })) }
        }
    }
}
