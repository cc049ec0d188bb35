//! A letter stands still at each step of its way, and the program is killed there: before the server has the letter, before it keeps
//! it, before it answers, and once the answer is noted.

use std::thread;
use std::time::Duration;

use channels::testing::SmtpServer;
use jiff::SignedDuration;

use crate::harness::Kind;
use crate::post::{Post, on, until};
use crate::sending::{Letter, is_on_its_way, letters, times};

/// Longer than whoever sends a letter has it.
const CLAIM: SignedDuration = SignedDuration::from_mins(11);
/// Nothing goes in this time that has gone.
const STAYS: Duration = Duration::from_secs(1);

/// Where a letter stands still, by the name of its recipient, and how often the server takes it in all. It cannot be known by whoever
/// brings it that a server has kept what it did not answer.
const STEPS: [(&str, usize); 3] = [("heldrcpt", 1), ("helddata", 1), ("heldanswer", 2)];

#[test]
fn sqlite() {
    killed_at_each_step(Kind::Sqlite);
}

#[test]
fn postgres() {
    killed_at_each_step(Kind::Postgres);
}

/// The letter to somebody.
fn letter_to(post: &Post, recipient: &str) -> Letter {
    let to = format!("{recipient}@example.com");
    let all = post.asleep(letters);
    all.into_values().find(|letter| letter.to == to).unwrap_or_else(|| panic!("no letter to {to}"))
}

fn killed_at_each_step(kind: Kind) {
    let server = SmtpServer::start();
    on(kind, &["--smtp", &server.url(), "--public-limit", "0"], |post| {
        let tickets = post.sale("steps");
        for (recipient, in_all) in STEPS {
            assert!(post.order("steps", &tickets, &format!("{recipient}@example.com")));
            until("the letter stands still", || server.is_held(recipient));
            post.kill();
            let before = letter_to(post, recipient);
            assert_eq!((before.status.as_str(), before.attempts), ("sending", 1), "{recipient}");
            post.passes(CLAIM);
            post.start();
            until("it goes once more", || times(&server.taken(), &before.message_id) == in_all);
            until("and that is noted", || !is_on_its_way(&post.admin(), recipient));
            post.kill();
            let after = letter_to(post, recipient);
            assert_eq!((after.status.as_str(), after.attempts), ("sent", 2), "{recipient}");
            assert_eq!(after.message_id, before.message_id, "{recipient}");
            // What is noted goes no more, however often it is killed and whatever time comes.
            post.passes(CLAIM);
            post.start();
            thread::sleep(STAYS);
            assert_eq!(times(&server.taken(), &after.message_id), in_all, "{recipient}");
        }
    });
}
