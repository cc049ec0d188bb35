//! A workspace made of the packs that ship, a clock in the test's hands, and letters that are kept to be looked at.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use billing::NewPayment;
use jiff::{Span, Timestamp, ToSpan};
use model::pack::Pack;
use model::requisites::LegalEntity;
use model::{Actor, Currency, Id, Money, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::db::Db;
use store::testing::{TestDatabase, copies};
use store::{Draft, Error, Knowledge, NewUser, Origin, Result, Work, Workspace};
use ticketing::{Booked, Letters, OrderRequest, OutgoingLetter, PersonRequest, TicketRequest, Ticketing};

/// Letters of the transaction under way, and those of transactions that were kept.
#[derive(Default)]
pub(crate) struct Outbox {
    under_way: Mutex<Vec<OutgoingLetter>>,
    sent: Mutex<Vec<OutgoingLetter>>,
}

impl Letters for Outbox {
    fn send(&self, _: &mut Work<'_>, letter: OutgoingLetter) -> Result<()> {
        self.under_way.lock().unwrap().push(letter);
        Ok(())
    }
}

/// A database with the packs applied; worlds share it.
pub(crate) struct Ground {
    pub(crate) workspace: Workspace,
    pub(crate) name: &'static str,
    _database: TestDatabase,
}

/// Who sells.
pub(crate) fn seller() -> LegalEntity {
    LegalEntity { name: "OOO Harbour".to_owned(), inn: "7736207543".to_owned(), ..LegalEntity::default() }
}

impl Ground {
    pub(crate) fn all() -> Vec<Arc<Self>> {
        copies("a ground", Self::lay).into_iter().map(|database| Arc::new(Self::on(database))).collect()
    }

    /// A fresh one on the database of this name.
    pub(crate) fn of(name: &str) -> Arc<Self> {
        Self::all().into_iter().find(|ground| ground.name == name).unwrap()
    }

    fn on(database: TestDatabase) -> Self {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        Self { workspace, name: database.name, _database: database }
    }

    fn lay(database: &TestDatabase) {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        for name in ["crm", "tickets", "group_tickets"] {
            workspace.apply_pack(&read_pack(name)).unwrap();
        }
        let mut settings = (*workspace.knowledge().settings).clone();
        settings.legal_entities = vec![seller()];
        workspace.save_settings(settings).unwrap();
        let user = |name: &str, role: &str| NewUser {
            email: format!("{name}@example.org"),
            name: name.to_owned(),
            password_hash: "-".to_owned(),
            roles: vec![role.to_owned()],
            locale: model::Locale::Ru,
        };
        let (organiser, door) = (user("olga", "organiser"), user("dora", "door"));
        let add = move |work: &mut Work<'_>| {
            [&door, &organiser].into_iter().try_for_each(|user| work.add_user(user).map(drop))
        };
        workspace.write_blocking(Actor::System("test"), Origin::from("test"), add).unwrap();
        workspace.db().close_blocking();
    }

    /// Applies the pack of tickets with a line changed.
    pub(crate) fn apply_tickets(&self, from: &str, to: &str) {
        let mut files = read_pack("tickets").files;
        let text = files.get_mut("processes/orders.toml").unwrap();
        assert!(text.contains(from));
        *text = text.replace(from, to);
        self.workspace.apply_pack(&Pack::read(files).unwrap()).unwrap();
    }

    pub(crate) fn db(&self) -> &Db {
        self.workspace.db()
    }

    pub(crate) fn user(&self, email: &'static str) -> Actor {
        let read = self.workspace.read_blocking(Actor::System("test"), move |work| {
            let account = work.account_by_email(email)?.unwrap();
            work.user(account.id)
        });
        Actor::User(Box::new(read.unwrap().unwrap()))
    }
}

fn read_pack(name: &str) -> Pack {
    let root = Path::new("../../packs").join(name);
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files);
    Pack::read(files).unwrap()
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(
                path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(),
                std::fs::read_to_string(&path).unwrap(),
            );
        }
    }
}

/// One seller with a clock of its own.
pub(crate) struct World {
    pub(crate) ground: Arc<Ground>,
    pub(crate) ticketing: Ticketing,
    pub(crate) staff: Actor,
    outbox: Arc<Outbox>,
    knowledge: Knowledge,
    now: Timestamp,
}

/// An event with its ticket types.
pub(crate) struct Event {
    pub(crate) id: Id,
    pub(crate) slug: String,
    pub(crate) types: Vec<Id>,
}

impl World {
    pub(crate) fn new(ground: &Arc<Ground>) -> Self {
        let outbox = Arc::new(Outbox::default());
        Self {
            ground: ground.clone(),
            ticketing: Ticketing::new(outbox.clone(), "https://tickets.example.org/"),
            staff: ground.user("olga@example.org"),
            outbox,
            knowledge: ground.workspace.knowledge(),
            now: "2026-11-21T09:00:00Z".parse().unwrap(),
        }
    }

