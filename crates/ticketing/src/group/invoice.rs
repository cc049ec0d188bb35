//! The invoice of a group order: what its tickets cost, to the buyer as the questionnaire names them.

use billing::{InvoiceLine, InvoiceParties, NewInvoice, Requisites};
use model::{Id, Money, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Result, Work};

use super::deal;
use crate::Ticketing;
use crate::letter_data::Telling;
use crate::locks::Locks;
use crate::order::{Order, is_live};
use crate::press::{not_from_here, press};
use crate::sale::Sale;

impl Ticketing {
    /// Issues the invoice of an order and voids what was issued before; its number stays used. `buyer` is as the invoice
    /// before says where nothing is said, else as the account does.
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
        };
        let new = NewInvoice {
            order: order.id(),
            deal: order.record.link("deal"),
            account: order.record.link("buyer"),
            lines,
            currency: order.money.total.currency,
            printed,
        };
        billing::issue(work, new)
    }

    /// Invoices an order and sends the invoice; the deal is invoiced, or issued where the terms let the tickets go.
    pub(crate) fn group_invoiced(
        &self,
        work: &mut Work<'_>,
        order: Order,
        sale: &Sale,
        tickets: Vec<Record>,
    ) -> Result<Order> {
        deal::lead_to(work, &order, "invoiced", Draft::new().set("amount", order.money.total))?;
        self.tell_invoice(work, &order, sale, &tickets)?;
        self.issue_by_terms(work, order, sale, tickets)
    }

    /// Issues the invoice anew and sends it.
    pub(crate) fn tell_invoice(
        &self,
        work: &mut Work<'_>,
        order: &Order,
        sale: &Sale,
        tickets: &[Record],
    ) -> Result<()> {
        let invoice = self.issue_invoice(work, order, sale, tickets, None)?;
        self.send_invoice(work, order, sale, tickets, &invoice)
    }

    /// The invoice by which an order is paid now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn current_invoice(&self, work: &mut Work<'_>, order: Id) -> Result<Option<Record>> {
        billing::current_invoice(work, order)
    }

    /// A transition of an invoice: `void`. What is due stays due on its order, and money for it still belongs there.
    ///
    /// # Errors
    /// [`store::Error::NotFound`], [`store::Error::Forbidden`], and the refusals.
    pub fn invoice_transition(
        &self,
        work: &mut Work<'_>,
        id: Id,
        name: &str,
        fields: &Map<String, Json>,
    ) -> Result<Record> {
        let seen = work.get("invoices", id)?;
        if name != "void" {
            return Err(not_from_here(work, &seen, name));
        }
        work.lock(&seen.link("order").into_iter().fold(Locks::default(), Locks::order).keys())?;
        press(work, "invoices", id, name, fields, &[])?;
        work.as_process(|work| work.update("invoices", id, Draft::new().set("status", "void"), None))
    }

    pub(super) fn send_invoice(
        &self,
        work: &mut Work<'_>,
        order: &Order,
        sale: &Sale,
        tickets: &[Record],
        invoice: &Record,
    ) -> Result<()> {
        let cause = format!("invoices/{}/issued", invoice.id);
        self.tell(work, &Telling::new("group_invoiced", sale, order, tickets).invoice(Some(invoice)).cause(cause))
    }
}

fn known_buyer(work: &mut Work<'_>, order: &Order) -> Result<Requisites> {
    let printed = billing::invoices_of(work, order.id())?.pop().map(|invoice| invoice.get("printed").to_json());
    let before = printed.and_then(|printed| serde_json::from_value::<InvoiceParties>(printed).ok());
    if let Some(before) = before {
        return Ok(before.buyer);
    }
    let account = order.record.link("buyer").map(|account| work.get("accounts", account)).transpose()?;
    let text = |name: &str| account.as_ref().and_then(|account| account.text(name)).unwrap_or_default().to_owned();
    let inn = Some(text("inn")).filter(|inn| !inn.is_empty()).unwrap_or_else(|| text("tax_id"));
    Ok(Requisites {
        name: text("name"),
        country: text("country"),
        inn,
        kpp: text("kpp"),
        address: text("legal_address"),
        bik: text("bik"),
        bank_account: text("bank_account"),
        corr_account: text("corr_account"),
    })
}
