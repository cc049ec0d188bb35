//! Letters of a mailbox come in once and only once, while the program is killed again and again, the connection is broken, the folder
//! numbers its letters anew, and they are moved to another folder and back. `PLENARY_LETTERS` says how many; `script/prove` tries
//! ten thousand.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, Instant};

use channels::testing::ImapServer;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::testing::{Dice, Line, seed, told};

use crate::harness::api::{id, text};
use crate::harness::http::escaped;
use crate::harness::{Api, Kind};
use crate::post::{Post, on, pages};

/// Letters of one round, about; of all rounds there are some, and not too many.
const OF_ROUND: usize = 25;
const ROUNDS: std::ops::RangeInclusive<usize> = 6..=60;
/// What goes wrong comes so long after the first letters of a round, in milliseconds, …
const MOMENTS: usize = 400;
/// … and after this where none of them has come by then: it may be that earlier ones are looked at once more.
const SLOW: Duration = Duration::from_secs(4);
/// Longer than a mailbox is held by whoever has died, and than a letter waits that was begun once.
const HELD: SignedDuration = SignedDuration::from_mins(6);
/// Longer than a letter waits that was begun several times.
const LONG: SignedDuration = SignedDuration::from_hours(6);
/// Each such letter has a file.
const WITH_FILE: usize = 10;

#[test]
fn sqlite() {
    on(Kind::Sqlite, &["--private-mail"], arriving);
}

#[test]
fn postgres() {
    on(Kind::Postgres, &["--private-mail"], arriving);
}

/// What goes wrong in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// The program is killed, …
    Killed,
    /// … and the folder numbers its letters anew, …
    Renumbered,
    /// … or they are moved to another folder, where the mailbox follows them, …
    Moved,
    /// … or back.
    MovedBack,
    /// The connection breaks off.
    Cut,
}

impl Wrong {
    /// Of the round `round` of so many.
    fn of(round: usize, rounds: usize) -> Self {
        match round {
            round if round == rounds / 4 => Self::Renumbered,
            round if round == rounds / 2 => Self::Moved,
            round if round == rounds * 3 / 4 => Self::MovedBack,
            round if round % 3 == 2 => Self::Cut,
            _ => Self::Killed,
        }
    }
}

fn arriving(post: &mut Post) {
    let letters = usize::try_from(told("PLENARY_LETTERS", 160)).unwrap();
    let rounds = (letters / OF_ROUND).clamp(*ROUNDS.start(), *ROUNDS.end());
    let (begun, mut dice) = (Instant::now(), Dice::new(seed(29)));
    let server = ImapServer::start();
    let line = Line::to(server.tls);
    let mailbox = mailbox(&post.admin(), &server, line.port());
    let (mut sent, mut is_moved, mut wrongs) = (0, false, BTreeMap::<String, usize>::new());
    for round in 0..rounds {
        let until = letters * (round + 1) / rounds;
        let arrived = count(&post.admin());
        for number in sent..until {
            let letter = letter(number);
            if is_moved {
                server.receive_elsewhere(&letter)
            } else {
                server.receive(&letter)
            };
        }
        sent = until;
        // Some come because their server says so, and some because somebody asks.
        if dice.one_in(2) {
            look(&post.admin(), &mailbox);
        }
        let patience = Instant::now();
        while count(&post.admin()) == arrived && patience.elapsed() < SLOW {
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(u64::try_from(dice.below(MOMENTS)).unwrap()));
        let wrong = Wrong::of(round, rounds);
        *wrongs.entry(format!("{wrong:?}")).or_default() += 1;
        go_wrong(post, wrong, (&server, &line, mailbox.as_str()));
        is_moved = wrong == Wrong::Moved || is_moved && wrong != Wrong::MovedBack;
    }
    let lost = all_in(post, &mailbox, letters);
    let admin = post.admin();
    let known = each_came_once(&admin, letters);
    let ledger = the_ledger_agrees(&admin, &mailbox, &known);
    post.check();
    let rate = letters as f64 / begun.elapsed().as_secs_f64();
    println!(
        "proved: {letters} letters, each taken once over {wrongs:?}; {ledger} notes of them, and {lost} times the time of what was \
         interrupted had to come; {rate:.0} a second"
    );
}

fn go_wrong(post: &mut Post, wrong: Wrong, (server, line, mailbox): (&ImapServer, &Line, &str)) {
    if wrong == Wrong::Cut {
        line.cut();
        // It would be tried again after a minute.
        return look(&post.admin(), mailbox);
    }
    post.kill();
    match wrong {
        Wrong::Renumbered => server.renumber(),
        Wrong::Moved => server.move_all(false),
        Wrong::MovedBack => server.move_all(true),
        Wrong::Killed | Wrong::Cut => {}
    }
    post.passes(HELD);
    post.start();
    let folder = match wrong {
        Wrong::Moved => "Other",
        Wrong::MovedBack => "INBOX",
        _ => return,
    };
    post.admin().patch(&format!("/api/v1/meta/mailboxes/{mailbox}"), json!({"folder": folder})).expect(200);
}

