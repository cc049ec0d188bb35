//! Price tiers: the first whose `from ≤ now < until` holds.

use jiff::Timestamp;
use ticketing::{InForce, Tier};

use crate::world::rub;

fn at(text: &str) -> Timestamp {
    format!("2027-{text}T00:00:00Z").parse().unwrap()
}

fn tier(price: &str, from: Option<&str>, until: Option<&str>) -> Tier {
    Tier { price: rub(price), from: from.map(at), until: until.map(at) }
}

#[test]
fn the_first_tier_that_holds_is_the_price() {
    let early_late = [tier("10.00", None, Some("02-01")), tier("20.00", Some("02-01"), Some("03-01"))];
    let flash_sale = [tier("5.00", Some("01-10"), Some("01-12")), tier("10.00", None, None)];
    let cases = [
        (&early_late[..], "01-31", Some(("10.00", Some("02-01")))),
        (&early_late[..], "02-01", Some(("20.00", Some("03-01")))),
        (&early_late[..], "03-01", None),
        (&flash_sale[..], "01-01", Some(("10.00", Some("01-10")))),
        (&flash_sale[..], "01-10", Some(("5.00", Some("01-12")))),
        (&flash_sale[..], "01-12", Some(("10.00", None))),
        (&[][..], "01-01", None),
    ];
    for (tiers, now, expected) in cases {
        let expected = expected.map(|(price, until)| InForce { price: rub(price), until: until.map(at) });
        assert_eq!(Tier::in_force(tiers, at(now)), expected, "{now}");
    }
}
