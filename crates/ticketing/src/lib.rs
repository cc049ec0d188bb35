//! Ticketing: events, price tiers, seats, orders, tickets, the door. What holds here holds whatever a workspace is
//! configured to: no seat is sold twice, every payment adds up, states move only by their table (processes.md, 2 and 9).
//!
//! The services judge what the actor may do and write with the powers of a process; one call is one change set of the
//! caller's transaction. They return records as the process sees them: what a caller may see of them is for the caller to
//! ask. Locks are taken in one order (identities, event, ticket types, order, payment, series) and availability is read
//! behind them.

mod attendees;
mod buyer;
mod check;
mod codes;
mod computed;
mod condition;
mod door;
mod ending;
mod group;
mod letter_data;
mod letter_sample;
mod letters;
mod locks;
mod look;
mod order;
mod order_transitions;
mod page;
mod papers;
mod participants;
mod pay;
mod payment_transitions;
mod place;
mod press;
mod refund;
mod refusal;
mod rename;
mod request;
mod retime;
mod revive;
mod sale;
mod seats;
mod service;
mod settle;
mod shop;
mod ticket_transitions;
mod tiers;
mod waiting;
mod waiting_list;
mod waiting_page;

pub use attendees::AttendeeRequest;
pub use door::{CheckIn, spoken_code};
pub use group::{AnsweredBy, CompanyRequest, GroupRequest, questionnaire_faults};
pub use letter_sample::LETTERS;
pub use letters::{Letters, OutgoingLetter};
pub use look::Look;
pub use pay::Booked;
pub use refusal::{Refusal, Shortage, Unsold};
pub use request::{OrderRequest, PersonRequest, TicketRequest};
pub use sale::TicketType;
pub use seats::Seats;
pub use service::Ticketing;
pub use shop::Offer;
pub use tiers::{InForce, Tier};
pub use waiting_list::{WaitingRequest, WaitingTurn};
pub use waiting_page::{PLACE, WaitingPlace};

/// Kind of the jobs that issue invoices which waited for a seller; their payload is `{"order": ID}` and their handler calls
/// [`Ticketing::issue_waiting`].
pub const INVOICE_JOB: &str = "invoices.issue";

/// Kind of the jobs that offer free seats to those who wait for them; their payload is `{"event": ID}` and their handler calls
/// [`Ticketing::waiting_turn`] and [`Ticketing::offer_seats`].
pub const LINE_JOB: &str = "waiting_list.offer";

/// Kind of the jobs that look at unpaid orders; their payload is `{"order": ID}` and their handler calls
/// [`Ticketing::look`].
pub const LOOK_JOB: &str = "orders.look";
