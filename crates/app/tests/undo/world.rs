//! An organiser's office on both databases: an event with two seats of one type, and everybody who works there.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use app::{App, Doors, packs};
use channels::smtp::Smtp;
use model::{Actor, Id, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::testing::{TestDatabase, copies};
use store::{Conflicts, Error, Files, List, NewUser, Origin, Result, Undo, Work, Workspace};

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) event: Id,
    pub(crate) kind: Id,
    users: BTreeMap<&'static str, Actor>,
    _files: tempfile::TempDir,
    _database: TestDatabase,
}

/// What a record holds, without what counts its changes.
pub(crate) type Everything = BTreeMap<(&'static str, Id), (Json, bool)>;

const MODULES: [&str; 8] = ["accounts", "contacts", "events", "leads", "orders", "participants", "payments", "tickets"];

/// Runs a test in a fresh world on each engine, and says on which one it failed.
pub(crate) fn in_both(test: impl Fn(&World)) {
    for database in offices() {
        let name = database.name;
        let world = World::new(database);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| test(&world))) {
            eprintln!("the test failed on {name}");
            resume_unwind(panic);
        }
    }
}

pub(crate) fn rub(amount: &str) -> Json {
    json!({"amount": amount, "currency": "RUB"})
}

/// A database of each kind with the packs of conferences.
pub(crate) fn offices() -> Vec<TestDatabase> {
    copies("an office", |database| {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        for pack in packs::with_needs("conference").unwrap() {
            workspace.apply_pack(&pack).unwrap();
        }
        workspace.db().close_blocking();
    })
}

impl World {
    fn new(database: TestDatabase) -> Self {
        Self::with_mail(database, None)
    }

