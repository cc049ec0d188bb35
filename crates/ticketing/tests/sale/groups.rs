//! Orders of organisations where they meet the rest: races for seats and numbers, prices that fall, tickets cancelled alone,
//! orders that come back, requisites from strangers.

use model::{Actor, Id, Record};
use serde_json::{Value as Json, json};
use store::{Error, Result};
use ticketing::{AnsweredBy, CompanyRequest, GroupRequest, Look, PersonRequest};

use crate::races::{all_at_once, count, each};
use crate::world::{Event, World, code, day, object, on_both, request, seller, tiers};

const INN: &str = "7707083893";

fn asked(event: &Event, company: &str, inn: Option<&str>, email: &str) -> GroupRequest {
    GroupRequest {
        event: event.id,
        company: CompanyRequest { name: Some(company.to_owned()), inn: inn.map(str::to_owned), country: None },
        contact: PersonRequest {
            name: Some("Вера Орлова".to_owned()),
            email: Some(format!("{email}@example.org")),
            phone: None,
        },
        locale: None,
    }
}

fn answers(event: &Event, quantity: i64) -> Json {
    json!({
        "lines": [{"ticket_type": event.types[0], "quantity": quantity}],
        "name": "ООО Ромашка", "inn": INN, "kpp": "773601001", "address": "Москва, Причал, 1",
    })
}

fn deal(world: &World, event: &Event, email: &str) -> Id {
    let request = asked(event, "Ромашка", Some(INN), email);
    world.run(&Actor::Public, move |work, ticketing| ticketing.request_group(work, &request)).unwrap().id
}

fn answer(world: &World, by: AnsweredBy, deal: Id, answers: Json) -> Result<Record> {
    world.run(&Actor::Public, move |work, ticketing| ticketing.group_answers(work, deal, &object(answers.clone()), by))
}

fn ordered(world: &World, event: &Event, quantity: i64) -> (Id, Id) {
    let deal = deal(world, event, "vera");
    let order = answer(world, AnsweredBy::Buyer, deal, answers(event, quantity)).unwrap().id;
    world.letters();
    (deal, order)
}

/// `number status total` of an order's invoices.
fn invoices(world: &World, order: Id) -> Vec<String> {
    let mut invoices = world.find("invoices", format!("order == \"{order}\""));
    invoices.sort_by_key(|invoice| invoice.id);
    let shown = |invoice: &Record| {
        let total = invoice.get("total").as_money().unwrap().amount_text();
        format!("{} {} {total}", invoice.text("number").unwrap(), invoice.text("status").unwrap())
    };
    invoices.iter().map(shown).collect()
}

fn stage(world: &World, deal: Id) -> String {
    world.get("deals", deal).text("stage").unwrap().to_owned()
}

#[test]
fn organisations_and_people_for_the_last_seats() {
    each(|ground, world| {
        let event = world.event(json!({}), &[("A", Some(20), "1.00")]);
        let deals: Vec<_> = (0..12).map(|number| deal(world, &event, &format!("group{number}"))).collect();
        let (wanted, buyers) = (answers(&event, 3), event.id);
        let requests: Vec<_> = (0..24).map(|number| request(&event, &format!("one{number}"), &[0])).collect();
        let codes: Vec<_> =
            all_at_once(ground, &Actor::Public, 24, move |number, work, ticketing| match deals.get(number) {
                Some(deal) => ticketing.group_answers(work, *deal, &object(wanted.clone()), AnsweredBy::Buyer),
                None => ticketing.place(work, &requests[number]),
            })
            .into_iter()
            .map(code)
            .collect();
        let (groups, people) = codes.split_at(12);
        let taken = 3 * count(groups, "ok") + count(people, "ok");
        assert_eq!(count(groups, "ok") + count(groups, "lines[0].quantity sold_out"), 12, "{groups:?}");
        assert_eq!(count(people, "ok") + count(people, "sold_out"), 12, "{people:?}");
        // Fewer than three may be left over for an organisation, none for a person who was last.
        assert!((18..=20).contains(&taken), "{codes:?}");
        let (_, reserved, left) = world.left(&event, 0);
        assert_eq!((reserved, left), (i64::try_from(taken).unwrap(), Some(20 - i64::try_from(taken).unwrap())));
        let orders = world.find("orders", format!("event == \"{buyers}\" && group"));
        let mut numbers: Vec<i64> = Vec::new();
        for order in &orders {
            let issued = world.find("invoices", format!("order == \"{}\"", order.id));
            assert_eq!(issued.len(), 1);
            numbers.push(issued[0].text("number").unwrap().parse().unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=i64::try_from(count(groups, "ok")).unwrap()).collect::<Vec<_>>());
    });
}

