//! What staff do with an order: its tickets, and a payment booked by hand.

use app::App;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rights::{Capability, Scope};
use model::{Field, Locale, Module, Record, Value, l10n};
use serde_json::json;
use store::{Error, Origin, Result, Work};

use super::record::id;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::ORGANISATION;
use crate::ui::control::input_text;
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::markup::nothing;
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, note};

/// What a payment's form asks for.
const ASKED: [&str; 5] = ["amount", "received_at", "method", "reference", "payer_name"];

/// What the page of an order shows besides its record.
pub(crate) struct Order {
    tickets: Vec<Record>,
    /// Whether whoever looks may book a payment for it.
    pub(crate) takes_money: bool,
    /// Whether its invoice waits until the organisation says who sells.
    waits_for_seller: bool,
    /// Requisites of the questionnaire that the client's account does not have, by what the field is called.
    proposed: Vec<(String, String)>,
}

/// Reads the tickets, under the reader's rights.
pub(crate) fn read(app: &App, work: &mut Work<'_>, lens: &mut Lens, order: &Record) -> Result<Order> {
    let mut tickets = Vec::new();
    let module = work.module("tickets")?;
    if work.grant(&module).read != Scope::None {
        let ids = app.ticketing().tickets_of(work, order.id)?.into_iter().map(|ticket| ticket.id).collect();
        tickets = work.several(&module, &ids)?;
        tickets.sort_by_key(|ticket| (ticket.get("position").as_int(), ticket.id));
    }
    lens.learn(work, &tickets)?;
    let is_due = order.get("due").as_money().is_some_and(|due| !due.is_zero());
    let takes_money = match order.text("status") {
        Some("pending") => is_due,
        status => is_late(status),
    };
    let takes_money = takes_money && work.require(Capability::BookPayments).is_ok();
    let waits_for_seller = app.ticketing().waits_for_seller(work, order)?;
    let accounts = work.definitions().module("accounts").cloned();
    let called = |field: &str| accounts.as_ref()?.field(field).map(|field| field.label.get(lens.locale).to_owned());
    let proposed = app.ticketing().proposed_requisites(work, order)?.into_iter();
    let proposed = proposed.map(|(field, said)| (called(field).unwrap_or_else(|| field.to_owned()), said)).collect();
    Ok(Order { tickets, takes_money, waits_for_seller, proposed })
}

/// What of an order waits for somebody of the staff: its invoice, requisites that a stranger typed.
pub(crate) fn notes(lens: &Lens, order: &Order, record: &Record) -> Markup {
    let l = lens.locale;
    html! {
        @if order.waits_for_seller { (seller_note(l)) }
        @if !order.proposed.is_empty() {
            section.group id="requisites" {
                h2 { (l.say("requisites-proposed")) }
                p.help { (l.say("requisites-proposed-help")) }
                dl.fields.roomy { @for (field, said) in &order.proposed { dt { (field) } dd { (said) } } }
                form method="post" action=(format!("/orders/{}/requisites", record.id)) {
                    button.btn { (l.say("requisites-take-over")) }
                }
            }
        }
    }
}

/// What becomes of an order that is not paid, by the key of the words.
pub(crate) fn future(record: &Record, order: Option<&Order>) -> &'static str {
    let is_out = |ticket: &Record| matches!(ticket.text("status"), Some("issued" | "checked_in"));
    match record.get("group").is_true() {
        true if order.is_some_and(|order| order.tickets.iter().any(is_out)) => "next-check-text-debt",
        true => "next-check-text-group",
        false => "next-check-text",
    }
}

/// Why an invoice has not gone out.
pub(crate) fn seller_note(l: Locale) -> Markup {
    note::warn(
        &html! { (l.say("invoice-waits-for-seller")) " " a.link href=(ORGANISATION) { (l.say("invoice-enter-seller")) } },
    )
}

/// Takes the requisites of the questionnaire over to the client's account.
pub(crate) async fn take_over(
    State(web): State<Web>,
    visitor: Visitor,
    Path(order): Path<String>,
) -> Result<Response, Problem> {
    let (id, app) = (id("orders", &order)?, web.app.clone());
    let write = move |work: &mut Work<'_>| app.ticketing().take_over_requisites(work, id);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    Ok(Redirect::to(&format!("/orders/{id}")).into_response())
}

