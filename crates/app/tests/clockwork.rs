//! What a program does by itself. Many timers at once: in order, one effect each, whoever runs them and whoever dies meanwhile, and in nobody's way; indexes of long tables.
//! `PLENARY_RECORDS` says how many; `script/prove` tries a hundred thousand.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first thing that is not there")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::setup::{Setup, set_up};
use app::shape::{Change, WholeEdit, WholeKind};
use app::{App, Doors};
use jiff::ToSpan as _;
use model::{Actor, Id, Locale};
use serde_json::json;
use store::db::Tx;
use store::shape::INDEX_JOB;
use store::testing::{TestDatabase, databases};
use store::{Draft, Files, List, Origin, Result, Work, Workspace};

/// Leads that are made in one transaction.
const AT_ONCE: usize = 500;

struct World {
    app: App,
    admin: Actor,
    folder: tempfile::TempDir,
    database: TestDatabase,
}

/// How many records: `PLENARY_RECORDS`, else as many as an ordinary run has time for.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment how much to try")]
fn wanted() -> usize {
    std::env::var("PLENARY_RECORDS").ok().and_then(|value| value.parse().ok()).unwrap_or(600)
}

fn program(database: &TestDatabase, folder: &tempfile::TempDir) -> App {
    let workspace = Workspace::open(database.options.clone()).unwrap();
    let files = Files::at(folder.path().join("files"));
    App::new(workspace, Doors { public_url: "http://127.0.0.1".to_owned(), smtp: None, files }).unwrap()
}

impl World {
    /// A workspace with leads that stand in their state for as long as a rule wants.
    fn new(database: TestDatabase, leads: usize) -> Self {
        let folder = tempfile::TempDir::with_prefix("plenary-clockwork-").unwrap();
        let app = program(&database, &folder);
        let setup = Setup {
            admin_email: "admin@example.org".to_owned(),
            admin_password: "a long password".to_owned(),
            admin_name: "Admin".to_owned(),
            organisation: "Harbour".to_owned(),
            packs: Vec::new(),
            locale: Locale::En,
            sandbox: true,
        };
        let id = set_up(app.workspace(), &setup).unwrap();
        let user = app.workspace().read_blocking(Actor::System("test"), move |work| work.user(id)).unwrap().unwrap();
        let world = Self { app, admin: Actor::User(Box::new(user)), folder, database };
        let rule = json!({
            "name": "late", "module": "leads", "budget": 1_000_000, "if": "!has(source)",
            "when": {"event": "stayed", "states": ["new"], "after": "PT1H"},
            "then": [{"do": "set", "fields": {"source": "\"late\""}}],
        });
        let rule = WholeEdit::New(rule.as_object().unwrap().clone());
        world.app.shape_whole(&world.admin, WholeKind::Rule, rule, None, false).unwrap();
        for first in (0..leads).step_by(AT_ONCE) {
            let made = first..leads.min(first + AT_ONCE);
            world.write(move |work| {
                made.clone().try_for_each(|number| {
                    work.create("leads", Draft::new().set("name", format!("Lead {number}"))).map(drop)
                })
            });
        }
        world
    }

