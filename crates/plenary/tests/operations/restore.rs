//! A backup that is taken while everybody buys restores to one moment, and sends nothing before it is told to.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use store::testing::postgres;

use crate::harness::api::{minor, text};
use crate::harness::{Api, Kind, Server, World, plenary};
use crate::load::{buy_on, selling};
use crate::mailbox::Mailbox;

/// Longer than the program sleeps between two looks at its queue.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn backup_under_load_sqlite() {
    backup_under_load(Kind::Sqlite);
}

#[test]
fn backup_under_load_postgres() {
    backup_under_load(Kind::Postgres);
}

fn backup_under_load(kind: Kind) {
    let (mut world, admin, sale) = selling(kind, 100_000);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let files: Vec<_> =
        (0..2).map(|number| world.folder().join(format!("{number}.backup")).display().to_string()).collect();
    thread::scope(|scope| {
        let buyers: Vec<_> = (0..2).map(|_| scope.spawn(|| buy_on(&admin, &sale, &next, &stop))).collect();
        for file in &files {
            thread::sleep(Duration::from_millis(700));
            let (before, began) = (next.load(Ordering::Relaxed), Instant::now());
            let said = world.run(&["backup", file]);
            assert!(said.contains(" rows of "), "{said}");
            // Whoever looks meanwhile finds nothing half done.
            world.run(&["check"]);
            println!(
                "{kind:?}: a backup in {:?}, {} orders meanwhile",
                began.elapsed(),
                next.load(Ordering::Relaxed) - before
            );
        }
        stop.store(true, Ordering::Relaxed);
        let longest = buyers.into_iter().map(|buyer| buyer.join().unwrap()).max().unwrap();
        println!("{kind:?}: the slowest answer took {longest:?}");
        assert!(longest < Duration::from_secs(3), "a buyer waited {longest:?} for a backup");
    });
    let refused = world.try_run(&["backup", &files[0]]);
    assert_eq!((refused.0, refused.2.contains("--force")), (1, true), "{refused:?}");
    world.run(&["backup", &files[0], "--force"]);
    world.server().assert_calm();
    world.server().kill();
    let other = if kind == Kind::Sqlite { Kind::Postgres } else { Kind::Sqlite };
    let token = admin.token.as_deref();
    release_sends_once(kind, &files[0], token);
    assert!(release_sends_once(other, &files[1], token) > 0);
}

/// Restores into a fresh place of this kind; answers how many letters went out after the release.
fn release_sends_once(kind: Kind, file: &str, token: Option<&str>) -> usize {
    let world = World::empty(kind);
    let said = world.run(&["restore", file]);
    assert!(said.contains("restored"), "{said}");
    let again = world.try_run(&["restore", file]);
    assert_eq!((again.0, again.2.contains("there is a workspace already")), (1, true), "{again:?}");
    world.run(&["check"]);

    let mailbox = Mailbox::open();
    let arguments = ["serve".to_owned()].into_iter().chain(world.place()).chain(["--smtp".to_owned(), mailbox.url()]);
    let server = Server::start(&arguments.collect::<Vec<_>>(), world.folder());
    assert!(server.log().contains("plenary release"), "{}", server.log());
    is_one_moment(&Api::new(server.address, token.map(str::to_owned)));
    let shown = world.run(&["release", "--show"]);
    let waiting =
        shown.lines().find_map(|line| line.strip_prefix("letters.deliver: ")?.split(' ').next()?.parse().ok());
    let waiting: usize = waiting.unwrap_or_else(|| panic!("no letters wait: {shown}"));
    thread::sleep(Duration::from_secs(2));
    assert_eq!(mailbox.taken(), [] as [&str; 0], "nothing goes out before the release");
    assert!(world.run(&["release"]).ends_with("released\n"));
    let began = Instant::now();
    while mailbox.taken().len() < waiting && began.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(100));
    }
    thread::sleep(Duration::from_millis(500));
    let taken = mailbox.taken();
    assert_eq!(taken.len(), waiting, "each letter goes out; the log:\n{}", server.log());
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), waiting, "and none twice");
    assert_eq!(world.run(&["release"]), "nothing is held\n");
    server.assert_calm();
    assert_eq!(server.terminate(), Some(0));
    world.run(&["check"]);
    waiting
}

