//! Reading records. Every query carries the caller's rights: one builder makes them all, and one record is the same
//! query with `id = …`.

mod counts;
mod derived;
mod expression;
mod filter;
pub(crate) mod functions;
mod grouping;
mod heads;
mod links;
mod list;
mod made;
mod one;
mod reach;
mod row;
mod totals;
mod veils;
mod witnesses;
mod words;

pub use counts::Counted;
pub use derived::reads_now;
pub(crate) use derived::unfit;
pub(crate) use filter::refused;
pub use grouping::{Grouping, Groups};
pub use list::{COUNT_LIMIT, List, Page, Sort};
pub use totals::{Group, Total};
pub(crate) use veils::{Hidden, hidden_here};
pub use veils::{seen_whole, sets_nothing_hidden};
pub use witnesses::{Reach, Witness};