/// A letter with a name of its own; some have a file, some answer the one before.
fn letter(number: usize) -> String {
    let name = |number: usize| format!("<letter-{number}@north-quay.example>");
    let answers = if number % 7 == 3 { format!("In-Reply-To: {}\n", name(number - 1)) } else { String::new() };
    let head = format!(
        "From: =?utf-8?B?0JLQtdGA0LA=?= <guest{}@north-quay.example>\nTo: office@forum.example\nSubject: Letter {number}\n\
         Message-ID: {}\nDate: Wed, 5 May 2027 10:15:00 +0300\n{answers}MIME-Version: 1.0\n",
        number % 50,
        name(number)
    );
    let text = format!("Letter {number}. {}", "A line that says something.\n".repeat(number % 40));
    if !number.is_multiple_of(WITH_FILE) {
        return format!("{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n");
    }
    format!(
        "{head}Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n{text}\n--x\n\
         Content-Type: text/csv; name=\"{number}.csv\"\nContent-Disposition: attachment; filename=\"{number}.csv\"\n\n\
         number\n{number}\n--x--\n"
    )
}

fn mailbox(admin: &Api, server: &ImapServer, port: u16) -> String {
    let mailbox = json!({
        "name": "Office", "host": "localhost", "port": port, "security": "tls", "login": "office", "password": "secret",
        "certificate": server.certificate, "since": "2000-01-01T00:00:00Z",
    });
    id(&admin.post("/api/v1/meta/mailboxes", mailbox).expect(201)).to_owned()
}

fn look(admin: &Api, mailbox: &str) {
    admin.post(&format!("/api/v1/meta/mailboxes/{mailbox}/look"), json!({})).expect(200);
}

/// Messages that came in.
fn count(admin: &Api) -> usize {
    let filter = escaped("direction == \"in\"");
    let page = admin.get(&format!("/api/v1/messages?limit=1&count=exact&filter={filter}")).expect(200);
    usize::try_from(page["total"].as_u64().unwrap()).unwrap()
}

/// Whether nothing is to be tried again.
fn is_settled(admin: &Api, mailbox: &str) -> bool {
    let failed = pages(admin, &format!("/api/v1/meta/mailboxes/{mailbox}/letters?state=failed&limit=500"));
    failed.iter().all(|letter| letter["retry_at"].is_null())
}

/// Waits until every letter is in. What was interrupted is tried again after a while, and later the more often that was; answers how
/// often its time had to come.
fn all_in(post: &mut Post, mailbox: &str, letters: usize) -> usize {
    for lost in 0..10 {
        look(&post.admin(), mailbox);
        let (mut arrived, mut since) = (count(&post.admin()), Instant::now());
        while since.elapsed() < SLOW && (arrived < letters || !is_settled(&post.admin(), mailbox)) {
            thread::sleep(Duration::from_millis(100));
            let now = count(&post.admin());
            if now > arrived {
                (arrived, since) = (now, Instant::now());
            }
        }
        if arrived == letters && is_settled(&post.admin(), mailbox) {
            return lost;
        }
        post.kill();
        post.passes(LONG);
        post.start();
    }
    let failed = pages(&post.admin(), &format!("/api/v1/meta/mailboxes/{mailbox}/letters?state=failed&limit=500"));
    panic!("{} of {letters} letters are in, to be tried again: {failed:#?}", count(&post.admin()));
}

/// Message-ID → the message that it is.
fn each_came_once(admin: &Api, letters: usize) -> BTreeMap<String, String> {
    let messages = admin.all("messages", &[("filter", "direction == \"in\""), ("limit", "500")]);
    let known: BTreeMap<String, String> =
        messages.iter().map(|message| (text(message, "message_id").to_owned(), id(message).to_owned())).collect();
    let wanted: BTreeSet<String> = (0..letters).map(|number| format!("<letter-{number}@north-quay.example>")).collect();
    assert_eq!(known.keys().cloned().collect::<BTreeSet<_>>(), wanted, "every letter, and no other");
    assert_eq!(messages.len(), letters, "each once");
    for message in &messages {
        let number = text(message, "subject").trim_start_matches("Letter ");
        assert_eq!(text(message, "message_id"), format!("<letter-{number}@north-quay.example>"));
        assert!(text(message, "text").starts_with(&format!("Letter {number}.")), "{message}");
    }
    let files = (0..letters).filter(|number| number.is_multiple_of(WITH_FILE)).count();
    assert_eq!(admin.count("files"), i64::try_from(files).unwrap(), "what came along came once");
    known
}

/// Of each letter the ledger has one note that it was taken, and others that say what else was seen of it; answers how many there are.
fn the_ledger_agrees(admin: &Api, mailbox: &str, known: &BTreeMap<String, String>) -> usize {
    let notes = pages(admin, &format!("/api/v1/meta/mailboxes/{mailbox}/letters?limit=500"));
    let mut taken = BTreeMap::<&str, usize>::new();
    for note in &notes {
        let of = |note: &Value| known.get(&format!("<{}>", text(note, "message_id"))).cloned();
        let record = note["record"]["id"].as_str().map(str::to_owned);
        match text(note, "state") {
            "taken" => {
                *taken.entry(text(note, "message_id")).or_default() += 1;
                assert_eq!(record, of(note), "it is the message that it says: {note}");
            }
            "merged" => assert_eq!(record, of(note), "it is the message that it says: {note}"),
            // Begun under a number that the folder gave up before anybody came back to it.
            "failed" => assert_eq!(text(note, "reason"), "letter_renumbered", "{note}"),
            _ => panic!("{note}"),
        }
    }
    assert_eq!(taken.len(), known.len(), "of each it is noted that it was taken");
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
    notes.len()
}
