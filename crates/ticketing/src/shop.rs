//! What the public may know of an event's sale.

use model::{Id, Record};
use store::{Error, Result, Work};

use crate::condition::by_field;
use crate::sale::Sale;
use crate::seats::Taken;
use crate::waiting_list::promised;
use crate::{InForce, Seats, TicketType, Ticketing, Unsold};

/// A ticket type at this moment.
#[derive(Clone, Debug)]
pub struct Offer {
    /// What is sold.
    pub kind: TicketType,
    /// What is left of it for whoever has not been waiting.
    pub seats: Seats,
    /// Its price now, or why it is not sold, whatever is left.
    pub price: std::result::Result<InForce, Unsold>,
}

impl Ticketing {
    /// The event with this address, as the process sees it. Drafts are known to nobody outside.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn public_event(&self, work: &mut Work<'_>, slug: &str) -> Result<Record> {
        let missing = || Error::NotFound { module: "events".to_owned(), id: slug.to_owned() };
        let found = work.as_process(|work| by_field(work, "events", "slug", [slug]));
        let found = match found {
            // A workspace without events has none at this address either.
            Err(Error::NoModule(_)) => return Err(missing()),
            found => found?,
        };
        found.into_iter().find(|event| event.text("status") != Some("draft")).ok_or_else(missing)
    }

    /// What an event sells at this moment.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn offers(&self, work: &mut Work<'_>, event: Id) -> Result<Vec<Offer>> {
        work.as_process(|work| {
            let sale = Sale::read(work, event)?;
            let taken = Taken::count(work, &[event])?;
            let taken = promised(work, &sale, taken)?;
            let offer = |kind: &TicketType| Offer {
                kind: kind.clone(),
                seats: sale.seats(&taken, kind),
                price: sale.offer(kind),
            };
            Ok(sale.types.iter().map(offer).collect())
        })
    }
}
