//! Money: every payment is somewhere as a whole, and every order is paid by what payments say.

use std::collections::BTreeMap;

use billing::Balance;
use model::{Id, Money};
use store::{Result, Work};

use super::each;

pub(super) fn check(work: &mut Work<'_>, findings: &mut Vec<String>) -> Result<()> {
    let mut paid: BTreeMap<Id, Vec<Money>> = BTreeMap::new();
    each(work, "payments", |_, payment| {
        match Balance::of(payment) {
            Ok(balance) => {
                for line in balance.allocations() {
                    paid.entry(line.order).or_default().push(line.amount);
                }
                let (state, expected) = (payment.text("status").unwrap_or_default(), balance.status().name());
                if state != expected {
                    findings
                        .push(format!("money: payments {}: it is {state:?} and should be {expected:?}", payment.id));
                }
            }
            Err(error) => findings.push(format!("money: payments {}: {error}", payment.id)),
        }
        Ok(())
    })?;
    each(work, "orders", |_, order| {
        let amount = |field: &str| order.get(field).as_money();
        let (Some(total), Some(kept), Some(due)) = (amount("total"), amount("paid"), amount("due")) else {
            findings.push(format!("money: orders {}: a sum is missing", order.id));
            return Ok(());
        };
        let lines = paid.remove(&order.id).unwrap_or_default();
        if Money::checked_sum(total.currency, lines) != Some(kept) {
            findings.push(format!("money: orders {}: it is not paid by what payments say", order.id));
        }
        // Of an order that has ended nobody has to pay anything.
        let is_open = matches!(order.text("status"), Some("pending" | "paid"));
        if is_open && Money::checked_sum(total.currency, [kept, due]) != Some(total) || !is_open && !due.is_zero() {
            findings.push(format!("money: orders {}: its total is not what is paid and due", order.id));
        }
        Ok(())
    })?;
    for order in paid.keys() {
        findings.push(format!("money: orders {order}: payments pay for it and it is not there"));
    }
    Ok(())
}