    /// Takes note of what was set or applied since.
    pub(crate) fn know_again(&mut self) {
        self.knowledge = self.ground.workspace.knowledge();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn later(&self, span: Span) -> Timestamp {
        self.now.to_zoned(jiff::tz::TimeZone::UTC).checked_add(span).unwrap().timestamp()
    }

    /// From now on the organisation sells as this one, or has not said as whom.
    pub(crate) fn sells(&mut self, seller: Option<LegalEntity>) {
        let mut settings = (*self.knowledge.settings).clone();
        settings.legal_entities = seller.into_iter().collect();
        self.knowledge.settings = Arc::new(settings);
    }

    /// Lets time go by.
    pub(crate) fn wait(&mut self, span: Span) {
        self.now = self.later(span);
    }

    /// One transaction of `actor`. Its letters are sent only if it is kept.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        actor: &Actor,
        work: impl Fn(&mut Work<'_>, &Ticketing) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (actor, knowledge, now) = (actor.clone(), self.knowledge.clone(), self.now);
        let (ticketing, outbox) = (self.ticketing.clone(), self.outbox.clone());
        let result = self.ground.db().write_blocking(move |tx| {
            outbox.under_way.lock().unwrap().clear();
            let mut under_way = Work::new(tx, actor.clone(), knowledge.clone(), now, Origin::from("test"));
            work(&mut under_way, &ticketing)
        });
        let letters = std::mem::take(&mut *self.outbox.under_way.lock().unwrap());
        if result.is_ok() {
            self.outbox.sent.lock().unwrap().extend(letters);
        }
        result
    }

    pub(crate) fn as_system<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Work<'_>, &Ticketing) -> Result<T> + Send + 'static,
    ) -> T {
        self.run(&Actor::System("test"), work).unwrap()
    }

    /// Letters since the last call.
    pub(crate) fn letters(&self) -> Vec<OutgoingLetter> {
        std::mem::take(&mut *self.outbox.sent.lock().unwrap())
    }

    /// Names and addressees of the letters since the last call.
    pub(crate) fn told(&self) -> Vec<String> {
        self.letters().iter().map(|letter| format!("{} {}", letter.template, letter.to_email)).collect()
    }

    pub(crate) fn create(&self, module: &'static str, fields: Json) -> Record {
        let fields = object(fields);
        self.as_system(move |work, ticketing| {
            let mut draft = Draft::read(&*work.module(module)?, &fields, work.settings().reading())?;
            ticketing.check(work, module, &mut draft, None)?;
            work.create(module, draft)
        })
    }

    pub(crate) fn change(&self, module: &'static str, id: Id, fields: Json) -> Result<Record> {
        let fields = object(fields);
        self.run(&Actor::System("test"), move |work, ticketing| {
            let before = work.get(module, id)?;
            let mut draft = Draft::read(&*work.module(module)?, &fields, work.settings().reading())?;
            ticketing.check(work, module, &mut draft, Some(&before))?;
            work.update(module, id, draft, None)
        })
    }

    pub(crate) fn get(&self, module: &'static str, id: Id) -> Record {
        self.as_system(move |work, _| work.get(module, id))
    }

    pub(crate) fn find(&self, module: &'static str, filter: String) -> Vec<Record> {
        self.as_system(move |work, _| {
            let plan = work.filter(module, &filter)?;
            work.find(module, plan)
        })
    }

    /// An event on sale with ticket types of these names, quotas and prices in roubles.
    pub(crate) fn event(&self, fields: Json, types: &[(&str, Option<i64>, &str)]) -> Event {
        let slug = format!("e{}", Id::new().to_string().replace('-', ""));
        let mut event = object(
            json!({"name": "Highload", "slug": slug, "status": "on_sale", "starts_on": "2027-04-13", "ends_on": "2027-04-14"}),
        );
        event.extend(object(fields));
        let id = self.create("events", Json::Object(event)).id;
        let make = |(name, quota, price): &(&str, Option<i64>, &str)| {
            let tiers = json!([{"price": {"amount": price, "currency": "RUB"}}]);
            self.create("ticket_types", json!({"event": id, "name": name, "quota": quota, "price_tiers": tiers})).id
        };
        Event { id, slug, types: types.iter().map(make).collect() }
    }

    pub(crate) fn place(&self, request: OrderRequest) -> Result<Record> {
        self.run(&Actor::Public, move |work, ticketing| ticketing.place(work, &request))
    }

    pub(crate) fn pay(&self, order: Id, amount: &str) -> Booked {
        let request = NewPayment::of(rub(amount), order);
        self.run(&self.staff, move |work, ticketing| ticketing.book_payment(work, &request)).unwrap()
    }

    pub(crate) fn look(&self, order: Id) -> ticketing::Look {
        self.as_system(move |work, ticketing| ticketing.look(work, order))
    }