#[test]
fn one_company_that_asks_twice_at_once_is_one_account() {
    each(|ground, world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let requests: Vec<_> =
            (0..16).map(|number| asked(&event, "Ромашка", Some(INN), &format!("person{number}"))).collect();
        let made = all_at_once(ground, &Actor::Public, 16, move |number, work, ticketing| {
            ticketing.request_group(work, &requests[number])
        });
        let mut accounts: Vec<_> = made.into_iter().map(|deal| deal.unwrap().link("account").unwrap()).collect();
        accounts.dedup();
        assert_eq!(accounts.len(), 1);
        assert_eq!(world.find("accounts", format!("inn == \"{INN}\"")).len(), 1);
    });
}

#[test]
fn a_price_that_falls_gives_back_what_is_too_much() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "100.00")]);
        let (deal, order) = ordered(world, &event, 2);
        world.pay(order, "150.00");
        let cheaper = tiers(&[("60.00", None, None)]);
        world.change("ticket_types", event.types[0], json!({"price_tiers": cheaper})).unwrap();
        world.wait(day());
        assert_eq!(world.look(order), Look::Asked);
        assert_eq!(world.order(order), "paid 120.00 120.00 0.00");
        assert_eq!(stage(world, deal), "won");
        let payment = world.find("payments", format!("order == \"{order}\"")).remove(0);
        assert_eq!(world.payment(payment.id), "needs_attention 120.00 30.00 0.00 overpaid");
    });
}

#[test]
fn one_ticket_less_is_invoiced_anew() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "100.00")]);
        let (_, order) = ordered(world, &event, 3);
        let ticket = world.tickets(order)[1].id;
        world.press_ticket(ticket, "cancel").unwrap();
        assert_eq!(world.order(order), "pending 200.00 0.00 200.00");
        assert_eq!(invoices(world, order), ["1 void 300.00", "2 issued 200.00"]);
        assert_eq!(world.told(), ["group_invoiced vera@example.org"]);
    });
}

#[test]
fn an_order_that_comes_back_brings_its_deal_along() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "100.00")]);
        let (deal, order) = ordered(world, &event, 2);
        world.press(order, "annul", json!({})).unwrap();
        assert_eq!(
            (stage(world, deal).as_str(), &invoices(world, order)[..]),
            ("lost", &["1 void 200.00".to_owned()][..])
        );
        assert!(world.get("deals", deal).text("lost_reason").is_some());
        world.letters();
        world.press(order, "revive", json!({})).unwrap();
        assert_eq!(invoices(world, order), ["1 void 200.00", "2 issued 200.00"]);
        let back = world.get("deals", deal);
        assert_eq!((back.text("stage"), back.text("lost_reason")), (Some("invoiced"), None));
        assert_eq!(world.told(), ["group_invoiced vera@example.org"]);
        world.pay(order, "200.00");
        assert_eq!((stage(world, deal).as_str(), invoices(world, order)[1].as_str()), ("won", "2 paid 200.00"));
    });
}

#[test]
fn a_number_that_is_taken_back_is_given_again() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "100.00")]);
        let deal = deal(world, &event, "vera");
        let wanted = object(answers(&event, 1));
        let lost: Result<()> = world.run(&Actor::Public, move |work, ticketing| {
            ticketing.group_answers(work, deal, &wanted, AnsweredBy::Buyer)?;
            Err(Error::conflict("lost", "after all"))
        });
        assert_eq!(code(lost), "lost");
        let order = answer(world, AnsweredBy::Buyer, deal, answers(&event, 1)).unwrap().id;
        assert_eq!(invoices(world, order), ["1 issued 100.00"]);
        assert_eq!(code(answer(world, AnsweredBy::Buyer, deal, answers(&event, 1))), "questionnaire_closed");
    });
}

