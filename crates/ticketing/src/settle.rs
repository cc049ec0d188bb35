//! An order that is paid: the buyer is a client, the attendees are participants, the tickets are issued and sent.

use model::Record;
use store::{Draft, Result, Work};

use crate::Ticketing;
use crate::buyer::Client;
use crate::letter_data::Telling;
use crate::order::{Order, Status};
use crate::participants::Participants;
use crate::place::look_key;
use crate::sale::Sale;
use crate::waiting_list::{follow, taken_over};

impl Ticketing {
    /// Leads an order whose money (in `order.money`) covers it to `paid`. `attention` says why a person should look at
    /// the order all the same.
    pub(crate) fn settle(
        &self,
        work: &mut Work<'_>,
        order: Order,
        sale: &Sale,
        tickets: Vec<Record>,
        attention: Option<&'static str>,
    ) -> Result<Order> {
        let client = self.make_client(work, &order)?;
        let draft = Draft::new()
            .set("status", Status::Paid.name())
            .set("buyer", client.account)
            .set("contact", client.contact)
            .set("next_check_at", None::<jiff::Timestamp>)
            .set("last_letter_at", work.now())
            .set("end_reason", None::<&str>)
            .set("price_asks", 0)
            .set("needs_attention", attention.is_some())
            .set("attention_reason", attention);
        follow(work, &order, "taken")?;
        let draft = taken_over(&order, draft);
        let order = order.write(work, order.money.written(Status::Paid, draft))?;
        work.dequeue(&look_key(order.id()))?;
        let (tickets, issued) = self.issue(work, &order, sale, client, tickets)?;
        if order.is_group() {
            self.group_paid(work, &order)?;
        }
        // What was sent before the money came is not sent again.
        let template = if issued.is_empty() { "group_paid" } else { "order_paid" };
        let telling = Telling::new(template, sale, &order, if issued.is_empty() { &tickets } else { &issued });
        self.tell(work, &if issued.is_empty() { telling } else { telling.with_tickets() })?;
        self.tell_attendees(work, sale, &order, &issued)?;
        Ok(order)
    }

    /// Issues what is reserved: each attendee gets a card. Of an organisation's tickets nobody is the holder while nobody is
    /// named. Answers all tickets, and those that were issued now.
    pub(crate) fn issue(
        &self,
        work: &mut Work<'_>,
        order: &Order,
        sale: &Sale,
        client: Client,
        tickets: Vec<Record>,
    ) -> Result<(Vec<Record>, Vec<Record>)> {
        let mut participants = Participants::read(work, sale.event.id, order, client, &tickets)?;
        let (mut all, mut issued) = (Vec::with_capacity(tickets.len()), Vec::new());
        for ticket in tickets {
            if ticket.text("status") != Some("reserved") {
                all.push(ticket);
                continue;
            }
            let is_nobodys = order.is_group() && ticket.text("attendee_name").is_none();
            let participant = if is_nobodys { None } else { Some(participants.of(work, &ticket)?) };
            let draft = Draft::new().set("status", "issued").set("participant", participant);
            let ticket = work.update("tickets", ticket.id, draft, None)?;
            all.push(ticket.clone());
            issued.push(ticket);
        }
        Ok((all, issued))
    }

    /// Sends tickets to the attendees who are not the buyer.
    pub(crate) fn tell_attendees(
        &self,
        work: &mut Work<'_>,
        sale: &Sale,
        order: &Order,
        issued: &[Record],
    ) -> Result<()> {
        let buyer = order.buyer();
        let others = issued.iter().filter(|ticket| ticket.text("attendee_email") != buyer.email.as_deref());
        others.into_iter().try_for_each(|ticket| self.tell_attendee(work, sale, order, ticket))
    }
}
