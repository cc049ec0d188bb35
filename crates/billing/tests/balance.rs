//! Whatever is done to a payment in whatever order, it adds up.

use billing::{Balance, BalanceError, PaymentStatus};
use model::{Currency, Id, Money};
use proptest::prelude::*;

fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}

#[derive(Clone, Debug)]
enum Step {
    Allocate(usize, i64),
    Release(usize, Option<i64>),
    Refund(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..3_usize, -5..60_i64).prop_map(|(order, amount)| Step::Allocate(order, amount)),
        (0..3_usize, proptest::option::of(0..40_i64)).prop_map(|(order, limit)| Step::Release(order, limit)),
        (-5..40_i64).prop_map(Step::Refund),
    ];
    proptest::collection::vec(step, 0..40)
}

proptest! {
    #[test]
    fn a_payment_always_adds_up(amount in 1..200_i64, steps in steps()) {
        let orders = [Id::new(), Id::new(), Id::new()];
        let mut balance = Balance::received(rub(amount));
        for step in steps {
            let before = balance.clone();
            match step {
                Step::Allocate(order, amount) => {
                    let moved = balance.allocate(orders[order], None, rub(amount));
                    prop_assert_eq!(moved.is_ok(), amount > 0 && amount <= before.unallocated().minor);
                }
                Step::Release(order, limit) => {
                    let there = before.allocated_to(orders[order]).minor;
                    let released = balance.release(orders[order], limit.map(rub)).minor;
                    prop_assert_eq!(released, limit.map_or(there, |limit| there.min(limit)));
                }
                Step::Refund(amount) => {
                    let moved = balance.refund(rub(amount));
                    prop_assert_eq!(moved.is_ok(), amount > 0 && amount <= before.unallocated().minor);
                }
            }
            let allocated: i64 = balance.allocations().iter().map(|line| line.amount.minor).sum();
            prop_assert!(balance.allocations().iter().all(|line| line.amount.minor > 0));
            prop_assert!(balance.unallocated().minor >= 0 && balance.refunded().minor >= before.refunded().minor);
            prop_assert_eq!(allocated + balance.unallocated().minor + balance.refunded().minor, amount);
            let expected = if balance.unallocated().minor > 0 {
                PaymentStatus::NeedsAttention
            } else if balance.refunded().minor == amount {
                PaymentStatus::Refunded
            } else {
                PaymentStatus::Matched
            };
            prop_assert_eq!(balance.status(), expected);
        }
    }
}

#[test]
fn currencies_never_meet() {
    let mut balance = Balance::received(rub(100));
    let euros = Money::new(50, Currency::EUR);
    let expected = BalanceError::OtherCurrency { payment: Currency::RUB, asked: Currency::EUR };
    let order = Id::new();
    assert_eq!(balance.allocate(order, None, euros), Err(expected));
    assert_eq!(balance.refund(euros), Err(expected));
    balance.allocate(order, None, rub(100)).unwrap();
    assert_eq!(balance.release(order, Some(euros)), rub(0));
    assert_eq!(balance.allocated_to(order), rub(100));
}

#[test]
fn what_pays_for_one_order_through_one_invoice_is_one_line() {
    let (order, invoice) = (Id::new(), Id::new());
    let mut balance = Balance::received(rub(100));
    balance.allocate(order, None, rub(10)).unwrap();
    balance.allocate(order, None, rub(5)).unwrap();
    balance.allocate(order, Some(invoice), rub(20)).unwrap();
    let lines: Vec<_> = balance.allocations().iter().map(|line| (line.invoice, line.amount.minor)).collect();
    assert_eq!(lines, [(None, 15), (Some(invoice), 20)]);
    assert_eq!(balance.release(order, Some(rub(25))), rub(25));
    assert_eq!(balance.allocated_to(order), rub(10));
}