#[test]
fn what_strangers_say_of_a_client_stands_on_the_invoice_until_staff_take_it_over() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "100.00")]);
        let known = json!({"name": "Ромашка", "inn": INN, "legal_address": "Казань"});
        let account = world.create("accounts", known).id;
        world.wait(day());
        let first = deal(world, &event, "vera");
        assert_eq!(world.get("deals", first).link("account"), Some(account));
        let order = answer(world, AnsweredBy::Buyer, first, answers(&event, 1)).unwrap();
        let of = |field: &str| world.get("accounts", account).text(field).unwrap_or_default().to_owned();
        assert_eq!((of("legal_address").as_str(), of("kpp").as_str(), of("name").as_str()), ("Казань", "", "Ромашка"));
        let invoice = world.find("invoices", format!("order == \"{}\"", order.id)).remove(0);
        let printed = invoice.get("printed").to_json();
        assert_eq!(
            (&printed["buyer"]["kpp"], &printed["buyer"]["address"]),
            (&json!("773601001"), &json!("Москва, Причал, 1"))
        );
        let olga = world.staff.clone();
        let (seen, mut proposed) = (order.clone(), Vec::new());
        world
            .run(&olga, move |work, ticketing| ticketing.proposed_requisites(work, &seen))
            .unwrap()
            .into_iter()
            .for_each(|(field, _)| proposed.push(field));
        proposed.sort_unstable();
        assert_eq!(proposed, ["kpp", "legal_address", "name"]);
        let id = order.id;
        world.run(&olga, move |work, ticketing| ticketing.take_over_requisites(work, id)).unwrap();
        assert_eq!((of("legal_address").as_str(), of("kpp").as_str()), ("Москва, Причал, 1", "773601001"));
        let seen = order.clone();
        assert!(
            world.run(&olga, move |work, ticketing| ticketing.proposed_requisites(work, &seen)).unwrap().is_empty()
        );
        let second = deal(world, &event, "boris");
        answer(world, AnsweredBy::Staff, second, answers(&event, 1)).unwrap();
        assert_eq!((of("legal_address").as_str(), of("name").as_str()), ("Москва, Причал, 1", "ООО Ромашка"));

        let mut other = answers(&event, 1);
        other["inn"] = json!("500100732259");
        other["kpp"] = Json::Null;
        let third = deal(world, &event, "clara");
        answer(world, AnsweredBy::Buyer, third, other).unwrap();
        let another = world.get("deals", third).link("account").unwrap();
        assert_ne!(another, account);
        assert_eq!(world.get("accounts", another).text("kind"), Some("sole_proprietor"));
    });
}

#[test]
fn an_invoice_waits_for_a_seller() {
    on_both(|world| {
        world.sells(None);
        let event = world.event(json!({"starts_on": "2036-05-10", "ends_on": "2036-05-11"}), &[("A", None, "100.00")]);
        let (deal, order) = ordered(world, &event, 2);
        let drafts = world.find("invoices", format!("order == \"{order}\""));
        assert_eq!((drafts[0].text("status"), drafts[0].text("number")), (Some("draft"), None));
        assert_eq!(world.get("deals", deal).text("stage"), Some("terms"));
        assert!(world.told().is_empty());
        world.wait(day());
        world.wait(day());
        assert_eq!(world.look(order), Look::NotDue, "nobody can pay by what has not gone out");
        assert_eq!(world.get("orders", order).text("status"), Some("pending"));
        assert!(world.told().is_empty());

        world.sells(Some(seller()));
        for _ in 0..2 {
            world.run(&Actor::System("test"), move |work, ticketing| ticketing.issue_waiting(work, order)).unwrap();
        }
        assert_eq!(world.told(), ["group_invoiced vera@example.org"]);
        let mut issued = world.find("invoices", format!("order == \"{order}\""));
        issued.retain(|invoice| invoice.text("status") == Some("issued"));
        assert_eq!((issued.len(), issued[0].text("number")), (1, Some("1")));
        assert_eq!(world.get("deals", deal).text("stage"), Some("invoiced"));
    });
}

#[test]
fn requisites_are_judged_by_country() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "100.00")]);
        let refused = |change: Json| {
            let deal = deal(world, &event, &format!("x{}", Id::new()));
            let mut all = answers(&event, 1);
            all.as_object_mut().unwrap().extend(object(change));
            code(answer(world, AnsweredBy::Staff, deal, all))
        };
        assert_eq!(refused(json!({"inn": "7707083894"})), "inn invalid_inn");
        assert_eq!(refused(json!({"kpp": null})), "kpp required");
        assert_eq!(refused(json!({"inn": "500100732259"})), "kpp invalid_kpp");
        assert_eq!(refused(json!({"bank_account": "40702810138250123017"})), "bik required");
        assert_eq!(
            refused(json!({"bik": "044525225", "bank_account": "40702810138250123018"})),
            "bank_account invalid_account"
        );
        assert_eq!(refused(json!({"country": "BY", "inn": "19123456", "kpp": null})), "inn invalid_tax_id");
        assert_eq!(refused(json!({"country": "BY", "inn": "191234567", "kpp": null})), "ok");
        assert_eq!(refused(json!({"lines": []})), "lines required");
        assert_eq!(
            refused(
                json!({"lines": [{"quantity": 1}, {"ticket_type": "x", "quantity": 0}, {"ticket_type": Id::new(), "quantity": "2"}]})
            ),
            "lines[0].ticket_type required, lines[1].ticket_type invalid_id, lines[1].quantity out_of_range, lines[2].ticket_type not_found"
        );
        assert_eq!(refused(json!({"address": " "})), "address required");
    });
}
