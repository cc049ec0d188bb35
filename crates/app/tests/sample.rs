//! A small sample on both databases: it has come to rest, and it leaves without a trace that would not add up.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

use std::collections::BTreeMap;

use app::setup::{Organises, Setup, prefer, set_up};
use app::{App, Doors, demo, sample};
use model::{Actor, Id, Locale};
use serde_json::{Map, Value as Json, json};
use store::testing::{TestDatabase, databases};
use store::{Error, Files, List, NewUser, Origin, Result, Work, Workspace};

struct World {
    app: App,
    admin: Actor,
    _files: tempfile::TempDir,
    _database: TestDatabase,
}

impl World {
    fn new(database: TestDatabase, organises: Organises, locale: Locale) -> Self {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        let files = tempfile::TempDir::with_prefix("plenary-sample-").unwrap();
        let doors = Doors {
            public_url: "https://example.org".to_owned(),
            smtp: None,
            files: Files::at(files.path().to_owned()),
        };
        let app = App::new(workspace.clone(), doors).unwrap();
        let setup = Setup {
            admin_email: "admin@example.org".to_owned(),
            admin_password: "a long password".to_owned(),
            admin_name: "Admin".to_owned(),
            organisation: "Harbour".to_owned(),
            packs: vec![organises.pack().to_owned()],
            locale,
            sandbox: false,
        };
        let id = set_up(&workspace, &setup).unwrap();
        prefer(&app, &Actor::System("set-up"), organises).unwrap();
        demo::sample::add(&app, id, organises, locale).unwrap();
        let user = workspace.read_blocking(Actor::System("test"), move |work| work.user(id)).unwrap().unwrap();
        Self { app, admin: Actor::User(Box::new(user)), _files: files, _database: database }
    }

    fn read<T: Send + 'static>(&self, work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static) -> T {
        self.app.workspace().read_blocking(self.admin.clone(), work).unwrap()
    }

    fn write<T: Send + 'static>(&self, work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static) -> T {
        self.app.workspace().write_blocking(self.admin.clone(), Origin::from("interface"), work).unwrap()
    }

    fn counts(&self) -> BTreeMap<String, usize> {
        self.read(sample::counts)
    }

    fn count(&self, module: &'static str) -> i64 {
        self.read(move |work| work.count(module, &List::default(), None))
    }

    fn first(&self, module: &'static str) -> Id {
        self.read(move |work| Ok(work.list(module, &List::default())?.records.first().map(|record| record.id))).unwrap()
    }

    fn make(&self, module: &'static str, json: &Json) -> Id {
        let (app, fields) = (self.app.clone(), object(json));
        self.write(move |work| app.create(work, module, &fields).map(|(record, _)| record.id))
    }

    /// What `plenary check` asks of the store.
    fn is_sound(&self) {
        let report = self.app.workspace().check(None).unwrap();
        assert!(report.findings.is_empty() && report.more == 0, "{:?}", report.findings);
    }
}

fn object(json: &Json) -> Map<String, Json> {
    json.as_object().cloned().unwrap_or_default()
}

#[test]
fn it_has_come_to_rest_and_goes_whole() {
    for database in databases() {
        goes_whole(database);
    }
}

fn goes_whole(database: TestDatabase) {
    let world = World::new(database, Organises::Conference, Locale::Ru);
    let counts = world.counts();
    for module in
        ["events", "ticket_types", "orders", "tickets", "payments", "leads", "deals", "accounts", "activities"]
    {
        assert!(counts.get(module).is_some_and(|count| *count > 0), "no {module}: {counts:?}");
    }
    assert_eq!(counts["events"], 1);
    assert!(counts.values().sum::<usize>() < 400, "it is small: {counts:?}");
    // Nothing waits: no order, no letter, nobody is written to.
    let waiting = world.read(|work| work.next_due());
    assert_eq!(waiting, None);
    world.is_sound();

    // Somebody's own lead, and a sample record that they changed.
    let own = world.make("leads", &json!({"name": "Own"}));
    let (app, account) = (world.app.clone(), world.first("accounts"));
    world.write(move |work| app.update(work, "accounts", account, &object(&json!({"city": "Казань"})), None).map(drop));

    let removed = world.write(sample::remove);
    assert_eq!((removed.kept, removed.gone), (0, counts.values().sum()));
    assert!(world.counts().is_empty() && !world.read(|work| work.has_sample()));
    for module in
        ["events", "ticket_types", "orders", "tickets", "payments", "deals", "accounts", "participants", "messages"]
    {
        assert_eq!(world.count(module), 0, "{module}");
    }
    assert_eq!((world.count("leads"), world.first("leads")), (1, own));
    world.is_sound();
    assert_eq!(world.write(sample::remove), sample::Removed::default(), "a second time there is nothing");
}

#[test]
fn what_ones_own_records_lead_to_stays_and_sales_stay_whole() {
    for database in databases() {
        let world = World::new(database, Organises::Exhibition, Locale::En);
        let all: usize = world.counts().values().sum();
        let account = world.first("accounts");
        world.make("contacts", &json!({"name": "Own", "account": account}));
        // Money of one's own for a sample order: the order stays with its tickets.
        let order = world.first("orders");
        let amount = json!({"amount": "5.00", "currency": "EUR"});
        world.make("payments", &json!({"amount": amount, "method": "cash", "order": order}));
        let removed = world.write(sample::remove);
        assert!(removed.kept >= 4 && removed.gone + removed.kept == all, "{removed:?} of {all}");
        assert_eq!((world.count("accounts"), world.first("accounts")), (1, account));
        assert_eq!((world.count("orders"), world.first("orders"), world.count("events")), (1, order, 1));
        assert!(world.count("tickets") >= 1);
        world.is_sound();
    }
}

#[test]
fn each_kind_gets_what_was_promised() {
    for organises in Organises::ALL {
        let Some(database) = databases().into_iter().next() else { return };
        let world = World::new(database, organises, Locale::En);
        let counts = world.counts();
        assert_eq!(counts.contains_key("events"), organises != Organises::Other, "{counts:?}");
        assert!(counts["deals"] > 0 && counts["leads"] > 0);
        if organises != Organises::Other {
            let kind = world.read(|work| Ok(work.list("events", &List::default())?.records.remove(0)));
            assert_eq!(kind.text("kind"), Some(organises.kind()));
            let new = world.make("events", &json!({"name": "N", "slug": "n", "starts_on": "2099-01-01"}));
            let new = world.read(move |work| work.get("events", new));
            assert_eq!(new.text("kind"), Some(organises.kind()), "new events are of the kind that is organised");
        }
        world.write(sample::remove);
        world.is_sound();
    }
}

#[test]
fn only_administrators_remove_it() {
    for database in databases() {
        let world = World::new(database, Organises::Conference, Locale::En);
        let user = NewUser {
            email: "s@example.org".to_owned(),
            name: "S".to_owned(),
            password_hash: "-".to_owned(),
            roles: vec!["organiser".to_owned()],
            locale: Locale::En,
        };
        let organiser = world.write(move |work| {
            let id = work.add_user(&user)?;
            work.user(id)
        });
        let organiser = Actor::User(Box::new(organiser.unwrap()));
        let refused = world.app.workspace().write_blocking(organiser, Origin::from("interface"), sample::remove);
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
        assert!(world.read(|work| work.has_sample()));
    }
}
