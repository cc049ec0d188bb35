//! Money: every payment is somewhere as a whole, and every order is paid by what payments say.

use std::collections::BTreeMap;

use billing::{Balance, is_of_deal};
use model::{Id, Money};
use store::{Result, Work};

use super::each;

pub(super) fn check(work: &mut Work<'_>, findings: &mut Vec<String>) -> Result<()> {
    // By the order, or the invoice of a deal, that it is for.
    let mut paid: BTreeMap<Id, Vec<Money>> = BTreeMap::new();
    each(work, "payments", |_, payment| {
        match Balance::of(payment) {
            Ok(balance) => {
                for line in balance.allocations() {
                    if let Some(id) = line.order.or(line.invoice) {
                        paid.entry(id).or_default().push(line.amount);
                    }
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
    each(work, "invoices", |_, invoice| {
        let Some(total) = invoice.get("total").as_money().filter(|_| is_of_deal(invoice)) else { return Ok(()) };
        let kept = invoice.get("paid").as_money().unwrap_or(Money::zero(total.currency));
        let lines = paid.remove(&invoice.id).unwrap_or_default();
        if Money::checked_sum(total.currency, lines) != Some(kept) {
            findings.push(format!("money: invoices {}: it is not paid by what payments say", invoice.id));
        }
        let state = invoice.text("status");
        if matches!(state, Some("issued" | "paid")) && (state == Some("paid")) != (kept.minor >= total.minor) {
            findings.push(format!("money: invoices {}: it is {state:?} with {kept} of {total}", invoice.id));
        }
        if kept.minor > total.minor || state == Some("void") && !kept.is_zero() {
            findings.push(format!("money: invoices {}: more stands on it than is asked for", invoice.id));
        }
        Ok(())
    })?;
    for id in paid.keys() {
        findings.push(format!("money: {id}: payments pay for it, and no order and no invoice is so called"));
    }
    Ok(())
}