/// Whether money for an order in this state comes too late: it is booked all the same, and waits for somebody.
fn is_late(status: Option<&str>) -> bool {
    matches!(status, Some("annulled" | "cancelled"))
}

/// The tickets as a table.
pub(crate) fn tickets(lens: &Lens, order: &Order) -> Markup {
    let l = lens.locale;
    let Some(module) = order.tickets.first().map(|ticket| ticket.module.clone()) else { return html! {} };
    let cell = |ticket: &Record, name: &str| {
        module.field(name).map_or_else(nothing, |field| lens.value(field, ticket.get(name)))
    };
    html! {
        section.group {
            h2 { (module.label.get(l)) " " small { (order.tickets.len()) } }
            table.grid.compact.wrap {
                thead { tr {
                    @for name in ["code", "attendee_name", "ticket_type", "status"] { th { (lens.label(&module, name)) } }
                    th.num { (lens.label(&module, "price")) }
                    th { span.visually-hidden { (l.say("ticket-pdf")) } }
                } }
                tbody {
                    @for ticket in &order.tickets {
                        tr {
                            td.name { a href=(format!("/tickets/{}", ticket.id)) { (ticket.title()) } }
                            @for name in ["attendee_name", "ticket_type", "status"] { td data-label=(lens.label(&module, name)) { (cell(ticket, name)) } }
                            td.num data-label=(lens.label(&module, "price")) { (cell(ticket, "price")) }
                            td.do {
                                @if matches!(ticket.text("status"), Some("issued" | "checked_in")) {
                                    a.btn.small href=(format!("/api/v1/tickets/{}/pdf", ticket.id)) { "PDF" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

struct View {
    frame: Frame,
    payable: Payable,
    /// The order or invoice.
    order: Record,
    inputs: Vec<Input>,
    faults: Vec<String>,
}

/// The form of a payment, with what is due.
pub(crate) async fn payment_form(web: State<Web>, visitor: Visitor, order: Path<String>) -> Result<Markup, Problem> {
    form_for(web, visitor, order, Payable::Order).await
}

/// Books the payment.
pub(crate) async fn book_payment(
    web: State<Web>,
    visitor: Visitor,
    order: Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    book_for(web, visitor, order, form, Payable::Order).await
}

/// The same form for the invoice of a deal.
pub(crate) async fn invoice_payment_form(
    web: State<Web>,
    visitor: Visitor,
    invoice: Path<String>,
) -> Result<Markup, Problem> {
    form_for(web, visitor, invoice, Payable::Invoice).await
}

/// Books a payment for the invoice of a deal.
pub(crate) async fn book_invoice_payment(
    web: State<Web>,
    visitor: Visitor,
    invoice: Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    book_for(web, visitor, invoice, form, Payable::Invoice).await
}

/// What a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Payable {
    Order,
    Invoice,
}

impl Payable {
    fn module(self) -> &'static str {
        match self {
            Self::Order => "orders",
            Self::Invoice => "invoices",
        }
    }

    /// The field of a payment that says so.
    fn field(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Invoice => "invoice",
        }
    }

    fn due(self, record: &Record) -> Option<model::Money> {
        match self {
            Self::Order => record.get("due").as_money(),
            Self::Invoice => app::papers::due_on(record),
        }
    }
}

async fn form_for(
    State(web): State<Web>,
    visitor: Visitor,
    Path(of): Path<String>,
    payable: Payable,
) -> Result<Markup, Problem> {
    let (id, partial) = (id(payable.module(), &of)?, visitor.partial);
    let view = web.app.workspace().read(visitor.actor(), move |work| read_form(work, &visitor, id, payable)).await?;
    Ok(view.shown(partial))
}

async fn book_for(
    State(web): State<Web>,
    visitor: Visitor,
    Path(of): Path<String>,
    form: Typed,
    payable: Payable,
) -> Result<Response, Problem> {
    let id = id(payable.module(), &of)?;
    let (app, sent) = (web.app.clone(), form.clone());
    let write = move |work: &mut Work<'_>| {
        let paid = work.get(payable.module(), id)?;
        let fields = asked(&*work.module("payments")?);
        let currency = currency(&paid, work);
        let mut payment = inputs::to_json(&fields, &sent, &work.settings().zone(), currency)?;
        payment.retain(|_, value| !value.is_null());
        payment.insert(payable.field().to_owned(), json!(id.to_string()));
        app.create(work, "payments", &payment).map(|_| ())
    };
    let booked = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await;
    let error = match booked {
        Ok(_) => return Ok(Redirect::to(&format!("/{}/{id}", payable.module())).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let (locale, partial) = (visitor.locale, visitor.partial);
    let view = web.app.workspace().read(visitor.actor(), move |work| {
        let mut view = read_form(work, &visitor, id, payable)?;
        inputs::type_in(work, &mut view.inputs, &form, locale)?;
        Ok(view)
    });
    let (problem, mut view) = (Problem::from(error), view.await?);
    view.faults = inputs::place_errors(&mut view.inputs, &problem.errors, locale);
    if problem.errors.is_empty() {
        view.faults.push(locale.refusal(&problem.code, &problem.detail));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, view.shown(partial)).into_response())
}

fn currency(order: &Record, work: &Work<'_>) -> model::Currency {
    order.get("total").as_money().map_or(work.settings().currency, |total| total.currency)
}

fn asked(module: &Module) -> Vec<Field> {
    ASKED.into_iter().filter_map(|name| module.field(name)).cloned().collect()
}

fn inputs_of(work: &mut Work<'_>, visitor: &Visitor, order: &Record, payable: Payable) -> Result<Vec<Input>> {
    let (module, zone, now) = (work.module("payments")?, work.settings().zone(), work.now());
    let text = |field: &Field| {
        let value = match field.name.as_str() {
            "amount" if is_late(order.text("status")) => order.get("total").clone(),
            "amount" => payable.due(order).map_or(Value::Null, Value::Money),
            "received_at" => Value::Instant(now),
            "method" => Value::from("bank"),
            _ => Value::Null,
        };
        input_text(field, &value, &zone)
    };
    let fields: Vec<_> = asked(&module).into_iter().map(|field| (field.clone(), text(&field))).collect();
    inputs::of(work, &mut Lens::of(work, visitor.locale), fields, visitor.partial)
}

fn read_form(work: &mut Work<'_>, visitor: &Visitor, id: model::Id, payable: Payable) -> Result<View> {
    work.require(Capability::BookPayments)?;
    let order = work.get(payable.module(), id)?;
    let inputs = inputs_of(work, visitor, &order, payable)?;
    Ok(View { frame: Frame::unless_partial(work, visitor)?, payable, order, inputs, faults: Vec::new() })
}

impl View {
    fn shown(&self, partial: bool) -> Markup {
        let l = self.frame.locale;
        let list = format!("/{}", self.payable.module());
        let order = format!("{list}/{}", self.order.id);
        let heading = l.say("book-payment");
        let sheet = Sheet {
            frame: &self.frame,
            partial,
            id: "payment",
            heading: &heading,
            title: &heading,
            crumbs: &[(&list, self.order.module.label.get(l)), (&order, &self.order.title())],
        };
        sheet.form(&Form {
            kind: Kind::Typed,
            action: &format!("{order}/payments"),
            rows: self.rows(),
            button: Some(&heading),
            back: (&order, &l.say("cancel")),
        })
    }

    fn rows(&self) -> Markup {
        let l = self.frame.locale;
        html! {
            @for fault in &self.faults { (note::bad(fault)) }
            @if is_late(self.order.text("status")) {
                (note::warn(&html! { (l.say_with("payment-late", &[("number", self.order.title().into())])) }))
            } @else if let Some(due) = self.payable.due(&self.order) {
                @let words = if self.payable == Payable::Order { "payment-due" } else { "payment-due-invoice" };
                p.dim { (l.say_with(words, &[("number", self.order.title().into()), ("due", l10n::money(l, due).into())])) }
            }
            @for input in &self.inputs { (input.row(l)) }
        }
    }
}