    pub(crate) fn press(&self, order: Id, name: &'static str, fields: Json) -> Result<Record> {
        let fields = object(fields);
        self.run(&self.staff, move |work, ticketing| ticketing.order_transition(work, order, name, &fields))
    }

    pub(crate) fn press_payment(&self, payment: Id, name: &'static str, fields: Json) -> Result<Record> {
        let fields = object(fields);
        self.run(&self.staff, move |work, ticketing| ticketing.payment_transition(work, payment, name, &fields))
    }

    pub(crate) fn press_ticket(&self, ticket: Id, name: &'static str) -> Result<Record> {
        self.run(&self.staff, move |work, ticketing| ticketing.ticket_transition(work, ticket, name, &Map::new()))
    }

    pub(crate) fn tickets(&self, order: Id) -> Vec<Record> {
        self.as_system(move |work, ticketing| ticketing.tickets_of(work, order))
    }

    /// `status total paid due` of an order.
    pub(crate) fn order(&self, id: Id) -> String {
        let order = self.get("orders", id);
        let amount = |name: &str| order.get(name).as_money().unwrap().amount_text();
        format!("{} {} {} {}", order.text("status").unwrap(), amount("total"), amount("paid"), amount("due"))
    }

    /// `status allocated unallocated refunded reason` of a payment.
    pub(crate) fn payment(&self, id: Id) -> String {
        let payment = self.get("payments", id);
        let balance = billing::Balance::of(&payment).unwrap();
        let allocated: i64 = balance.allocations().iter().map(|line| line.amount.minor).sum();
        let allocated = Money::new(allocated, balance.amount().currency);
        let parts = [allocated, balance.unallocated(), balance.refunded()].map(Money::amount_text).join(" ");
        format!("{} {parts} {}", payment.text("status").unwrap(), payment.text("needs_attention_reason").unwrap_or("-"))
    }

    /// Statuses of an order's tickets.
    pub(crate) fn seats(&self, order: Id) -> Vec<String> {
        self.tickets(order).iter().map(|ticket| ticket.text("status").unwrap().to_owned()).collect()
    }

    /// `sold reserved available` of a ticket type.
    pub(crate) fn left(&self, event: &Event, kind: usize) -> (i64, i64, Option<i64>) {
        let (event, kind) = (event.id, event.types[kind]);
        let (types, _) = self.as_system(move |work, ticketing| ticketing.availability(work, event));
        let seats = types.iter().find(|(it, _)| it.id == kind).unwrap().1;
        (seats.sold, seats.reserved, seats.available)
    }
}

/// A buyer of one ticket each of these types.
pub(crate) fn request(event: &Event, buyer: &str, types: &[usize]) -> OrderRequest {
    let ticket = |kind: &usize| TicketRequest { ticket_type: event.types[*kind].to_string(), attendee: None };
    OrderRequest {
        event: event.id,
        buyer: PersonRequest {
            name: Some(format!("Покупатель {buyer}")),
            email: Some(format!("{buyer}@example.org")),
            phone: None,
        },
        tickets: types.iter().map(ticket).collect(),
        channel: None,
        locale: None,
        source: None,
    }
}

pub(crate) fn rub(amount: &str) -> Money {
    Money::parse(amount, Currency::RUB).unwrap()
}

pub(crate) fn object(json: Json) -> Map<String, Json> {
    json.as_object().unwrap().clone()
}

/// The stable code of a refusal.
pub(crate) fn code<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(Error::Conflict { code, .. } | Error::Forbidden { code, .. }) => code.to_owned(),
        Err(Error::Invalid(errors)) => {
            errors.iter().map(|error| format!("{} {}", error.field, error.code)).collect::<Vec<_>>().join(", ")
        }
        Err(Error::NotFound { .. }) => "not_found".to_owned(),
        Err(other) => panic!("{other}"),
    }
}

pub(crate) fn tiers(tiers: &[(&str, Option<Timestamp>, Option<Timestamp>)]) -> Json {
    tiers
        .iter()
        .map(|(price, from, until)| json!({"price": {"amount": price, "currency": "RUB"}, "from": from.map(|at| at.to_string()), "until": until.map(|at| at.to_string())}))
        .collect()
}

pub(crate) fn day() -> Span {
    1.day()
}

/// Whether a field says yes.
pub(crate) fn yes(record: &Record, field: &str) -> bool {
    *record.get(field) == Value::Bool(true)
}

/// Runs a test on a fresh database of each kind and says on which it failed.
pub(crate) fn on_both(test: impl Fn(&mut World)) {
    for ground in Ground::all() {
        let name = ground.name;
        let run = std::panic::AssertUnwindSafe(|| test(&mut World::new(&ground)));
        if let Err(panic) = std::panic::catch_unwind(run) {
            eprintln!("the test failed on {name}");
            std::panic::resume_unwind(panic);
        }
    }
}
