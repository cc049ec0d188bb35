//! Why the unallocated part of a payment waits for a person.

/// Values of `payments.needs_attention_reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// Nothing it pays for was found, or a person took it off its order.
    NoMatch,
    /// Several orders fit.
    SeveralMatches,
    /// The seats were already freed.
    LatePayment,
    /// More came than was due.
    Overpaid,
    /// The order was annulled before it was paid in full.
    PartPaidAnnulled,
    /// The order was cancelled or its money returned.
    OrderEnded,
    /// The order is in another currency.
    OtherCurrency,
}

impl Attention {
    const ALL: [Self; 7] = [
        Self::NoMatch,
        Self::SeveralMatches,
        Self::LatePayment,
        Self::Overpaid,
        Self::PartPaidAnnulled,
        Self::OrderEnded,
        Self::OtherCurrency,
    ];

    /// The reason called `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// As the field has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoMatch => "no_match",
            Self::SeveralMatches => "several_matches",
            Self::LatePayment => "late_payment",
            Self::Overpaid => "overpaid",
            Self::PartPaidAnnulled => "part_paid_annulled",
            Self::OrderEnded => "order_ended",
            Self::OtherCurrency => "other_currency",
        }
    }
}