    /// A world whose letters go to this mail server; the database is one of [`offices`].
    pub(crate) fn with_mail(database: TestDatabase, smtp: Option<Smtp>) -> Self {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        let folder = tempfile::TempDir::with_prefix("plenary-undo-").unwrap();
        let doors = Doors {
            public_url: "https://example.org".to_owned(),
            smtp: smtp.clone(),
            files: Files::at(folder.path().to_owned()),
        };
        let app = App::new(workspace.clone(), doors).unwrap();
        let roles = ["organiser", "salesperson", "accountant", "door", "administrator", "secretary", "reviewer"];
        let add = move |work: &mut Work<'_>| {
            let mut users = BTreeMap::new();
            for role in roles {
                let user = NewUser {
                    email: format!("{role}@example.org"),
                    name: role.to_owned(),
                    password_hash: "-".to_owned(),
                    roles: vec![role.to_owned()],
                    locale: model::Locale::Ru,
                };
                let id = work.add_user(&user)?;
                users.insert(role, Actor::User(Box::new(work.user(id)?.unwrap())));
            }
            Ok(users)
        };
        let users = workspace.write_blocking(Actor::System("test"), Origin::from("command"), add).unwrap();
        let mut world = Self { app, event: Id::new(), kind: Id::new(), users, _files: folder, _database: database };
        world.event = world.make(
            "events",
            &json!({"name": "JavaВесна", "slug": "spring", "kind": "conference", "status": "on_sale", "capacity": 50,
                "starts_on": "2099-04-13", "ends_on": "2099-04-14"}),
        );
        let tiers = json!([{"price": rub("10000.00"), "from": null, "until": null}]);
        let kind = json!({"event": world.event, "name": "Участник", "quota": 2, "price_tiers": tiers});
        world.kind = world.make("ticket_types", &kind);
        world
    }

    pub(crate) fn user(&self, role: &str) -> Actor {
        self.users[role].clone()
    }

    /// Work of somebody, and its change set.
    pub(crate) fn by<T: Send + 'static>(
        &self,
        role: &str,
        mut work: impl FnMut(&App, &mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<(T, Option<Id>)> {
        let app = self.app.clone();
        let run = move |under_way: &mut Work<'_>| {
            let value = work(&app, under_way)?;
            Ok((value, under_way.change_set()))
        };
        self.app.workspace().write_blocking(self.user(role), Origin::from("api"), run)
    }

    pub(crate) fn make(&self, module: &'static str, json: &Json) -> Id {
        self.make_as("organiser", module, json)
    }

    pub(crate) fn make_as(&self, role: &str, module: &'static str, json: &Json) -> Id {
        let fields = object(json);
        self.by(role, move |app, work| Ok(app.create(work, module, &fields)?.0.id)).unwrap().0
    }

    /// An order of so many seats, and the change set that placed it.
    pub(crate) fn order(&self, seats: usize) -> Result<(Id, Id)> {
        let ticket = json!({"ticket_type": self.kind});
        let buyer = json!({"name": "Пётр Ли", "email": "petr@example.org"});
        let fields = object(&json!({"event": self.event, "buyer": buyer, "tickets": vec![ticket; seats]}));
        let (id, set) = self.by("organiser", move |app, work| Ok(app.create(work, "orders", &fields)?.0.id))?;
        Ok((id, set.unwrap()))
    }

    /// A payment, and the change set that booked it.
    pub(crate) fn pay(&self, order: Option<Id>, amount: &str) -> (Id, Id) {
        let fields = object(&json!({"amount": rub(amount), "order": order}));
        let (id, set) = self.by("organiser", move |app, work| Ok(app.create(work, "payments", &fields)?.0.id)).unwrap();
        (id, set.unwrap())
    }

    pub(crate) fn press(
        &self,
        role: &str,
        module: &'static str,
        id: Id,
        name: &'static str,
        fields: Json,
    ) -> Result<Id> {
        let fields = object(&fields);
        let (_, set) = self.by(role, move |app, work| app.transition(work, module, id, name, &fields).map(drop))?;
        set.ok_or_else(|| Error::conflict("nothing_done", "there was nothing to write"))
    }

    /// Changes a record by hand.
    pub(crate) fn change(&self, role: &str, module: &'static str, id: Id, fields: Json) -> Result<Id> {
        let fields = object(&fields);
        let (_, set) = self.by(role, move |app, work| app.update(work, module, id, &fields, None).map(drop))?;
        Ok(set.unwrap())
    }

    pub(crate) fn undo(&self, role: &str, set: Id) -> Result<Id> {
        match self.by(role, move |app, work| app.undo(work, set, Conflicts::Refuse))?.0 {
            Undo::Done(new) => Ok(new),
            other => panic!("{other:#?}"),
        }
    }

    /// The code of a refusal to undo that leaves everything as it is.
    pub(crate) fn refused(&self, role: &str, set: Id) -> String {
        let before = self.everything();
        let error = self.undo(role, set).unwrap_err();
        assert_eq!(self.everything(), before, "a refusal changes nothing");
        code(&error)
    }

    pub(crate) fn get(&self, module: &'static str, id: Id) -> Record {
        self.app.workspace().read_blocking(Actor::System("test"), move |work| work.get(module, id)).unwrap()
    }

    pub(crate) fn text(&self, module: &'static str, id: Id, field: &str) -> Option<String> {
        self.get(module, id).text(field).map(str::to_owned)
    }

    pub(crate) fn all(&self, module: &'static str) -> Vec<Record> {
        let list = List { limit: 500, ..List::default() };
        let read = move |work: &mut Work<'_>| Ok(work.list(module, &list)?.records);
        self.app.workspace().read_blocking(Actor::System("test"), read).unwrap()
    }

    pub(crate) fn tickets(&self, order: Id) -> Vec<Record> {
        self.all("tickets").into_iter().filter(|ticket| ticket.link("order") == Some(order)).collect()
    }

    /// `status, paid of total`.
    pub(crate) fn said(&self, order: Id) -> String {
        let order = self.get("orders", order);
        let amount = |name: &str| order.get(name).as_money().unwrap().amount_text();
        format!("{}, {} of {}", order.text("status").unwrap(), amount("paid"), amount("total"))
    }

    pub(crate) fn everything(&self) -> Everything {
        let mut all = Everything::new();
        for module in MODULES {
            for record in self.all(module) {
                let fields = record.module.fields.iter().zip(&record.values);
                let values: Map<_, _> = fields.map(|(field, value)| (field.name.clone(), value.to_json())).collect();
                all.insert((module, record.id), (json!({"owner": record.owner, "values": values}), false));
            }
        }
        all
    }

    /// Seats are within the quota, and every rouble is on an order, waiting, or returned.
    pub(crate) fn adds_up(&self) {
        let live = self.all("tickets").iter().filter(|ticket| ticket.text("status") != Some("cancelled")).count();
        assert!(live <= 2, "{live} of two seats are taken");
        let mut on_orders: BTreeMap<Id, i64> = BTreeMap::new();
        for payment in self.all("payments") {
            let minor = |name: &str| payment.get(name).as_money().map_or(0, |money| money.minor);
            let mut allocated = 0;
            if let Value::Json(Json::Array(parts)) = payment.get("allocations") {
                for part in parts {
                    let order: Id = part["order"].as_str().unwrap().parse().unwrap();
                    let amount = part["amount"]["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
                    *on_orders.entry(order).or_default() += amount;
                    allocated += amount;
                }
            }
            assert_eq!(minor("amount"), allocated + minor("unallocated") + minor("refunded"));
        }
        for order in self.all("orders") {
            let minor = |name: &str| order.get(name).as_money().unwrap().minor;
            assert_eq!(minor("paid"), on_orders.get(&order.id).copied().unwrap_or(0), "{}", self.said(order.id));
            let live = |ticket: &Record| ticket.text("status") != Some("cancelled");
            let holds = self.tickets(order.id).iter().any(live);
            let is_open = matches!(order.text("status"), Some("pending" | "paid"));
            assert_eq!(minor("due"), if is_open { (minor("total") - minor("paid")).max(0) } else { 0 });
            assert_eq!(holds, is_open, "{}", self.said(order.id));
        }
    }
}

pub(crate) fn object(json: &Json) -> Map<String, Json> {
    json.as_object().cloned().unwrap_or_default()
}

pub(crate) fn code(error: &Error) -> String {
    match error {
        Error::Conflict { code, .. } | Error::Forbidden { code, .. } => (*code).to_owned(),
        Error::NotFound { .. } => "not_found".to_owned(),
        other => panic!("{other:?}"),
    }
}
