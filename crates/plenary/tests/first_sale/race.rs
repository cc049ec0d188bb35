//! 400 people want 50 seats at the same moment.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;

use crate::harness::api::{id, text};
use crate::harness::world::on_both;
use crate::harness::{Sale, World, letters};

const SEATS: i64 = 50;
const PEOPLE: usize = 400;

on_both!(fifty_seats, super::exactly_fifty);

fn exactly_fifty(world: &mut World) {
    let (admin, public) = (world.admin(), world.anybody());
    let sale = Sale::open(&admin, "rush", &[("Participant", SEATS, 1_000_000, 1_200_000, 240)]);
    let start = Barrier::new(PEOPLE);
    let answers: Vec<_> = thread::scope(|scope| {
        let asking: Vec<_> = (0..PEOPLE)
            .map(|number| {
                let (sale, public, start) = (&sale, &public, &start);
                let body = sale.request(
                    &format!("Person {}", letters_of(number)),
                    &format!("p{number}@example.com"),
                    None,
                    &[0],
                );
                scope.spawn(move || {
                    start.wait();
                    sale.order(public, body)
                })
            })
            .collect();
        asking.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let mut outcomes = BTreeMap::<(u16, String), usize>::new();
    for answer in &answers {
        *outcomes.entry((answer.status, answer.code().to_owned())).or_default() += 1;
    }
    let seats = usize::try_from(SEATS).unwrap();
    let expected = BTreeMap::from([((201, String::new()), seats), ((409, "sold_out".to_owned()), PEOPLE - seats)]);
    assert_eq!(outcomes, expected);

    let kind = admin.record("ticket_types", &sale.types[0].id);
    assert_eq!((kind["available"].as_i64(), kind["reserved"].as_i64()), (Some(0), Some(SEATS)), "{kind}");
    let orders = admin.all("orders", &[("sort", "number")]);
    let numbers: Vec<_> = orders.iter().map(|order| text(order, "number").to_owned()).collect();
    let wanted: Vec<_> = (1..=SEATS).map(|number| format!("RUSH-{number:05}")).collect();
    assert_eq!(numbers, wanted, "numbers without gaps");
    assert_eq!(admin.count("tickets"), SEATS);
    assert_eq!(admin.count("leads"), SEATS, "who got no seat leaves no trace");
    let told: Vec<_> = letters(&admin, None);
    assert_eq!(told.len(), seats, "one letter an order");
    assert!(orders.iter().all(|order| told.iter().any(|letter| letter.about.1 == id(order))));
}

/// A number in letters, since names have letters.
fn letters_of(number: usize) -> String {
    number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}
