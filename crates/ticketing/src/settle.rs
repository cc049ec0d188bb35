//! An order that is paid: the buyer is a client, the attendees are participants, the tickets are issued and sent.

use model::Record;
use store::{Draft, Result, Work};

use crate::Ticketing;
use crate::letter_data::Telling;
use crate::order::{Order, Status, is_live};
use crate::participants::Participants;
use crate::place::look_key;
use crate::sale::Sale;

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
            .set("needs_attention", attention.is_some())
            .set("attention_reason", attention);
        let order = order.write(work, order.money.written(Status::Paid, draft))?;
        work.dequeue(&look_key(order.id()))?;
        let mut participants = Participants::read(work, sale.event.id, &order, client, &tickets)?;
        let mut issued = Vec::with_capacity(tickets.len());
        for ticket in tickets {
            if !is_live(&ticket) {
                issued.push(ticket);
                continue;
            }
            let participant = participants.of(work, &ticket)?;
            let draft = Draft::new().set("status", "issued").set("participant", participant);
            issued.push(work.update("tickets", ticket.id, draft, None)?);
        }
        self.tell(work, &Telling::new("order_paid", sale, &order, &issued).with_tickets())?;
        let buyer = order.buyer();
        for ticket in issued.iter().filter(|ticket| is_live(ticket)) {
            if ticket.text("attendee_email") != buyer.email.as_deref() {
                self.tell_attendee(work, sale, &order, ticket)?;
            }
        }
        Ok(order)
    }
}
