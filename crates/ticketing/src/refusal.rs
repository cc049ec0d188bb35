//! Why the service refuses, with its codes and sentences in one place.

use jiff::Timestamp;
use model::{Id, Money};
use store::{Error, FieldError};

/// Why something is not for sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsold {
    /// The event is a draft or its sale was closed.
    Closed,
    /// The event is over.
    Past,
    /// The sale of the type begins later.
    NotYet(Timestamp),
    /// The sale of the type has ended.
    Ended,
    /// No price is in force.
    NoPrice,
}

impl Unsold {
    pub(crate) fn sentence(self) -> String {
        match self {
            Self::Closed => "the event is not on sale".to_owned(),
            Self::Past => "the event is over".to_owned(),
            Self::NotYet(from) => format!("these tickets are sold from {from}"),
            Self::Ended => "the sale of these tickets has ended".to_owned(),
            Self::NoPrice => "no price of these tickets is in force now".to_owned(),
        }
    }
}

/// A ticket type of which fewer seats are left than were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The type.
    pub ticket_type: Id,
    /// Its name.
    pub name: String,
    /// Seats asked for.
    pub wanted: i64,
    /// Seats left.
    pub left: i64,
    /// Path of the first ticket of this type in the request.
    pub field: String,
}

/// Why the service refuses to do what was asked; becomes [`Error`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Not for sale, by path in the request.
    #[error("these tickets are not on sale")]
    NotOnSale(Vec<(String, Unsold)>),
    /// Not enough seats.
    #[error("not enough seats are left: {}", .0.iter().map(|it| format!("{} ({} of {})", it.name, it.left, it.wanted)).collect::<Vec<_>>().join(", "))]
    SoldOut(Vec<Shortage>),
    /// One person holds too many unpaid seats.
    #[error(
        "{held} unpaid seats are held already and {wanted} more are asked for: at most {limit} per person until they are paid"
    )]
    TooManyPending {
        /// Held now.
        held: i64,
        /// Asked for.
        wanted: i64,
        /// Allowed.
        limit: i64,
    },
    /// The state does not allow the transition.
    #[error("{}", impossible(name, state, allowed))]
    InvalidTransition {
        /// What was asked.
        name: String,
        /// The present state; empty for whoever does not see it.
        state: String,
        /// What would be possible.
        allowed: Vec<String>,
    },
    /// A condition that the administrator set does not hold.
    #[error("the condition of {0:?} does not hold: {1}")]
    Guarded(String, String),
    /// No new price waits for the buyer's consent.
    #[error("no new price waits for an answer")]
    NothingToDecline,
    /// No new price waits for the buyer's consent.
    #[error("no new price waits for an answer")]
    NothingToAgree,
    /// Nobody needs to wait.
    #[error("seats are left: order them")]
    SeatsLeft,
    /// The questionnaire of a group order takes no answers.
    #[error("the questionnaire is answered already, or its deal has come to its end")]
    QuestionnaireClosed,
    /// The ticket names nobody, and its event lets in only those who are named.
    #[error("the ticket names nobody: say whose it is first")]
    Unnamed,
    /// Somebody has come in with a ticket of the order.
    #[error("the ticket {0} has been used to come in: undo its check-in first")]
    CheckedIn(String),
    /// The event does not let buyers cancel what they paid for.
    #[error("a paid order is cancelled by the organiser: please write to them")]
    PaidOrder,
    /// The event takes no more changes of names.
    #[error("names on tickets can no longer be changed")]
    NamesClosed,
    /// Names of tickets that were used or cancelled, by path in the request, with the state.
    #[error("a ticket that was used to come in, or is cancelled, keeps its name")]
    TicketFixed(Vec<(String, String)>),
    /// There is no money to give back.
    #[error("there is no money to return")]
    NothingToRefund,
    /// More is asked back than there is.
    #[error("at most {0} can be returned")]
    TooMuchToRefund(Money),
    /// Nothing of the payment is unallocated.
    #[error("nothing of this payment is unallocated")]
    NothingUnallocated,
    /// The order takes no money.
    #[error("the order is {0:?} and nothing is due on it")]
    NothingDue(String),
    /// The money stands on an order that is paid.
    #[error("the order {0} is paid with it: cancel the order or return its money instead")]
    OrderPaid(String),
    /// Money stands on the invoice of a deal.
    #[error("{0} stands on this invoice: take the payment off it first")]
    MoneyOnInvoice(Money),
    /// A deal was won by the paper.
    #[error("the deal was won with this paper: reopen the deal first")]
    WonWithIt,
}

impl Refusal {
    /// Stable code of the API.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOnSale(_) => "not_on_sale",
            Self::SoldOut(_) => "sold_out",
            Self::TooManyPending { .. } => "too_many_pending",
            Self::InvalidTransition { .. } => "invalid_transition",
            Self::Guarded(..) => "guarded",
            Self::NothingToDecline => "nothing_to_decline",
            Self::NothingToAgree => "nothing_to_agree",
            Self::SeatsLeft => "seats_left",
            Self::QuestionnaireClosed => "questionnaire_closed",
            Self::Unnamed => "unnamed",
            Self::CheckedIn(_) => "checked_in",
            Self::PaidOrder => "paid_order",
            Self::NamesClosed => "names_closed",
            Self::TicketFixed(_) => "ticket_fixed",
            Self::NothingToRefund => "nothing_to_refund",
            Self::TooMuchToRefund(_) => "too_much_to_refund",
            Self::NothingUnallocated => "nothing_unallocated",
            Self::NothingDue(_) => "nothing_due",
            Self::OrderPaid(_) => "order_paid",
            Self::MoneyOnInvoice(_) => "money_on_invoice",
            Self::WonWithIt => "won_with_it",
        }
    }
}

fn impossible(name: &str, state: &str, allowed: &[String]) -> String {
    match (state, allowed) {
        ("", _) => format!("{name:?} is not possible now"),
        (state, []) => format!("{name:?} is not possible from {state:?}; possible: nothing"),
        (state, allowed) => format!("{name:?} is not possible from {state:?}; possible: {}", allowed.join(", ")),
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let errors = match &refusal {
            Refusal::NotOnSale(all) => {
                all.iter().map(|(field, why)| FieldError::new(field, "not_on_sale", why.sentence())).collect()
            }
            Refusal::SoldOut(all) => {
                let line = |it: &Shortage| format!("{}: {} left, {} asked for", it.name, it.left, it.wanted);
                all.iter().map(|it| FieldError::new(&it.field, "sold_out", line(it))).collect()
            }
            Refusal::TicketFixed(all) => {
                let line = |state: &str| format!("the ticket is {state:?}");
                all.iter().map(|(field, state)| FieldError::new(field, "ticket_fixed", line(state))).collect()
            }
            Refusal::InvalidTransition { allowed, .. } => {
                allowed.iter().map(|name| FieldError::new("status", "allowed", name)).collect()
            }
            _ => Vec::new(),
        };
        Self::Conflict { code: refusal.code(), message: refusal.to_string(), errors }
    }
}
