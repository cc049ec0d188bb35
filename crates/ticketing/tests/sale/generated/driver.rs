//! Does the steps of one sequence for real and holds what came of them against the model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use billing::{Balance, NewPayment};
use jiff::ToSpan;
use model::{Actor, Id, Record};
use serde_json::json;
use store::{Origin, Result, Work};
use ticketing::{AnsweredBy, CompanyRequest, GroupRequest, Look, PersonRequest, Ticketing};

use super::model::{Expected, Model, Step};
use super::steps::{self, Random};
use crate::world::{Event, Ground, World, code, object, request, tiers, yes};

/// What stands in the database of one event.
struct Found {
    orders: Vec<Record>,
    tickets: Vec<Record>,
    payments: Vec<Record>,
    invoices: Vec<Record>,
}

pub(crate) struct Driver {
    world: World,
    event: Event,
    random: Random,
    model: Model,
    orders: Vec<Id>,
    payments: Vec<Id>,
    causes: BTreeSet<String>,
    /// States of orders at the step before.
    states: BTreeMap<Id, String>,
    done: Vec<Step>,
}

fn roubles(kopecks: i64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

impl Driver {
    pub(crate) fn new(ground: &Arc<Ground>, seed: u64) -> Self {
        let mut random = Random(seed);
        let model = steps::event(&mut random);
        let world = World::new(ground);
        let names = ["A", "B", "C"];
        let prices: Vec<_> = model.prices.iter().map(|price| roubles(*price)).collect();
        let types: Vec<_> =
            (0..prices.len()).map(|kind| (names[kind], model.quotas[kind], prices[kind].as_str())).collect();
        let settings = json!({
            "capacity": model.capacity,
            "payment_wait": format!("PT{}M", model.wait),
            "grace": format!("PT{}M", model.grace),
            "max_looks": model.max_looks,
        });
        let event = world.event(settings, &types);
        Self {
            world,
            event,
            random,
            model,
            orders: Vec::new(),
            payments: Vec::new(),
            causes: BTreeSet::new(),
            states: BTreeMap::new(),
            done: Vec::new(),
        }
    }

    /// Runs so many steps; answers how many were refused.
    pub(crate) fn run(mut self, length: usize) -> usize {
        let mut refused = 0;
        for _ in 0..length {
            let step = steps::next(&mut self.random, &self.model);
            self.done.push(step.clone());
            let expected = self.model.step(&step);
            refused += usize::from(expected.is_err());
            self.world.wait(1.millisecond());
            let answer = self.perform(&step);
            let what = || format!("{:#?}", self.done);
            let expected_code = expected.as_ref().err().copied().unwrap_or("ok");
            assert_eq!(answer, expected_code, "after {}", what());
            self.check_letters(&expected);
            self.check_state();
        }
        refused
    }

    fn perform(&mut self, step: &Step) -> String {
        let none = json!({});
        match *step {
            Step::Place { buyer, ref kinds } => {
                let placed =
                    self.world.place(request(&self.event, &format!("buyer{buyer}-{}", self.event.slug), kinds));
                self.orders.extend(placed.as_ref().ok().map(|order| order.id));
                code(placed)
            }
            Step::Group { buyer, ref kinds } => self.group(buyer, kinds),
            Step::Agree(order) => self.by_link(order, |work, ticketing, token| ticketing.buyer_agree(work, token)),
            Step::Decline(order) => self.by_link(order, |work, ticketing, token| ticketing.buyer_decline(work, token)),
            Step::Pay { order, amount } => {
                let id = self.payments.len();
                let (payment, repeated) = self.book(self.orders[order], amount, id);
                assert!(!repeated);
                self.payments.push(payment);
                "ok".to_owned()
            }
            Step::PayAgain { payment } => {
                let again = self.book(self.orders[0], 77, payment);
                assert_eq!(again, (self.payments[payment], true));
                "ok".to_owned()
            }
            Step::Annul(order) => code(self.world.press(self.orders[order], "annul", none)),
            Step::Cancel(order) => code(self.world.press(self.orders[order], "cancel", none)),
            Step::Revive { order, keep } => {
                code(self.world.press(self.orders[order], "revive", json!({"keep_price": keep})))
            }
            Step::Refund { order, amount } => {
                let amount = amount.map(|amount| json!({"amount": roubles(amount), "currency": "RUB"}));
                code(self.world.press(self.orders[order], "refund", json!({"amount": amount})))
            }
            Step::CancelTicket { order, ticket } => self.press_ticket(order, ticket, "cancel"),
            Step::CheckIn { order, ticket } => self.press_ticket(order, ticket, "check_in"),
            Step::UndoCheckIn { order, ticket } => self.press_ticket(order, ticket, "undo_check_in"),
            Step::Assign { payment, order } => {
                code(self.world.press_payment(self.payments[payment], "assign", json!({"order": self.orders[order]})))
            }
            Step::Unassign(payment) => code(self.world.press_payment(self.payments[payment], "unassign", none)),
            Step::RefundPayment(payment) => code(self.world.press_payment(self.payments[payment], "refund", none)),
            Step::Price { kind, price } => {
                self.configure("ticket_types", kind, json!({"price_tiers": tiers(&[(&roubles(price), None, None)])}))
            }
            Step::Quota { kind, quota } => self.configure("ticket_types", kind, json!({"quota": quota})),
            Step::Capacity(capacity) => self.configure("events", 0, json!({"capacity": capacity})),
            Step::OnSale(on_sale) => {
                self.configure("events", 0, json!({"status": if on_sale { "on_sale" } else { "closed" }}))
            }
            Step::Wait { minutes } => {
                self.world.wait(minutes.minutes());
                self.look();
                "ok".to_owned()
            }
        }
    }

    /// An organisation asks and answers its questionnaire in one go.
    fn group(&mut self, buyer: usize, kinds: &[usize]) -> String {
        let (name, slug) = (format!("group{buyer}"), self.event.slug.clone());
        let company = CompanyRequest { name: Some(name.clone()), inn: None, country: Some("DE".to_owned()) };
        let contact = PersonRequest {
            name: Some(format!("Покупатель {name}")),
            email: Some(format!("{name}-{slug}@example.org")),
            phone: None,
        };
        let request = GroupRequest { event: self.event.id, company, contact, locale: None };
        let lines: Vec<_> =
            kinds.iter().map(|kind| json!({"ticket_type": self.event.types[*kind], "quantity": 1})).collect();
        let answers = json!({"lines": lines, "name": name, "country": "DE", "inn": format!("{slug}{buyer}"), "address": "Berlin"});
        let answers = object(answers);
        let placed = self.world.run(&Actor::Public, move |work, ticketing| {
            let deal = ticketing.request_group(work, &request)?.id;
            ticketing.group_answers(work, deal, &answers, AnsweredBy::Buyer)
        });
        self.orders.extend(placed.as_ref().ok().map(|order| order.id));
        let told = code(placed);
        // Told by line.
        if told.contains("sold_out") { "sold_out".to_owned() } else { told }
    }

    fn by_link(&self, order: usize, verb: fn(&mut Work<'_>, &Ticketing, &str) -> Result<Record>) -> String {
        let order = self.world.get("orders", self.orders[order]);
        let token = order.text("token").unwrap().to_owned();
        code(self.world.run(&Actor::Public, move |work, ticketing| verb(work, ticketing, &token)))
    }

    fn book(&self, order: Id, amount: i64, id: usize) -> (Id, bool) {
        let mut request = NewPayment::of(crate::world::rub(&roubles(amount)), order);
        request.provider = Some(self.event.slug.clone());
        request.external_id = Some(format!("{}-{id}", self.event.slug));
        let booked =
            self.world.run(&self.world.staff, move |work, ticketing| ticketing.book_payment(work, &request)).unwrap();
        (booked.payment.id, booked.repeated)
    }

    fn press_ticket(&self, order: usize, ticket: usize, name: &'static str) -> String {
        let ticket = self.world.tickets(self.orders[order])[ticket].id;
        code(self.world.press_ticket(ticket, name))
    }

    fn configure(&self, module: &'static str, kind: usize, fields: serde_json::Value) -> String {
        let id = if module == "events" { self.event.id } else { self.event.types[kind] };
        code(self.world.change(module, id, fields))
    }

    /// Looks at every order, and at once again: the second look finds nothing to do.
    fn look(&self) {
        let orders = self.orders.clone();
        self.world.as_system(move |work, ticketing| {
            for order in &orders {
                ticketing.look(work, *order)?;
                let again = ticketing.look(work, *order)?;
                assert!(matches!(again, Look::NotDue | Look::Grace), "{again:?}");
            }
            Ok(())
        });
    }

    fn check_letters(&mut self, expected: &Expected) {
        let letters = self.world.letters();
        let told: Vec<_> = letters.iter().map(|letter| letter.template).collect();
        assert_eq!(told, expected.clone().unwrap_or_default(), "{:#?}", self.done);
        for letter in letters {
            assert!(self.causes.insert(letter.cause.clone()), "{} twice after {:#?}", letter.cause, self.done);
        }
    }

    fn read(&self) -> Found {
        let (event, provider) = (self.event.id, self.event.slug.clone());
        let (knowledge, now) = (self.world.ground.workspace.knowledge(), self.world.now());
        let read = self.world.ground.db().read_blocking(move |tx| -> Result<Found> {
            let mut work = Work::new(tx, Actor::System("test"), knowledge.clone(), now, Origin::from("test"));
            let of_event = format!("event == \"{event}\"");
            let mut find = |module: &str, filter: &str| {
                let plan = work.filter(module, filter)?;
                work.find(module, plan)
            };
            let orders = find("orders", &of_event)?;
            let tickets = find("tickets", &of_event)?;
            let payments = find("payments", &format!("provider == \"{provider}\""))?;
            let groups: Vec<_> = orders.iter().filter(|order| yes(order, "group")).map(|order| order.id).collect();
            let invoices =
                if groups.is_empty() { Vec::new() } else { find("invoices", &format!("order in {}", json!(groups)))? };
            Ok(Found { orders, tickets, payments, invoices })
        });
        read.unwrap()
    }

    fn check_state(&mut self) {
        let found = self.read();
        let done = || format!("after {:#?}", self.done);
        let money = |record: &Record, name: &str| record.get(name).as_money().unwrap().minor;
        let balances: BTreeMap<Id, Balance> =
            found.payments.iter().map(|payment| (payment.id, Balance::of(payment).unwrap())).collect();

        assert_eq!(found.orders.len(), self.orders.len(), "{}", done());
        for (order, modelled) in self.orders.iter().zip(&self.model.orders) {
            let record = found.orders.iter().find(|record| record.id == *order).unwrap();
            let mut tickets: Vec<_> =
                found.tickets.iter().filter(|ticket| ticket.link("order") == Some(*order)).collect();
            tickets.sort_by_key(|ticket| ticket.get("position").as_int());
            let states: Vec<_> = tickets.iter().map(|ticket| ticket.text("status").unwrap()).collect();
            let (state, total, paid, due) =
                (record.text("status").unwrap(), money(record, "total"), money(record, "paid"), money(record, "due"));
            assert_eq!(format!("{state} {total} {paid} {due} {}", states.join(",")), modelled.shown(), "{}", done());

            let asked_to_pay: Vec<_> = found
                .invoices
                .iter()
                .filter(|it| it.link("order") == Some(*order) && it.text("status") == Some("issued"))
                .map(|it| money(it, "total"))
                .collect();
            let wanted = if yes(record, "group") && state == "pending" { vec![total] } else { Vec::new() };
            assert_eq!(asked_to_pay, wanted, "one invoice for what it costs {}", done());

            // The same rules once more without the model.
            let on_order: i64 = balances.values().map(|balance| balance.allocated_to(*order).minor).sum();
            let is_open = matches!(state, "pending" | "paid");
            assert_eq!((paid, due), (on_order, if is_open { (total - paid).max(0) } else { 0 }), "{}", done());
            let agree = |allowed: &[&str]| states.iter().all(|state| allowed.contains(state));
            let fits = match state {
                "pending" => agree(&["reserved", "cancelled"]) && states.contains(&"reserved"),
                "paid" => agree(&["issued", "checked_in", "cancelled"]) && !agree(&["cancelled"]),
                _ => agree(&["cancelled"]),
            };
            assert!(fits, "{state} {states:?} {}", done());
            assert_eq!(record.get("next_check_at").is_null(), state != "pending", "{}", done());
            let waits = found
                .payments
                .iter()
                .any(|it| it.link("order") == Some(*order) && !balances[&it.id].unallocated().is_zero());
            assert_eq!(yes(record, "needs_attention"), waits, "{} {}", record.title(), done());
            self.check_move(*order, state);
        }
        assert_eq!(found.payments.len(), self.payments.len(), "{}", done());
        for (payment, modelled) in self.payments.iter().zip(&self.model.payments) {
            let balance = &balances[payment];
            let owner = modelled.owner.map(|owner| self.orders[owner]);
            let record = found.payments.iter().find(|record| record.id == *payment).unwrap();
            let shown =
                (balance.amount().minor, balance.unallocated().minor, balance.refunded().minor, record.link("order"));
            assert_eq!(shown, (modelled.amount, modelled.waiting, modelled.refunded, owner), "{}", done());
        }
        let numbers: BTreeSet<_> =
            found.orders.iter().filter_map(|order| order.text("number")?.rsplit_once('-')?.1.parse().ok()).collect();
        assert_eq!(numbers, (1..=self.orders.len()).collect(), "numbers have no gaps");
        self.states = found.orders.iter().map(|order| (order.id, order.text("status").unwrap().to_owned())).collect();
    }

    /// States move only by the table of processes.md, 9.
    fn check_move(&self, order: Id, state: &str) {
        let before = self.states.get(&order).map_or("", String::as_str);
        let table = [
            ("", "pending"),
            ("", "paid"),
            ("pending", "paid"),
            ("pending", "annulled"),
            ("pending", "cancelled"),
            ("paid", "cancelled"),
            ("paid", "refunded"),
            ("cancelled", "refunded"),
            ("annulled", "pending"),
            ("annulled", "paid"),
            ("cancelled", "pending"),
            ("cancelled", "paid"),
        ];
        assert!(before == state || table.contains(&(before, state)), "{before} → {state} after {:#?}", self.done);
    }
}
