//! Documents on paper: a template and its data become a PDF.
//!
//! Templates are [typst](https://typst.app/docs) text kept in packs (`packs/*/documents/*.typ`). A template reads
//! its data with `json("/data.json")` and draws a QR code with `image(qr-code("text"))`; that is all it can
//! reach: no disk, no network, no packages, no clock. Data are values and never code: whatever a name
//! contains, it is printed as it stands.

mod contract;
mod error;
mod invoice;
mod qr;
mod renderer;
mod ticket;
mod world;

pub use contract::{ContractDocument, ContractParty};
pub use error::{DocumentError, TemplateFault};
pub use invoice::{InvoiceDocument, InvoiceLine, InvoiceParty};
pub use renderer::Renderer;
pub use ticket::{Contact, Event, Ticket, TicketDocument};
