//! What Plenary knows before it touches a disk: modules and their fields, values, expressions, rights, processes,
//! identity, money and dates. Nothing here does input or output.

pub mod actor;
pub mod definitions;
pub mod expr;
pub mod extension;
pub mod field;
pub mod form;
pub mod id;
pub mod identity;
pub mod l10n;
pub mod label;
pub mod letter;
pub mod module;
pub mod money;
pub mod pack;
pub mod paper;
pub mod period;
pub mod process;
pub mod record;
pub mod requisites;
pub mod rights;
mod rounding;
pub mod rule;
pub mod series;
pub mod site_letter;
pub mod survey;
pub mod value;
pub mod view;
pub mod working;

pub use actor::{Actor, User};
pub use definitions::Definitions;
pub use field::{ChoiceOption, Field, FieldType};
pub use id::Id;
pub use l10n::Locale;
pub use label::Label;
pub use module::Module;
pub use money::{Currency, Money};
pub use paper::Paper;
pub use period::Period;
pub use record::Record;
pub use value::Value;
