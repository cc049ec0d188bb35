//! When an organisation pays, and whether it gets its tickets before.

use model::{Paper, Record};
use store::{Draft, Result, Work};

use super::deal;
use crate::Ticketing;
use crate::letter_data::Telling;
use crate::order::{Account, Order};
use crate::sale::Sale;

/// Terms of payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    /// Value of `deals.payment_terms`.
    pub(super) name: String,
    /// Percent in advance.
    pub(super) share: Option<i64>,
}

impl Terms {
    /// As the deal says, else the account, else the workspace, else all of it in advance.
    pub(super) fn of(work: &Work<'_>, deal: &Record, account: Option<&Record>) -> Self {
        let settings = work.settings();
        let text = |record: &Record| record.text("payment_terms").map(str::to_owned);
        let name = text(deal).or_else(|| text(account?)).or_else(|| settings.payment_terms.clone());
        let share = |record: &Record| record.get("prepayment_share").as_int();
        let share = share(deal).or_else(|| share(account?)).or(settings.prepayment_share);
        let name = name.unwrap_or_else(|| "prepaid".to_owned());
        Self { share: share.filter(|_| name == "partial"), name }
    }

    /// Whether tickets are issued at this state of the money. A part of which nobody said how large it is, is all.
    fn let_in(&self, money: &Account) -> bool {
        let wanted = i128::from(money.total.minor) * i128::from(self.share.unwrap_or(100));
        match self.name.as_str() {
            "postpaid" => true,
            "partial" => i128::from(money.paid.minor) * 100 >= wanted,
            _ => false,
        }
    }
}

impl Ticketing {
    /// Issues the tickets of an unpaid order where its terms allow it now. From then on its seats are not freed by the clock: what is
    /// due is a debt, of which it is reminded.
    pub(crate) fn issue_by_terms(
        &self,
        work: &mut Work<'_>,
        order: Order,
        sale: &Sale,
        tickets: Vec<Record>,
    ) -> Result<Order> {
        let deal = order.record.link("deal").map(|deal| work.get("deals", deal)).transpose()?;
        let account = order.record.link("buyer").map(|account| work.get("accounts", account)).transpose()?;
        let terms = deal.map(|deal| Terms::of(work, &deal, account.as_ref()));
        let is_reserved = tickets.iter().any(|ticket| ticket.text("status") == Some("reserved"));
        if !is_reserved || !terms.is_some_and(|terms| terms.let_in(&order.money)) {
            return Ok(order);
        }
        let client = self.make_client(work, &order)?;
        let (_, issued) = self.issue(work, &order, sale, client, tickets)?;
        // The tickets are the answer to whatever was asked about their price.
        let order =
            self.wait_again(work, &order, sale, &issued, Draft::new().set("price_asks", 0).set("reminders", 0))?;
        deal::lead_to(work, &order, "issued", Draft::new())?;
        self.tell(work, &Telling::new("group_tickets", sale, &order, &issued).with_tickets())?;
        self.tell_attendees(work, sale, &order, &issued)?;
        Ok(order)
    }

    /// What follows from an order that is paid whole: its invoice is, and the deal may be won by it.
    pub(crate) fn group_paid(&self, work: &mut Work<'_>, order: &Order) -> Result<()> {
        billing::pay_invoices(work, order.id())?;
        let today = work.settings().zone().to_datetime(work.now()).date();
        deal::lead_to(work, order, "issued", Draft::new().set("paid_on", today))?;
        deal::win(work, order)
    }

    /// What follows from an order that has ended: nobody pays its invoice any more, and the deal is lost.
    pub(crate) fn group_ended(&self, work: &mut Work<'_>, order: &Order, reason: &str) -> Result<()> {
        billing::void_invoices(work, order.id())?;
        if let Some(deal) = order.record.link("deal") {
            billing::mark(work, deal, Paper::Invoice)?;
        }
        deal::lose(work, order, reason)
    }
}
