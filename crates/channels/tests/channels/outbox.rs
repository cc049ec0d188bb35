//! The outbox on both databases: one cause, one letter; one sender at a time; nothing is lost.

use std::thread;

use channels::Address;
use channels::outbox::{
    ATTEMPTS, Attachment, CLAIM, DELIVER, NewLetter, Outgoing, claim, failed, job_key, list, queue, sent,
};
use jiff::SignedDuration;
use model::{Actor, Id, Record};
use store::{Draft, Error, Job, Kinds, Origin, Result, Workspace};

use crate::world::{later, letter, message, on_both, read, write};

fn queued(workspace: &Workspace, letter: NewLetter) -> Record {
    write(workspace, move |work| queue(work, letter.clone())).unwrap()
}

fn claimed(workspace: &Workspace, id: Id) -> Option<Outgoing> {
    write(workspace, move |work| claim(work, id)).unwrap()
}

/// What a worker does: takes the job that is due and, in the same transaction, the letter.
fn worked(workspace: &Workspace) -> Option<Outgoing> {
    let turn = |work: &mut store::Work<'_>| {
        let now = work.now();
        let Some(job) = work.due_job_of(Kinds::Only(&[DELIVER]), now)? else { return Ok(None) };
        let id: Id = serde_json::from_value(job.payload.get("message").cloned().unwrap()).unwrap();
        work.finish_job(&job)?;
        claim(work, id)
    };
    write(workspace, turn).unwrap()
}

fn next_job(workspace: &Workspace) -> Option<Job> {
    write(workspace, |work| {
        let end = work.now() + SignedDuration::from_hours(1_000);
        work.due_job_of(Kinds::Only(&[DELIVER]), end)
    })
    .unwrap()
}

fn status(workspace: &Workspace, record: &Record) -> String {
    message(workspace, record).text("status").unwrap().to_owned()
}

#[test]
fn a_letter_is_frozen_with_its_job() {
    on_both(|workspace| {
        let files = vec![Attachment {
            document: "ticket".to_owned(),
            data: serde_json::json!({"tickets": [{"code": "K7W3P9XA"}]}),
            name: "билеты.pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
        }];
        let record = queued(workspace, NewLetter { attachments: files.clone(), ..letter("Ivan@Example.ORG ") });
        let kept = message(workspace, &record);
        assert_eq!(kept.text("status"), Some("queued"));
        assert_eq!((kept.text("channel"), kept.text("direction")), (Some("email"), Some("out")));
        assert_eq!((kept.text("to"), kept.text("to_name")), (Some("ivan@example.org"), Some("Иван Петров")));
        assert!(kept.get("sent_at").is_null());
        let job = next_job(workspace).unwrap();
        assert_eq!((job.kind.as_str(), job.key.as_deref()), (DELIVER, Some(job_key(record.id).as_str())));

        let outgoing = worked(workspace).unwrap();
        assert_eq!(outgoing.attachments, files);
        assert_eq!(outgoing.to, Address::new("Иван Петров", "ivan@example.org"));
        assert_eq!(outgoing.date, kept.created_at);
        assert!(
            outgoing.message_id.starts_with('<') && outgoing.message_id.ends_with("@java-club.example>"),
            "{}",
            outgoing.message_id
        );
        assert_eq!(status(workspace, &record), "sending");
        assert!(write(workspace, move |work| sent(work, outgoing.id)).unwrap());
        let kept = message(workspace, &record);
        assert_eq!(kept.text("status"), Some("sent"));
        assert!(!kept.get("sent_at").is_null());
        assert_eq!(next_job(workspace), None);
    });
}

#[test]
fn a_letter_is_rolled_back_with_its_cause() {
    on_both(|workspace| {
        let result: Result<()> = write(workspace, |work| {
            queue(work, letter("a@example.org"))?;
            Err(Error::conflict("sold_out", "no seat left"))
        });
        assert!(result.is_err());
        assert_eq!(read(workspace, |work| list(work, None, 10, None)).records.len(), 0);
        assert_eq!(next_job(workspace), None);
    });
}

