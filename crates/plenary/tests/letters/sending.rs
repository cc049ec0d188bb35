//! The program is killed again and again while letters are on their way to a mail server that takes them. Each arrives; none arrives
//! twice of which it was noted that the server had taken it; whatever arrives twice has one Message-ID. `PLENARY_KILLS` says how
//! often; `script/prove` tries it at length.
//!
//! Between the server's answer and the note of it a letter is on nobody's side: whoever dies there does not know, and brings it again
//! (RFC 5321, 4.5.4.1 and 6.1). The server answers late here, so that this happens.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use channels::outbox;
use channels::testing::SmtpServer;
use jiff::SignedDuration;
use model::{Actor, Id};
use store::testing::{Dice, seed, told};
use store::{Error, Work, Workspace};

use crate::harness::api::text;
use crate::harness::http::escaped;
use crate::harness::{Api, Kind};
use crate::post::{on, until};

/// Orders of a round: each sends a letter.
const OF_ROUND: usize = 8;
/// A kill comes this long after the last order of a round, in milliseconds.
const MOMENTS: usize = 300;
/// What a server that was left alone still reads.
const READS: Duration = Duration::from_millis(200);
/// Longer than whoever sends a letter has it.
const CLAIM: SignedDuration = SignedDuration::from_mins(11);
/// Letters of a page.
const PAGE: usize = 500;
/// Whoever is called so is answered late.
const TO: &str = "slow";

#[test]
fn sqlite() {
    storm(Kind::Sqlite);
}

#[test]
fn postgres() {
    storm(Kind::Postgres);
}

/// A letter as the outbox has it.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) status: String,
    pub(crate) message_id: String,
    pub(crate) attempts: i64,
}

/// What is, or was, in the outbox.
pub(crate) fn letters(workspace: &Workspace) -> BTreeMap<Id, Letter> {
    let read = |work: &mut Work<'_>| {
        let (mut all, mut cursor) = (BTreeMap::new(), None);
        loop {
            let page = outbox::list(work, None, PAGE, cursor)?;
            for record in &page.records {
                let word = |field: &str| record.text(field).unwrap_or_default().to_owned();
                let attempts = record.get("attempts").as_int().unwrap_or(0);
                let letter =
                    Letter { to: word("to"), status: word("status"), message_id: word("message_id"), attempts };
                all.insert(record.id, letter);
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok::<_, Error>(all);
            }
        }
    };
    workspace.read_blocking(Actor::System("test"), read).unwrap()
}

/// Whether letters to somebody whose address begins so have not gone yet.
pub(crate) fn is_on_its_way(admin: &Api, to: &str) -> bool {
    let filter = escaped("direction == \"out\" && (status == \"queued\" || status == \"sending\")");
    let page = admin.get(&format!("/api/v1/messages?limit=500&filter={filter}")).expect(200);
    page["data"].as_array().unwrap().iter().any(|letter| text(letter, "to").starts_with(to))
}

/// How often a letter was taken by the server.
pub(crate) fn times(taken: &[String], message_id: &str) -> usize {
    taken.iter().filter(|id| *id == message_id).count()
}

/// What was seen of a letter at every kill.
#[derive(Default)]
struct Seen {
    message_id: String,
    /// How often it stood at a kill as one that is being sent.
    open: usize,
    /// How often the server had taken it when it was first noted that it had.
    noted: Option<usize>,
}

fn storm(kind: Kind) {
    let kills = usize::try_from(told("PLENARY_KILLS", 6)).unwrap();
    let (begun, mut dice) = (Instant::now(), Dice::new(seed(31)));
    let server = SmtpServer::start();
    on(kind, &["--smtp", &server.url(), "--public-limit", "0"], |post| {
        let tickets = post.sale("storm");
        let (mut seen, mut placed) = (BTreeMap::<Id, Seen>::new(), 0);
        for _ in 0..kills {
            for _ in 0..OF_ROUND {
                assert!(post.order("storm", &tickets, &format!("{TO}{placed}@example.com")), "it serves");
                placed += 1;
            }
            thread::sleep(Duration::from_millis(u64::try_from(dice.below(MOMENTS)).unwrap()));
            post.kill();
            thread::sleep(READS);
            let (all, taken) = (post.asleep(letters), server.taken());
            for (id, letter) in all.iter().filter(|(_, letter)| letter.to.starts_with(TO)) {
                judge(seen.entry(*id).or_default(), letter, &taken);
            }
            post.passes(CLAIM);
            post.start();
        }
        until("everything is sent", || !is_on_its_way(&post.admin(), TO));
        post.kill();
        let (all, taken) = (post.asleep(letters), server.taken());
        post.start();
        let twice = each_arrived(&all, &taken, &mut seen, placed);
        println!(
            "proved: {} letters over {kills} kills: each arrived; {twice} of them twice under one Message-ID, as the program died \
             between the server's answer and the note of it; in {:.0} s",
            all.len(),
            begun.elapsed().as_secs_f64()
        );
    });
}

/// What must hold of a letter whenever the program dies.
fn judge(seen: &mut Seen, letter: &Letter, taken: &[String]) {
    if seen.message_id.is_empty() {
        seen.message_id.clone_from(&letter.message_id);
    }
    assert_eq!(seen.message_id, letter.message_id, "a letter keeps its name");
    let times = times(taken, &letter.message_id);
    match letter.status.as_str() {
        "sent" => {
            assert!(times > 0, "it is noted that the server took what it never saw: {letter:?}");
            assert_eq!(*seen.noted.get_or_insert(times), times, "it goes no more: {letter:?}");
        }
        "sending" => seen.open += 1,
        "queued" => assert!(letter.attempts > 0 || times == 0, "nobody had it, and it went: {letter:?}"),
        other => panic!("{other}: {letter:?}"),
    }
}

/// Each arrived, and none more often than there were kills that left it unknown; answers how many arrived more than once.
fn each_arrived(all: &BTreeMap<Id, Letter>, taken: &[String], seen: &mut BTreeMap<Id, Seen>, placed: usize) -> usize {
    let mut twice = 0;
    for (id, letter) in all.iter().filter(|(_, letter)| letter.to.starts_with(TO)) {
        let seen = seen.entry(*id).or_default();
        judge(seen, letter, taken);
        let times = times(taken, &letter.message_id);
        assert_eq!(letter.status, "sent", "{letter:?}");
        assert!(
            (1..=1 + seen.open).contains(&times),
            "{times} times, though {} kills left it open: {letter:?}",
            seen.open
        );
        twice += usize::from(times > 1);
    }
    for number in 0..placed {
        let to = format!("{TO}{number}@example.com");
        assert!(all.values().any(|letter| letter.to == to), "order {number} was answered, and its letter is lost");
    }
    let known: Vec<_> = all.values().map(|letter| &letter.message_id).collect();
    assert!(taken.iter().all(|id| known.contains(&id)), "nothing else went");
    twice
}
