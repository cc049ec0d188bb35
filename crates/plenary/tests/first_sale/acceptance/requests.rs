//! The bulk of the requests: more than there are seats, from several of the site's workers at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::Stage;
use super::fate::Case;
use crate::harness::api::{id, minor, text};

const REQUESTS: usize = 300;
const WORKERS: usize = 4;
/// What people want, in turn, by place of the ticket type.
const WANTED: [&[usize]; 5] = [&[0], &[0, 1], &[0], &[1], &[0, 0, 1]];

pub(crate) fn send(stage: &Stage) -> Vec<Case> {
    let next = AtomicUsize::new(0);
    let mut cases: Vec<Case> = thread::scope(|scope| {
        let worker = || {
            let mut sent = Vec::new();
            loop {
                match next.fetch_add(1, Ordering::Relaxed) {
                    number if number < REQUESTS => sent.push(place(stage, number)),
                    _ => return sent,
                }
            }
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    cases.sort_by_key(|case| case.number);
    let orders = stage.admin.all("orders", &[("fields", "number")]);
    for case in &mut cases {
        let Some(placed) = &case.placed else { continue };
        let order = orders.iter().find(|order| order["number"] == placed["number"]).unwrap();
        case.order = id(order).to_owned();
    }
    cases
}

fn place(stage: &Stage, number: usize) -> Case {
    let mut case = Case {
        number,
        fate: Case::fate(number),
        wanted: WANTED[number % WANTED.len()].to_vec(),
        guest: None,
        email: format!("buyer{number}@example.com"),
        placed: None,
        order: String::new(),
    };
    // Names differ in letters, not in digits: names have letters.
    let word: String = number.to_string().bytes().map(|digit| char::from(digit + b'a' - b'0')).collect();
    let phone = format!("8 921 5{:02}-{:02}-{:02}", number / 100, number % 100, 0);
    let mut body = stage.sale.request(
        &format!("Buyer {word}"),
        &case.email,
        number.is_multiple_of(3).then_some(&*phone),
        &case.wanted,
    );
    body["source"] = json!({"utm_source": "site", "utm_campaign": number.to_string()});
    if case.wanted.len() > 1 && number.is_multiple_of(2) {
        let guest = format!("guest{number}@example.com");
        body["tickets"][case.wanted.len() - 1]["attendee"] = json!({"name": format!("Guest {word}"), "email": guest});
        case.guest = Some(guest);
    }
    let answer = stage.sale.order(&stage.public, body);
    if answer.status == 409 {
        answer.refused(409, "sold_out");
        assert!(answer.fields().iter().all(|field| field.ends_with(".ticket_type")), "{}", answer.json);
        return case;
    }
    let placed = answer.expect(201);
    let total = case.totals().0;
    assert_eq!((text(&placed, "status"), minor(&placed["total"]), minor(&placed["due"])), ("pending", total, total));
    let tickets = placed["tickets"].as_array().unwrap();
    assert!(tickets.iter().all(|ticket| text(ticket, "status") == "reserved" && text(ticket, "code").len() == 12));
    assert_eq!(tickets.len(), case.wanted.len());
    case.placed = Some(placed);
    case
}

/// No seat sold twice and none withheld: `extra` seats of the first type went before.
pub(crate) fn seats_add_up(stage: &Stage, cases: &[Case], extra: i64) {
    let mut available = Vec::new();
    for (place, kind) in stage.sale.types.iter().enumerate() {
        let mine = |case: &&Case| case.placed.is_some();
        let sold = cases.iter().filter(mine).flat_map(|case| &case.wanted).filter(|wanted| **wanted == place).count();
        let taken = i64::try_from(sold).unwrap() + if place == 0 { extra } else { 0 };
        let shown = stage.admin.record("ticket_types", &kind.id);
        assert_eq!(shown["reserved"].as_i64(), Some(taken), "{shown}");
        assert_eq!(shown["available"].as_i64(), Some(kind.quota - taken), "{shown}");
        assert_eq!((minor(&shown["price_now"]), shown["sold"].as_i64()), (kind.prices.0, Some(0)), "{shown}");
        assert!(taken <= kind.quota);
        available.push(kind.quota - taken);
    }
    let refused: Vec<_> = cases.iter().filter(|case| case.placed.is_none()).collect();
    assert!(refused.len() > 30, "more was asked for than there is: {}", refused.len());
    for case in refused {
        let wanted =
            |place: usize| i64::try_from(case.wanted.iter().filter(|wanted| **wanted == place).count()).unwrap();
        assert!(
            (0..2).any(|place| wanted(place) > available[place]),
            "{:?} was refused and fits {available:?}",
            case.wanted
        );
    }
    numbers_have_no_gaps(stage);
}

/// Who was refused took no number.
pub(crate) fn numbers_have_no_gaps(stage: &Stage) {
    let orders: Vec<Value> = stage.admin.all("orders", &[("sort", "number"), ("fields", "number"), ("limit", "500")]);
    for (order, number) in orders.iter().zip(1..) {
        assert_eq!(text(order, "number"), format!("SPRING27-{number:05}"));
    }
}
