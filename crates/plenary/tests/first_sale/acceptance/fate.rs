//! What becomes of a request, and what must then be true of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::TYPES;

/// What the buyer (and staff) do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    PaidAtOnce,
    PaidInTwoParts,
    Overpaid,
    /// The provider tells of one payment twice.
    ToldTwice,
    /// After two reminders.
    PaidOnTheSecondDay,
    NeverPaid,
    PartPaidThenAnnulled,
    /// Paid after annulment, brought back at the old price.
    LateRevivedAtOldPrice,
    /// Paid after annulment, brought back at the price of now, the difference paid.
    LateRevivedAtNewPrice,
    /// Paid after annulment, given back.
    LateReturned,
    CancelledByBuyer,
    /// Paid, then cancelled by staff: the money waits.
    PaidThenCancelled,
    /// Paid, cancelled by staff and given back.
    PaidCancelledReturned,
    /// Paid and given back.
    PaidThenReturned,
}

use Fate::*;

/// Half of the requests are paid on the first day.
const FATES: [Fate; 20] = [
    PaidAtOnce,
    NeverPaid,
    PaidInTwoParts,
    LateRevivedAtOldPrice,
    ToldTwice,
    PartPaidThenAnnulled,
    PaidAtOnce,
    PaidThenCancelled,
    Overpaid,
    LateRevivedAtNewPrice,
    PaidAtOnce,
    PaidOnTheSecondDay,
    ToldTwice,
    CancelledByBuyer,
    PaidInTwoParts,
    LateReturned,
    Overpaid,
    PaidThenReturned,
    PaidAtOnce,
    PaidCancelledReturned,
];

/// One request of the bulk, as it was answered.
pub(crate) struct Case {
    pub(crate) number: usize,
    pub(crate) fate: Fate,
    /// Places of the ticket types asked for.
    pub(crate) wanted: Vec<usize>,
    /// Somebody else on the last ticket.
    pub(crate) guest: Option<String>,
    pub(crate) email: String,
    /// Answer of the public endpoint; nothing where it was sold out.
    pub(crate) placed: Option<Value>,
    /// Id of the order.
    pub(crate) order: String,
}

impl Case {
    pub(crate) fn fate(number: usize) -> Fate {
        FATES[number % FATES.len()]
    }

    /// The sum at the price of the opening, and after the change.
    pub(crate) fn totals(&self) -> (i64, i64) {
        let sum =
            |price: fn(&(&str, i64, i64, i64, i64)) -> i64| self.wanted.iter().map(|place| price(&TYPES[*place])).sum();
        (sum(|kind| kind.2), sum(|kind| kind.3))
    }

    /// Looks at the unpaid order before the one that finds a changed price: one a day.
    pub(crate) fn reminders(&self) -> i64 {
        let change = self.wanted.iter().map(|place| TYPES[*place].4).min().unwrap_or_default();
        change / 24
    }

    /// How the order must end: state, sum, paid.
    pub(crate) fn end(&self) -> (&'static str, i64, i64) {
        let (old, new) = self.totals();
        match self.fate {
            PaidAtOnce | PaidInTwoParts | Overpaid | ToldTwice | PaidOnTheSecondDay | LateRevivedAtOldPrice => {
                ("paid", old, old)
            }
            LateRevivedAtNewPrice => ("paid", new, new),
            NeverPaid | PartPaidThenAnnulled | LateReturned => ("annulled", old, 0),
            CancelledByBuyer | PaidThenCancelled => ("cancelled", old, 0),
            PaidCancelledReturned | PaidThenReturned => ("refunded", old, 0),
        }
    }

    /// Why a person should look at the order in the end.
    pub(crate) fn attention(&self) -> Option<&'static str> {
        match self.fate {
            Overpaid => Some("overpaid"),
            PartPaidThenAnnulled => Some("part_paid_annulled"),
            PaidThenCancelled => Some("paid_cancelled"),
            _ => None,
        }
    }

    /// The letters that must have gone to the buyer, and how many of each.
    pub(crate) fn letters(&self) -> BTreeMap<String, i64> {
        let waited = [("order_reminder", self.reminders()), ("order_annulled", 1)];
        let mut told: Vec<(&str, i64)> = match self.fate {
            PaidAtOnce | ToldTwice => vec![("order_paid", 1)],
            PaidInTwoParts => vec![("order_part_paid", 1), ("order_paid", 1)],
            Overpaid => vec![("order_paid", 1), ("order_overpaid", 1)],
            PaidOnTheSecondDay => vec![("order_reminder", 2), ("order_paid", 1)],
            NeverPaid | LateReturned => waited.to_vec(),
            PartPaidThenAnnulled => [&[("order_part_paid", 1)], &waited[..]].concat(),
            LateRevivedAtOldPrice => [&[("order_paid", 1)], &waited[..]].concat(),
            // Received twice: the second time with what is still due.
            LateRevivedAtNewPrice => [&[("order_paid", 1), ("order_received", 1)], &waited[..]].concat(),
            CancelledByBuyer => vec![("order_cancelled", 1)],
            PaidThenCancelled => vec![("order_paid", 1), ("order_cancelled", 1)],
            PaidCancelledReturned => vec![("order_paid", 1), ("order_cancelled", 1), ("order_refunded", 1)],
            PaidThenReturned => vec![("order_paid", 1), ("order_refunded", 1)],
        };
        told.push(("order_received", 1));
        let mut counted = BTreeMap::new();
        for (template, count) in told {
            *counted.entry(template.to_owned()).or_default() += count;
        }
        counted
    }

    /// Whether the tickets were ever issued.
    pub(crate) fn was_paid(&self) -> bool {
        self.letters().contains_key("order_paid")
    }
}