/// Everything that an order and a payment write in one transaction is there, or nothing of it.
fn is_one_moment(api: &Api) {
    let all = |module: &str| api.all(module, &[("limit", "500"), ("sort", "id")]);
    let (orders, tickets, payments) = (all("orders"), all("tickets"), all("payments"));
    let (leads, letters) = (all("leads"), all("messages"));
    let mut numbers: Vec<usize> =
        orders.iter().map(|order| text(order, "number").rsplit_once('-').unwrap().1.parse().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=orders.len()).collect::<Vec<_>>(), "numbers without a gap");
    assert!(orders.len() > 10, "somebody bought: {}", orders.len());
    for order in &orders {
        let of_order = |field: &str, of: &[Value]| of.iter().filter(|it| it[field] == order["id"]).count();
        assert_eq!(of_order("order", &tickets), 1, "{order}");
        let about = letters.iter().filter(|letter| letter["about"]["id"] == order["id"]).count();
        assert!(about > 0, "a letter about {order}");
        assert!(leads.iter().any(|lead| lead["id"] == order["lead"]), "the lead of {order}");
        let lines = payments.iter().flat_map(|payment| payment["allocations"].as_array().unwrap());
        let paid: i64 = lines.filter(|line| line["order"] == order["id"]).map(|line| minor(&line["amount"])).sum();
        assert_eq!(paid, minor(&order["paid"]), "{order}");
        let issued = tickets.iter().any(|ticket| ticket["order"] == order["id"] && ticket["status"] == "issued");
        assert_eq!(issued, order["status"] == "paid", "{order}");
    }
}

/// What cannot be done leaves nothing and says what to do.
#[test]
fn refusals() {
    let world = World::empty(Kind::Sqlite);
    let file = world.folder().join("x.backup").display().to_string();
    let (code, out, err) = world.try_run(&["backup", &file]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("there is no database"), "{err}");
    world.run(&["init", "--admin-email", "a@example.com", "--admin-password", "correct horse"]);
    for (arguments, word) in [
        (&["backup", "/nothing/here/x.backup"][..], "/nothing/here"),
        (&["restore", "/nothing/here/x.backup"], "no such file"),
        (&["restore", "/proc/self/status"], "not a backup"),
    ] {
        let (code, out, err) = world.try_run(arguments);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains(word) && !err.contains("panicked"), "{word}: {err}");
    }
    world.run(&["backup", &file]);
    let names =
        |folder: &std::path::Path| fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name()).collect::<Vec<_>>();
    let before = names(world.folder()).len();
    let served = plenary(&["serve", "--database", &format!("sqlite:{file}"), "--listen", "127.0.0.1:0"]);
    assert_eq!(served.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&served.stderr).contains("plenary restore"), "{served:?}");
    assert_eq!(names(world.folder()).len(), before);
    // A backup that was cut leaves no database behind.
    let bytes = fs::read(&file).unwrap();
    let cut = world.folder().join("cut.backup");
    fs::write(&cut, &bytes[..bytes.len() / 3]).unwrap();
    let target = world.folder().join("target");
    let output = plenary(&["restore", &cut.display().to_string(), "--data", &target.display().to_string()]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(names(&target).len(), 0, "nothing is left");
    let database = postgres().tcp_url(&postgres().fresh_database());
    let output = plenary(&[
        "restore",
        &cut.display().to_string(),
        "--data",
        &target.display().to_string(),
        "--database",
        &database,
    ]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let output = plenary(&["restore", &file, "--data", &target.display().to_string(), "--database", &database]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}
