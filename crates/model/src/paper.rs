//! Papers of a deal.

use serde::{Deserialize, Serialize};

/// What the program issues for a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// A contract.
    Contract,
    /// An invoice.
    Invoice,
}

impl Paper {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Contract, Self::Invoice];

    /// Its name, in files, the API and `deal_documents.kind`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Invoice => "invoice",
        }
    }

    /// The module where it is kept.
    #[must_use]
    pub fn module(self) -> &'static str {
        match self {
            Self::Contract => "contracts",
            Self::Invoice => "invoices",
        }
    }
}
