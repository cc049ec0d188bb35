//! The page of an event.

use maud::{Markup, html};
use model::l10n;

use super::{Offer, View, filtered};
use crate::pages::cells;
use crate::ui::markup::nothing;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon, tag};

/// Columns of the latest orders.
const COLUMNS: [&str; 5] = ["number", "buyer_name", "status", "created_at", "total"];

pub(crate) fn page(view: &View) -> Markup {
    let l = view.frame.locale;
    let (title, at) = (view.event.title(), format!("/events/{}", view.event.id));
    let state = view.event.module.field("status").and_then(|field| field.option(view.event.text("status")?));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href="/events" { (view.event.module.label.get(l)) } }
            h1 { (title) }
            @if let Some(state) = state { (tag::choice(state, l)) }
            div.actions {
                @if view.is_open { a.btn href=(format!("{at}/edit")) { (icon(assets::icon::PENCIL)) (l.say("edit")) } }
                @if view.makes_types && view.is_open { a.btn href=(format!("/ticket_types/new?event={}", view.event.id)) { (icon(assets::icon::TAG)) (l.say("new-ticket-type")) } }
                @if let Some(url) = &view.public_url { a.btn.main-action href=(url) { (icon(assets::icon::EXTERNAL_LINK)) (l.say("order-form")) } }
            }
        }
        (tabs(view, &at))
        div.page {
            (tiles(view))
            div.split { (types(view)) (days(view)) }
            (orders(view))
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: &at, content })
}

fn tabs(view: &View, at: &str) -> Markup {
    let (l, id) = (view.frame.locale, view.event.id);
    html! {
        nav.tabs aria-label=(l.say("sections")) {
            a href=(at) aria-current="page" { (l.say("event-overview")) }
            @if view.money.is_some() { a href=(filtered("orders", "event", id)) { (l.say("event-orders")) " " small { (view.lens.number(view.order_count)) } } }
            a href=(filtered("tickets", "event", id)) { (l.say("event-tickets")) }
            a href=(filtered("ticket_types", "event", id)) { (l.say("event-types")) " " small { (view.types.len()) } }
            a href=(filtered("participants", "event", id)) { (l.say("event-participants")) }
            a href=(format!("{at}?view=card")) { (l.say("event-card")) }
        }
    }
}

fn tiles(view: &View) -> Markup {
    let l = view.frame.locale;
    let capacity = view.event.get("capacity").as_int();
    let seats = view.seats;
    html! {
        dl.metrics {
            div.metric {
                dt { (l.say("sold")) }
                dd { (view.lens.number(seats.sold)) @if let Some(capacity) = capacity { " " small { (l.say_with("of-total", &[("total", view.lens.number(capacity).into())])) } } }
                @if let Some(capacity) = capacity.filter(|capacity| *capacity > 0) {
                    dd { progress value=(seats.sold) max=(capacity) aria-label=(l.say("sold")) {} }
                }
            }
            div.metric { dt { (l.say("reserved")) } dd { (view.lens.number(seats.reserved)) } }
            div.metric {
                dt { (l.say("free")) }
                dd { @match seats.available { Some(left) => (view.lens.number(left)), None => (l.say("no-limit")) } }
            }
            @if let Some((paid, due)) = view.money {
                div.metric {
                    dt { (l.say("revenue")) }
                    dd { (l10n::money(l, paid)) }
                }
                div.metric {
                    dt { (l.say("waiting-for-money")) }
                    dd { (l10n::money(l, due)) }
                    @if view.waiting > 0 { dd.warn { (l.say_with("count-orders", &[("count", view.waiting.into())])) } }
                }
            }
        }
    }
}

fn types(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        section.card.roomy {
            table.bars {
                caption { (l.say("sales-by-type")) }
                @for offer in &view.types { (type_row(view, offer)) }
            }
            @if view.types.is_empty() { p.faint { (l.say("no-ticket-types")) } }
        }
    }
}

fn type_row(view: &View, offer: &Offer) -> Markup {
    let l = view.frame.locale;
    let seats = offer.seats;
    let most = offer.kind.quota.or(seats.available.map(|left| left + seats.taken())).unwrap_or(seats.taken()).max(1);
    html! {
        tr {
            th scope="row" {
                a href=(format!("/ticket_types/{}", offer.kind.id)) { (offer.kind.name) }
                div.faint {
                    @match offer.price { Some(price) => (l10n::money(l, price)), None => (l.say("no-price-now")) }
                    @if let Some((until, next)) = offer.next {
                        " · " (l.say_with("tier-until", &[("moment", view.lens.moment(until).into())]))
                        @if let Some(next) = next { ", " (l.say_with("tier-next", &[("price", l10n::money(l, next).into())])) }
                    }
                }
            }
            td { progress value=(seats.sold.min(most)) max=(most) aria-label=(offer.kind.name) {} }
            td.num {
                (view.lens.number(seats.sold))
                @if let Some(quota) = offer.kind.quota { " " span.faint { (l.say_with("of-total", &[("total", view.lens.number(quota).into())])) } }
                @if seats.reserved > 0 { div.faint { (l.say_with("count-reserved", &[("count", seats.reserved.into())])) } }
            }
        }
    }
}

fn days(view: &View) -> Markup {
    let l = view.frame.locale;
    let most = view.days.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    html! {
        @if !view.days.is_empty() {
            section.card.roomy {
                table.bars {
                    caption { (l.say("sales-by-day")) }
                    @for (day, count) in &view.days {
                        @let name = view.lens.day(*day);
                        tr {
                            th scope="row" { time datetime=(day.to_string()) { (name) } }
                            td { progress value=(count) max=(most) aria-label=(name) {} }
                            td.num { (view.lens.number(*count)) }
                        }
                    }
                }
            }
        }
    }
}

fn orders(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @if let Some(module) = view.orders.first().map(|order| order.module.clone()) {
            section {
                h2 { (l.say("latest-orders")) }
                table.grid.compact data-rows {
                    thead { tr { @for (index, name) in COLUMNS.into_iter().enumerate() { th class=[cells::class(&module, name, index == 0)] { (view.lens.label(&module, name)) } } } }
                    tbody {
                        @for order in &view.orders {
                            tr {
                                @for (index, name) in COLUMNS.into_iter().enumerate() {
                                    @let label = view.lens.label(&module, name);
                                    @if index == 0 { td.name data-label=(label) { a href=(format!("/orders/{}", order.id)) { (order.title()) } } }
                                    @else if cells::is_empty(order, name) { td class=(cells::blank(&module, name)) data-label=(label) { (nothing()) } }
                                    @else { td class=[cells::class(&module, name, false)] data-label=(label) { (view.lens.column(order, name)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