    fn write<T: Send + 'static>(&self, work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static) -> T {
        self.app.workspace().write_blocking(self.admin.clone(), Origin::from("interface"), work).unwrap()
    }

    fn read<T: Send + 'static>(&self, work: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static) -> T {
        self.app.workspace().read_blocking(self.admin.clone(), work).unwrap()
    }

    /// What the database lacks of its shape.
    fn left(&self) -> String {
        let definitions = self.app.workspace().knowledge().definitions;
        let plan = move |tx: &mut Tx| store::schema::plan(tx, &definitions);
        self.app.workspace().db().read_blocking(plan).unwrap().to_string()
    }

    fn let_time_pass(&self) {
        let later = self.app.workspace().clock().now().checked_add(61.minutes()).unwrap();
        self.app.workspace().move_clock(later).unwrap();
    }

    /// One effect each: every lead was changed once, and the log of runs has one line of it that was tried once.
    fn expect_one_effect_each(&self, leads: usize) -> Vec<Id> {
        let name = self.database.name;
        let count = |filter: &'static str| {
            self.read(move |work| {
                let filter = work.filter("leads", filter)?;
                work.count("leads", &List { filter: Some(filter), ..List::default() }, None)
            })
        };
        assert_eq!(count("source == \"late\" && version == 2"), i64::try_from(leads).unwrap(), "{name}");
        let (mut before, mut records): (Option<Id>, Vec<Id>) = (None, Vec::new());
        loop {
            let page = self.read(move |work| work.rule_runs("late", None, before, 500));
            assert!(page.iter().all(|run| run.attempts == 1 && run.state == store::RunState::Done), "{name}");
            before = page.last().map(|run| run.id);
            records.extend(page.iter().map(|run| run.record));
            if before.is_none() {
                break;
            }
        }
        assert_eq!(records.len(), leads, "{name}");
        let distinct: std::collections::BTreeSet<&Id> = records.iter().collect();
        assert_eq!(distinct.len(), leads, "{name}");
        records
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_timers_run_in_order_and_in_nobodys_way() {
    let leads = wanted();
    for database in databases() {
        let world = World::new(database, leads);
        world.let_time_pass();
        let (is_over, app, admin) = (Arc::new(AtomicBool::new(false)), world.app.clone(), world.admin.clone());
        let until = is_over.clone();
        let somebody = tokio::spawn(async move {
            let mut waits = Vec::new();
            while !until.load(Ordering::Relaxed) {
                let begun = Instant::now();
                let write = |work: &mut Work<'_>| work.create("accounts", Draft::new().set("name", "Somebody's"));
                app.workspace().write(admin.clone(), Origin::from("interface"), write).await.unwrap();
                waits.push(begun.elapsed());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            waits
        });
        let begun = Instant::now();
        world.app.run_due().await.unwrap();
        let took = begun.elapsed().as_secs_f64();
        is_over.store(true, Ordering::Relaxed);
        let mut waits = somebody.await.unwrap();
        waits.sort_unstable();
        // Newest first: in the order in which they fell due.
        let ran = world.expect_one_effect_each(leads);
        assert!(ran.is_sorted_by(|later, earlier| later > earlier), "{}: not in order", world.database.name);
        #[expect(clippy::cast_precision_loss, reason = "a rate is told, not counted")]
        let rate = leads as f64 / took;
        println!(
            "proved: {} timers on {} in {took:.1} s, {rate:.0} a second; {} writes beside them waited {:?} at the median, \
             {:?} at 99 of 100, {:?} at most",
            leads,
            world.database.name,
            waits.len(),
            waits[waits.len() / 2],
            waits[waits.len() * 99 / 100],
            waits[waits.len() - 1],
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_have_one_effect_each_though_one_of_them_dies() {
    let leads = wanted();
    for database in databases() {
        let world = World::new(database, leads);
        world.let_time_pass();
        let other = program(&world.database, &world.folder);
        let dies = tokio::spawn(async move { other.run_due().await.map(|done| done.len()) });
        let app = world.app.clone();
        let lives = tokio::spawn(async move { app.run_due().await.unwrap().len() });
        // Some way in.
        let begun = Instant::now();
        while world.read(|work| work.rule_runs("late", None, None, 50)).len() < 50.min(leads / 4) {
            assert!(begun.elapsed() < Duration::from_secs(60), "nothing runs");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        dies.abort();
        lives.await.unwrap();
        world.app.run_due().await.unwrap();
        world.expect_one_effect_each(leads);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_many_rows_is_built_beside_the_jobs() {
    for database in databases() {
        let (is_sqlite, name) = (database.name == "sqlite", database.name);
        let world = World::new(database, 0);
        // Rows that nobody wrote through the front door: what counts is that there are many.
        let rows = if is_sqlite {
            "insert into accounts (id, version, created_at, updated_at) with recursive number(n) as \
             (select 1 union all select n + 1 from number where n < 10001) select randomblob(16), 1, n, n from number"
        } else {
            "insert into accounts (id, version, created_at, updated_at) \
             select gen_random_uuid(), 1, now(), now() from generate_series(1, 10001)"
        };
        world.app.workspace().db().standalone(rows).await.unwrap();
        let body = json!({"index": true}).as_object().unwrap().clone();
        let change = Change::Field { module: "accounts".to_owned(), field: "bank_name".to_owned(), body };
        world.app.shape(&world.admin, change, None, false).unwrap();
        assert!(world.read(|work| work.is_queued(INDEX_JOB)), "{name}");
        assert_eq!(world.left(), "new index accounts.bank_name.index, built afterwards\n", "{name}");
        world.app.run_due().await.unwrap();
        assert!(world.read(|work| work.is_queued(INDEX_JOB)), "{name}: what takes long is not among the timers");
        let app = world.app.clone();
        let program = tokio::spawn(async move { app.run_jobs().await });
        let begun = Instant::now();
        while world.read(|work| work.is_queued(INDEX_JOB)) {
            assert!(begun.elapsed() < Duration::from_secs(60), "{name}: it is not built");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        program.abort();
        assert_eq!(world.left(), "", "{name}");
    }
}