#[test]
fn one_cause_sends_one_letter() {
    on_both(|workspace| {
        let paid = NewLetter { cause: Some("order_paid:1".to_owned()), ..letter("a@example.org") };
        let ids: Vec<Id> = thread::scope(|scope| {
            let queue = || scope.spawn(|| queued(workspace, paid.clone()).id);
            let threads: Vec<_> = (0..8).map(|_| queue()).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        let again = queued(workspace, NewLetter { to: Address::new("B", "b@example.org"), ..paid.clone() });
        assert_eq!((again.id, again.text("to")), (ids[0], Some("a@example.org")));
        assert_eq!(read(workspace, |work| list(work, None, 10, None)).records.len(), 1);

        // What else the second transaction wrote stays, and the job stands once.
        worked(workspace).unwrap();
        let id = ids[0];
        write(workspace, move |work| sent(work, id)).unwrap();
        assert_eq!(next_job(workspace), None);
        queued(workspace, paid);
        assert_eq!(next_job(workspace), None, "a sent letter is not sent again");

        let other = queued(workspace, NewLetter { cause: Some("order_paid:2".to_owned()), ..letter("a@example.org") });
        assert_ne!(other.id, id);
    });
}

#[test]
fn one_of_many_senders_gets_the_letter() {
    on_both(|workspace| {
        for _ in 0..5 {
            let id = queued(workspace, letter("a@example.org")).id;
            let taken: usize = thread::scope(|scope| {
                let threads: Vec<_> =
                    (0..4).map(|_| scope.spawn(|| usize::from(claimed(workspace, id).is_some()))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            assert_eq!(taken, 1);
        }
    });
}

#[test]
fn a_letter_left_by_a_dead_sender_is_sent_under_the_same_id() {
    on_both(|workspace| {
        let record = queued(workspace, letter("a@example.org"));
        let first = worked(workspace).unwrap();
        // The sender dies here. Nobody else gets the letter before its time is over.
        later(workspace, CLAIM - SignedDuration::from_mins(1));
        assert_eq!(worked(workspace), None);
        assert_eq!(claimed(workspace, record.id), None);
        later(workspace, SignedDuration::from_mins(1));
        let second = worked(workspace).unwrap();
        assert_eq!((second.attempt, &second.message_id, second.date), (2, &first.message_id, first.date));
        // The first one was only slow: its failure does not take the letter away from the second.
        let (id, attempt) = (record.id, first.attempt);
        assert!(!write(workspace, move |work| failed(work, id, attempt, "too late", None)).unwrap());
        assert!(write(workspace, move |work| sent(work, id)).unwrap());
        assert!(!write(workspace, move |work| sent(work, id)).unwrap());
        assert_eq!(status(workspace, &record), "sent");
        assert_eq!(next_job(workspace), None);
    });
}

#[test]
fn a_change_of_the_record_meanwhile_loses_no_letter() {
    on_both(|workspace| {
        let record = queued(workspace, letter("a@example.org"));
        let id = record.id;
        worked(workspace).unwrap();
        later(workspace, SignedDuration::from_mins(9));
        write(workspace, move |work| work.update("messages", id, Draft::new().set("locale", "en"), None)).unwrap();
        later(workspace, SignedDuration::from_mins(1));
        assert_eq!(worked(workspace), None, "the sender may still be at it");
        later(workspace, CLAIM);
        assert_eq!(worked(workspace).unwrap().id, id);
    });
}

#[test]
fn a_server_that_is_away_is_asked_for_less_than_a_day() {
    on_both(|workspace| {
        let record = queued(workspace, letter("a@example.org"));
        let begun = workspace.clock().now();
        let mut waits = Vec::new();
        for attempt in 1..=ATTEMPTS {
            let outgoing = worked(workspace).unwrap();
            assert_eq!(outgoing.attempt, attempt);
            let (id, now) = (record.id, workspace.clock().now());
            let retry = outgoing.retry_at(now);
            assert!(write(workspace, move |work| failed(work, id, attempt, "451 try \0later", retry)).unwrap());
            let kept = message(workspace, &record);
            assert_eq!(kept.text("error"), Some("451 try later"));
            let Some(at) = retry else { break };
            assert_eq!(kept.text("status"), Some("queued"));
            assert_eq!(worked(workspace), None, "not before its time");
            waits.push(now.duration_until(at));
            later(workspace, now.duration_until(at));
        }
        assert_eq!(status(workspace, &record), "failed");
        assert_eq!(next_job(workspace), None);
        assert!(waits.is_sorted(), "{waits:?}");
        assert_eq!(waits.first(), Some(&SignedDuration::from_mins(1)));
        let all = begun.duration_until(workspace.clock().now());
        assert!(all > SignedDuration::from_hours(20) && all <= SignedDuration::from_hours(24), "{all}");
    });
}

#[test]
fn a_letter_that_kills_its_senders_is_given_up() {
    on_both(|workspace| {
        let record = queued(workspace, letter("a@example.org"));
        for _ in 0..ATTEMPTS {
            worked(workspace).unwrap();
            later(workspace, CLAIM);
        }
        assert_eq!(worked(workspace), None);
        assert_eq!(status(workspace, &record), "failed");
        assert_eq!(next_job(workspace), None);
    });
}

#[test]
fn a_refused_letter_is_not_sent_again() {
    on_both(|workspace| {
        let record = queued(workspace, letter("a@example.org"));
        worked(workspace).unwrap();
        let id = record.id;
        assert!(write(workspace, move |work| failed(work, id, 1, "550 no such mailbox", None)).unwrap());
        assert_eq!(status(workspace, &record), "failed");
        assert_eq!(next_job(workspace), None);
        assert_eq!(claimed(workspace, id), None);
    });
}

#[test]
fn a_deleted_letter_is_not_sent() {
    on_both(|workspace| {
        let (binned, purged) =
            (queued(workspace, letter("a@example.org")).id, queued(workspace, letter("b@example.org")).id);
        write(workspace, move |work| work.delete("messages", binned, None)).unwrap();
        write(workspace, move |work| work.purge("messages", purged, None)).unwrap();
        assert_eq!((worked(workspace), worked(workspace)), (None, None));
        assert_eq!(next_job(workspace), None);
    });
}

#[test]
fn nothing_leaves_a_sandbox() {
    on_both(|workspace| {
        let mut settings = workspace.knowledge().settings.as_ref().clone();
        settings.sandbox = true;
        workspace.save_settings(settings).unwrap();
        let record = queued(workspace, letter("a@example.org"));
        assert_eq!(worked(workspace), None);
        let kept = message(workspace, &record);
        assert_eq!(kept.text("status"), Some("sent"));
        assert!(!kept.get("sent_at").is_null());
        assert_eq!(next_job(workspace), None);
    });
}

#[test]
fn the_outbox_is_listed_oldest_first() {
    on_both(|workspace| {
        for to in ["a@example.org", "b@example.org", "a@example.org"] {
            queued(workspace, letter(to));
            later(workspace, SignedDuration::from_secs(1));
        }
        let all = read(workspace, |work| list(work, None, 2, None));
        assert_eq!(
            all.records.iter().map(|record| record.text("to").unwrap()).collect::<Vec<_>>(),
            ["a@example.org", "b@example.org"]
        );
        let rest = read(workspace, move |work| list(work, None, 2, all.next.clone()));
        assert_eq!((rest.records.len(), rest.next), (1, None));
        let to_a = read(workspace, |work| list(work, Some(" A@example.org"), 10, None)).records;
        assert_eq!(to_a.len(), 2);
        assert!(to_a[0].created_at < to_a[1].created_at);
    });
}

#[test]
fn somebody_outside_causes_letters_and_sees_none() {
    on_both(|workspace| {
        workspace
            .write_blocking(Actor::Public, Origin::from("public"), |work| queue(work, letter("a@example.org")))
            .unwrap();
        let page = workspace.read_blocking(Actor::Public, |work| list(work, None, 10, None)).unwrap();
        assert_eq!(page.records.len(), 0);
        assert_eq!(read(workspace, |work| list(work, None, 10, None)).records.len(), 1);
    });
}

#[test]
fn what_is_no_address_is_refused() {
    on_both(|workspace| {
        for to in [
            "",
            "nobody",
            "a@example.org\r\nRCPT TO:<b@example.org>",
            "a@example.org, b@example.org",
            "<a@example.org>",
        ] {
            let error = write(workspace, move |work| queue(work, letter(to))).unwrap_err();
            let Error::Invalid(errors) = error else { panic!("{to:?}: {error:?}") };
            assert_eq!((errors[0].field.as_str(), errors[0].code.as_str()), ("to", "invalid_email"), "{to:?}");
        }
        let local = NewLetter {
            from: Address { name: None, email: "tickets@localhost".to_owned() },
            ..letter("a@example.org")
        };
        assert!(queued(workspace, local).text("message_id").unwrap().ends_with("@localhost>"));
    });
}
