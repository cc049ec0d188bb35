//! Orders of organisations (processes.md, 3): a deal from the request on, a questionnaire, an invoice, terms of payment,
//! and a question where the price changed.

mod answers;
mod client;
mod consent;
mod deal;
mod invoice;
mod questionnaire;
mod request;
mod requisites;
mod terms;

pub use answers::AnsweredBy;
pub(crate) use questionnaire::ATTENDEES_LIMIT;
pub use questionnaire::questionnaire_faults;
pub use request::{CompanyRequest, GroupRequest};
