//! The page of an event.

use maud::{Markup, html};
use model::{Record, l10n};
use ticketing::Seats;

use super::{Offer, View, embed, filtered};
use crate::pages::cells;
use crate::ui::markup::nothing;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon, tag};

/// Columns of the latest orders.
const COLUMNS: [&str; 5] = ["number", "buyer_name", "status", "created_at", "total"];
/// Columns of the waiting list.
const LINE: [&str; 5] = ["name", "ticket_type", "seats", "status", "created_at"];

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
                @if let Some(url) = &view.public_url { a.btn href=(format!("{url}/group")) { (icon(assets::icon::EXTERNAL_LINK)) (l.say("group-form-link")) } }
                @if let Some(url) = &view.public_url { a.btn.main-action href=(url) { (icon(assets::icon::EXTERNAL_LINK)) (l.say("order-form")) } }
            }
        }
        (tabs(view, &at))
        div.page {
            (tiles(view))
            div.split { @if let Some(offers) = &view.types { (types(view, offers)) } (days(view)) }
            (latest(view, "latest-orders", &view.orders, COLUMNS))
            (latest(view, "event-line", &view.line, LINE))
            (embed::section(view))
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: &at, content })
}

fn tabs(view: &View, at: &str) -> Markup {
    let (l, id) = (view.frame.locale, view.event.id);
    html! {
        nav.tabs aria-label=(l.say("sections")) {
            a href=(at) aria-current="page" { (l.say("event-overview")) }
            @for module in &view.tabs { a href=(filtered(module, "event", id)) { (tab(view, module)) } }
            a href=(format!("{at}?view=card")) { (l.say("event-card")) }
        }
    }
}

fn tab(view: &View, module: &str) -> Markup {
    let l = view.frame.locale;
    html! {
        @match module {
            "orders" => { (l.say("event-orders")) " " small { (view.lens.number(view.order_count)) } }
            "tickets" => { (l.say("event-tickets")) " " small { (view.lens.number(view.ticket_count)) } }
            "ticket_types" => { (l.say("event-types")) " " small { (view.types.as_ref().map_or(0, Vec::len)) } }
            "waiting_list" => { (l.say("event-line")) " " small { (view.lens.number(view.line_count)) } }
            _ => { (l.say("event-participants")) }
        }
    }
}

fn tiles(view: &View) -> Markup {
    let l = view.frame.locale;
    if view.seats.is_none() && view.money.is_none() {
        return html! {};
    }
    let capacity = view.event.get("capacity").as_int();
    html! {
        dl.metrics {
            @if let Some(seats) = view.seats { (seat_tiles(view, seats, capacity)) }
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

fn seat_tiles(view: &View, seats: Seats, capacity: Option<i64>) -> Markup {
    let l = view.frame.locale;
    html! {
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
    }
}

fn types(view: &View, offers: &[Offer]) -> Markup {
    let l = view.frame.locale;
    html! {
        section.card.roomy {
            table.bars {
                caption { (l.say("sales-by-type")) }
                @for offer in offers { (type_row(view, offer)) }
            }
            @if offers.is_empty() { p.faint { (l.say("no-ticket-types")) } }
        }
    }
}

fn type_row(view: &View, offer: &Offer) -> Markup {
    let l = view.frame.locale;
    let taken = offer.sold.unwrap_or(0) + offer.reserved.unwrap_or(0);
    let most = offer.quota.or(offer.available.map(|left| left + taken)).unwrap_or(taken).max(1);
    html! {
        tr id=(offer.id) {
            th scope="row" {
                a href=(format!("/ticket_types/{}", offer.id)) { (offer.name) }
                div.faint {
                    @match offer.price {
                        Some(Some(price)) => (l10n::money(l, price)),
                        Some(None) => (l.say("no-price-now")),
                        None => {}
                    }
                    @if let Some((until, next)) = offer.next {
                        " · " (l.say_with("tier-until", &[("moment", view.lens.moment(until).into())]))
                        @if let Some(next) = next { ", " (l.say_with("tier-next", &[("price", l10n::money(l, next).into())])) }
                    }
                }
            }
            @if let Some(sold) = offer.sold {
                td { progress value=(sold.min(most)) max=(most) aria-label=(offer.name) {} }
                td.num {
                    (view.lens.number(sold))
                    @if let Some(quota) = offer.quota { " " span.faint { (l.say_with("of-total", &[("total", view.lens.number(quota).into())])) } }
                    @if let Some(reserved) = offer.reserved.filter(|reserved| *reserved > 0) {
                        div.faint { (l.say_with("count-reserved", &[("count", reserved.into())])) }
                    }
                }
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

/// The first of some records of the event.
fn latest(view: &View, heading: &str, records: &[Record], columns: [&str; 5]) -> Markup {
    let l = view.frame.locale;
    html! {
        @if let Some(module) = records.first().map(|record| record.module.clone()) {
            section {
                h2 { (l.say(heading)) }
                table.grid.compact data-rows {
                    thead { tr { @for (index, name) in columns.into_iter().enumerate() { th class=[cells::class(&module, name, index == 0)] { (view.lens.label(&module, name)) } } } }
                    tbody {
                        @for record in records {
                            tr {
                                @for (index, name) in columns.into_iter().enumerate() {
                                    @let label = view.lens.label(&module, name);
                                    @if index == 0 { td.name data-label=(label) { a href=(format!("/{}/{}", module.name, record.id)) { (record.title()) } } }
                                    @else if cells::is_empty(record, name) { td class=(cells::blank(&module, name)) data-label=(label) { (nothing()) } }
                                    @else { td class=[cells::class(&module, name, false)] data-label=(label) { (view.lens.column(record, name)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
