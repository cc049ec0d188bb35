//! Numbers: no series is behind a number that was given, which it would give again.

use std::collections::BTreeMap;

use store::{Result, Work};

use super::each;

pub(super) fn check(work: &mut Work<'_>, findings: &mut Vec<String>) -> Result<()> {
    let mut given: BTreeMap<String, i64> = BTreeMap::new();
    each(work, "orders", |_, order| {
        match order
            .text("number")
            .and_then(|number| number.rsplit_once('-'))
            .map(|(series, n)| (series, n.parse::<i64>()))
        {
            Some((series, Ok(number))) => {
                let most = given.entry(format!("orders:{series}")).or_default();
                *most = number.max(*most);
            }
            _ => findings.push(format!("numbers: orders {}: it has no number", order.id)),
        }
        Ok(())
    })?;
    for (series, number) in given {
        let last = work.last_number(&series)?;
        if last < number {
            findings.push(format!("numbers: the series {series:?} stands at {last}, and {number} was given"));
        }
    }
    Ok(())
}
