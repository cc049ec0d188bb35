//! The invoice of a group order: what its tickets cost, to the buyer as the questionnaire names them.

use billing::{InvoiceLine, InvoiceParties, NewInvoice, Requisites};
use model::{Id, Money, Paper, Record};
use store::{Draft, Error, Result, Work};

use super::deal;
use crate::Ticketing;
use crate::letter_data::Telling;
use crate::look::has_tickets_out;
use crate::order::{Order, Status, is_live, tickets_of};
use crate::sale::Sale;

impl Ticketing {
    /// Issues the invoice of an order and voids what was issued before; its number stays used. `buyer` is as the invoice
    /// before says where nothing is said, else as the account does. While nobody has said who sells, it is a draft: nothing
    /// goes out, and whoever answers for the order is told.
    pub(crate) fn issue_invoice(
        &self,
        work: &mut Work<'_>,
        order: &Order,
        sale: &Sale,
        tickets: &[Record],
        buyer: Option<Requisites>,
    ) -> Result<Record> {
        let buyer = match buyer {
            Some(buyer) => buyer,
            None => known_buyer(work, order)?,
        };
        billing::void_invoices(work, order.id())?;
        let seller = work.settings().legal_entities.first().cloned().unwrap_or_default();
        let vat_rate = seller.vat();
        let mut lines: Vec<InvoiceLine> = Vec::new();
        for ticket in tickets.iter().filter(|ticket| is_live(ticket)) {
            let kind = ticket.link("ticket_type").and_then(|kind| sale.ticket_type(kind));
            let name = kind.map(|kind| kind.name.clone()).unwrap_or_default();
            let price = ticket.get("price").as_money().unwrap_or(Money::zero(order.money.total.currency));
            match lines.iter_mut().find(|line| line.name == name && line.price == price) {
                Some(line) => line.quantity += 1,
                None => lines.push(InvoiceLine { name, quantity: 1, unit: "ticket", price, vat_rate }),
            }
        }
        let printed = InvoiceParties {
            seller,
            buyer,
            order: order.number().to_owned(),
            event: sale.event.title(),
            locale: order.locale(),
            ..InvoiceParties::default()
        };
        let new = NewInvoice {
            order: Some(order.id()),
            deal: order.record.link("deal"),
            account: order.record.link("buyer"),
            lines,
            currency: order.money.total.currency,
            printed,
        };
        let invoice = billing::issue(work, new)?;
        if !is_issued(&invoice) {
            work.tell_by_rule(&order.record, order.record.owner.into_iter().collect())?;
        }
        if let Some(deal) = order.record.link("deal") {
            billing::mark(work, deal, Paper::Invoice)?;
        }
        Ok(invoice)
    }

    /// The organisation has said who sells: what waited for it is issued and sent, at the prices of the order; of an order that was
    /// paid meanwhile it is paid at once, and nobody is asked for money. Told twice, it does nothing the second time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn issue_waiting(&self, work: &mut Work<'_>, order: Id) -> Result<()> {
        work.as_process(|work| {
            let order = match Order::hold(work, order) {
                Ok(order) => order,
                Err(Error::NotFound { .. }) => return Ok(()),
                Err(error) => return Err(error),
            };
            if !matches!(order.status, Status::Pending | Status::Paid) || work.settings().legal_entities.is_empty() {
                return Ok(());
            }
            if !billing::waits_for_seller(work, order.id())? {
                return Ok(());
            }
            let sale = Sale::read(work, order.event()?)?;
            let tickets = tickets_of(work, order.id())?;
            if order.status == Status::Paid {
                self.issue_invoice(work, &order, &sale, &tickets, None)?;
                billing::pay_invoices(work, order.id())?;
                return deal::win(work, &order);
            }
            let order = if order.record.get("next_check_at").as_instant().is_some() {
                // The buyer hears only now how to pay.
                self.wait_again(work, &order, &sale, &tickets, Draft::new())?
            } else {
                order
            };
            let invoice = self.tell_invoice(work, &order, &sale, &tickets)?;
            lead(work, &order, &tickets, &invoice)
        })
    }

    /// Invoices an order and sends the invoice; the deal is invoiced, or issued where the terms let the tickets go.
    pub(crate) fn group_invoiced(
        &self,
        work: &mut Work<'_>,
        order: Order,
        sale: &Sale,
        tickets: Vec<Record>,
    ) -> Result<Order> {
        let invoice = self.tell_invoice(work, &order, sale, &tickets)?;
        lead(work, &order, &tickets, &invoice)?;
        self.issue_by_terms(work, order, sale, tickets)
    }

    /// Issues the invoice anew and sends it.
    pub(crate) fn tell_invoice(
        &self,
        work: &mut Work<'_>,
        order: &Order,
        sale: &Sale,
        tickets: &[Record],
    ) -> Result<Record> {
        let invoice = self.issue_invoice(work, order, sale, tickets, None)?;
        self.send_invoice(work, order, sale, tickets, &invoice)?;
        Ok(invoice)
    }

    /// The invoice by which an order is paid now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn current_invoice(&self, work: &mut Work<'_>, order: Id) -> Result<Option<Record>> {
        billing::current_invoice(work, order)
    }

    pub(super) fn send_invoice(
        &self,
        work: &mut Work<'_>,
        order: &Order,
        sale: &Sale,
        tickets: &[Record],
        invoice: &Record,
    ) -> Result<()> {
        if !is_issued(invoice) {
            return Ok(());
        }
        let cause = format!("invoices/{}/issued", invoice.id);
        self.tell(work, &Telling::new("group_invoiced", sale, order, tickets).invoice(Some(invoice)).cause(cause))
    }
}

/// The deal is invoiced; it waits at its terms while the invoice waits, and is further on where tickets went before the money.
pub(super) fn lead(work: &mut Work<'_>, order: &Order, tickets: &[Record], invoice: &Record) -> Result<()> {
    let stage = match is_issued(invoice) {
        _ if has_tickets_out(tickets) => "issued",
        true => "invoiced",
        false => "terms",
    };
    deal::lead_to(work, order, stage, Draft::new().set("amount", order.money.total))
}

/// Whether an invoice has gone out, or may.
pub(super) fn is_issued(invoice: &Record) -> bool {
    invoice.text("status") != Some(billing::DRAFT)
}

fn known_buyer(work: &mut Work<'_>, order: &Order) -> Result<Requisites> {
    let printed = billing::invoices_of(work, order.id())?.pop().map(|invoice| invoice.get("printed").to_json());
    let before = printed.and_then(|printed| serde_json::from_value::<InvoiceParties>(printed).ok());
    if let Some(before) = before {
        return Ok(before.buyer);
    }
    let account = order.record.link("buyer").map(|account| work.get("accounts", account)).transpose()?;
    Ok(account.as_ref().map(Requisites::of).unwrap_or_default())
}
