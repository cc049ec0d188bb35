//! Which step comes next: likely ones, unlikely ones and wrong ones.

use super::model::{Model, Step};

/// SplitMix64: small, and the same everywhere for one seed.
pub(crate) struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

const PRICES: [i64; 5] = [0, 500, 1200, 2300, 2350];
const SEATS: [Option<i64>; 6] = [None, Some(0), Some(1), Some(2), Some(4), Some(8)];

/// An event to begin with.
pub(crate) fn event(random: &mut Random) -> Model {
    let kinds = 1 + random.below(3);
    Model {
        now: 0,
        wait: random.one_of(&[60, 24 * 60]),
        grace: random.one_of(&[0, 0, 90]),
        max_looks: random.one_of(&[None, None, Some(2)]),
        on_sale: true,
        capacity: random.one_of(&[None, Some(4), Some(10)]),
        quotas: (0..kinds).map(|_| random.one_of(&SEATS[2..])).collect(),
        prices: (0..kinds).map(|_| random.one_of(&PRICES)).collect(),
        orders: Vec::new(),
        payments: Vec::new(),
    }
}

/// The next step.
pub(crate) fn next(random: &mut Random, model: &Model) -> Step {
    let kind = random.below(model.prices.len());
    let (orders, payments) = (model.orders.len(), model.payments.len());
    if orders == 0 || (orders < 14 && random.below(100) < 16) {
        let (count, buyer, is_group) = (1 + random.below(3), random.below(5), random.below(4) == 0);
        let kinds = (0..count).map(|_| random.below(model.prices.len())).collect();
        return if is_group { Step::Group { buyer, kinds } } else { Step::Place { buyer, kinds } };
    }
    // Late orders are likelier: the early ones have mostly ended.
    let order = random.below(orders).max(random.below(orders));
    let ticket = random.below(model.orders[order].tickets.len());
    let choice = random.below(100);
    if payments == 0 || choice < 22 {
        return Step::Pay { order, amount: amount(random, model, order) };
    }
    let payment = random.below(payments).max(random.below(payments));
    match choice {
        22..26 => Step::PayAgain { payment },
        26..29 => Step::Annul(order),
        29..36 => Step::Cancel(order),
        36..45 => Step::Revive { order, keep: random.below(2) == 0 },
        45..48 => Step::Refund { order, amount: None },
        48..53 => Step::Refund { order, amount: Some(amount(random, model, order)) },
        53..58 => Step::CancelTicket { order, ticket },
        58..61 => Step::CheckIn { order, ticket },
        61..64 => Step::UndoCheckIn { order, ticket },
        64..70 => Step::Assign { payment, order },
        70..74 => Step::Unassign(payment),
        74..77 => Step::RefundPayment(payment),
        77..82 => Step::Price { kind, price: random.one_of(&PRICES) },
        82..85 => Step::Quota { kind, quota: random.one_of(&SEATS) },
        85..86 => Step::Agree(order),
        86..87 => Step::Decline(order),
        87..88 => Step::Capacity(random.one_of(&SEATS)),
        88..91 => Step::OnSale(random.below(4) > 0),
        _ => Step::Wait { minutes: random.one_of(&[1, 30, 60, 90, 12 * 60, 24 * 60]) },
    }
}

fn amount(random: &mut Random, model: &Model, order: usize) -> i64 {
    let due = model.orders[order].due().max(1);
    let some = 1 + i64::try_from(random.below(2400)).unwrap();
    random.one_of(&[due, due, due, due + 50, (due - 50).max(1), some])
}
