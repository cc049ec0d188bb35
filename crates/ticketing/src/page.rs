//! The buyer's own page: an order by the secret of its link.

use model::{Id, Record};
use store::{Error, Result, Work};

use crate::condition::by_field;
use crate::ending::Ending;
use crate::order::{Order, Status, tickets_of};
use crate::press::not_from_here;
use crate::sale::Sale;
use crate::{Refusal, Ticketing};

/// Shorter texts are no secrets of links.
const TOKEN_LENGTH: usize = 22;

/// Whether a text may be the secret of a link.
pub(crate) fn is_token(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (TOKEN_LENGTH..=64).contains(&text.len()) && text.bytes().all(fits)
}

impl Ticketing {
    /// The order whose link has this secret, as the process sees it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn by_token(&self, work: &mut Work<'_>, token: &str) -> Result<Record> {
        let unknown = || Error::NotFound { module: "orders".to_owned(), id: "by its link".to_owned() };
        if !is_token(token) {
            return Err(unknown());
        }
        work.as_process(|work| by_field(work, "orders", "token", [token])?.into_iter().next().ok_or_else(unknown))
    }

    /// The tickets of an order as the process sees them, in the order in which they were asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tickets_of(&self, work: &mut Work<'_>, order: Id) -> Result<Vec<Record>> {
        work.as_process(|work| tickets_of(work, order))
    }

    /// The buyer cancels by the link: what is not paid always, what is paid where the event lets them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the refusals `paid_order`, `checked_in`, `invalid_transition`.
    pub fn buyer_cancel(&self, work: &mut Work<'_>, token: &str) -> Result<Record> {
        let id = self.by_token(work, token)?.id;
        work.as_process(|work| {
            let order = Order::hold(work, id)?;
            let sale = Sale::read(work, order.event()?)?;
            match order.status {
                Status::Pending => {}
                Status::Paid if sale.event.get("buyer_cancels_paid").is_true() => {}
                Status::Paid => return Err(Refusal::PaidOrder.into()),
                _ => return Err(not_from_here(work, &order.record, "cancel")),
            }
            let tickets = tickets_of(work, id)?;
            Ok(self.end(work, order, &sale, tickets, Ending::cancelled("by_buyer"))?.record)
        })
    }
}
