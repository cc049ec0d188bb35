//! Bringing back an order that was annulled or cancelled, while seats are left.

use billing::Balance;
use model::{Money, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, Result, Work};

use crate::letter_data::Telling;
use crate::order::{Account, Order, Status, waiting_money};
use crate::place::seats_for;
use crate::sale::Sale;
use crate::{Refusal, Ticketing, Unsold};

/// What a ticket is taken for again.
struct Price {
    price: Money,
    list_price: Money,
}

impl Ticketing {
    /// Takes the seats again, at the price of now or the old one, and puts the order's waiting money on it. The caller
    /// holds the locks of the event.
    pub(crate) fn revive(
        &self,
        work: &mut Work<'_>,
        order: Order,
        sale: &Sale,
        tickets: Vec<Record>,
        fields: &Map<String, Json>,
    ) -> Result<Order> {
        let keep_price = match fields.get("keep_price") {
            None | Some(Json::Null) => false,
            Some(json) => {
                json.as_bool().ok_or_else(|| Error::field("keep_price", "invalid_type", "expected true or false"))?
            }
        };
        let comes_back = |ticket: &Record| !ticket.get("cancelled_alone").is_true();
        let types: Vec<_> =
            tickets.iter().filter(|it| comes_back(it)).filter_map(|it| it.link("ticket_type")).collect();
        seats_for(work, sale, &types)?;
        let mut total = Money::zero(order.money.total.currency);
        let mut revived = Vec::with_capacity(tickets.len());
        let mut unsold = Vec::new();
        for ticket in tickets {
            if !comes_back(&ticket) {
                revived.push(ticket);
                continue;
            }
            match price(sale, &ticket, keep_price) {
                Ok(Price { price, list_price }) => {
                    total = total
                        .checked_add(price)
                        .ok_or_else(|| Error::conflict("other_currency", "prices are in another currency now"))?;
                    let draft =
                        Draft::new().set("status", "reserved").set("price", price).set("list_price", list_price);
                    revived.push(work.update("tickets", ticket.id, draft, None)?);
                }
                Err(why) => unsold.push((ticket.text("code").unwrap_or_default().to_owned(), why)),
            }
        }
        if !unsold.is_empty() {
            return Err(Refusal::NotOnSale(unsold).into());
        }
        let mut money = Account { total, paid: Money::zero(total.currency), payments: Vec::new() };
        let surplus = use_waiting_money(work, &order, &mut money)?;
        let attention = surplus.then_some("overpaid");
        let draft = Draft::new()
            .set("status", Status::Pending.name())
            .set("end_reason", None::<&str>)
            .set("reminders", 0)
            .set("needs_attention", attention.is_some())
            .set("attention_reason", attention);
        let order = Order { money: money.clone(), ..order };
        if money.is_covered() {
            return self.settle(work, order, sale, revived, attention);
        }
        let order = self.wait_again(work, &order, sale, &revived, money.written(Status::Pending, draft))?;
        if order.is_group() {
            return self.group_invoiced(work, order, sale, revived);
        }
        self.tell(work, &Telling::new("order_received", sale, &order, &revived).revived())?;
        Ok(order)
    }
}

fn price(sale: &Sale, ticket: &Record, keep: bool) -> Result<Price, Unsold> {
    let kind = ticket.link("ticket_type").and_then(|kind| sale.ticket_type(kind)).ok_or(Unsold::Closed)?;
    let (offer, old) = (sale.offer(kind), ticket.get("price").as_money().ok_or(Unsold::NoPrice)?);
    match (offer, keep) {
        (Err(Unsold::Past), _) => Err(Unsold::Past),
        (Ok(now), true) => Ok(Price { price: old, list_price: now.price }),
        // Staff may bring an order back at its old price after the sale has ended.
        (Err(_), true) => Ok(Price { price: old, list_price: old }),
        (Ok(now), false) => Ok(Price { price: now.price, list_price: now.price }),
        (Err(why), false) => Err(why),
    }
}

/// Puts the money that waits for this order on it, as far as it is due; answers whether some is left over.
fn use_waiting_money(work: &mut Work<'_>, order: &Order, money: &mut Account) -> Result<bool> {
    let mut is_left = false;
    for (payment, balance) in waiting_money(work, order.id())? {
        if balance.amount().currency != money.total.currency {
            is_left = true;
            continue;
        }
        let amount = Money::new(balance.unallocated().minor.min(money.due().minor), money.total.currency);
        if !amount.is_zero() {
            let after = billing::allocate(work, payment.id, order.id(), payment.link("invoice"), amount)?;
            money.credit(payment.id, amount);
            is_left |= !Balance::of(&after)?.unallocated().is_zero();
        } else {
            is_left = true;
        }
    }
    Ok(is_left)
}
