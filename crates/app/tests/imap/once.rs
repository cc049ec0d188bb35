//! Once and only once: across connections, numbers, folders, mailboxes and programs that die.

use std::collections::BTreeSet;
use std::time::Duration;

use store::{LETTER_BEGUN, LetterNote, LetterState};

use crate::office::{Office, in_both, letter};

#[test]
fn a_letter_comes_once_and_never_again() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        office.server.receive(&letter(1, "", "Хотим участвовать."));
        office.server.receive(&letter(2, "", "И ещё вопрос."));
        office.look();
        assert_eq!((office.arrived().len(), office.became(mailbox)), (2, vec!["taken"; 2]));
        // Another connection.
        office.look();
        assert_eq!((office.arrived().len(), office.became(mailbox).len()), (2, 2));
        // Other numbers for the same letters.
        office.server.renumber();
        office.look();
        assert_eq!(office.arrived().len(), 2);
        assert_eq!(office.became(mailbox), ["taken", "taken", "merged", "merged"]);
        // Away and back.
        office.server.move_all(false);
        office.look();
        office.server.receive(&letter(3, "", "Третье."));
        office.server.move_all(true);
        office.look();
        let told = office.ledger(mailbox);
        let merged = told.iter().filter(|letter| letter.state == LetterState::Merged).count();
        assert_eq!((office.arrived().len(), told.len(), merged), (3, 7, 4));
        // The other folder, by a mailbox of its own.
        office.server.move_all(false);
        let mut setup = office.setup("Другая папка");
        setup.folder = "Other".to_owned();
        let other = office.add(setup);
        office.look();
        assert_eq!((office.arrived().len(), office.became(other)), (3, vec!["merged"; 3]));
    });
}

#[test]
fn a_letter_without_a_name_is_known_by_all_that_is_in_it() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        let nameless = letter(1, "", "Без имени.").replace("Message-ID: <letter-1@romashka.example>\n", "");
        office.server.receive(&nameless);
        office.look();
        office.server.renumber();
        office.look();
        office.server.receive(&nameless.replace("Без имени.", "Другое."));
        office.look();
        assert_eq!(office.became(mailbox), ["taken", "merged", "taken"]);
        assert_eq!(office.arrived().len(), 2);
    });
}

#[test]
fn who_dies_on_the_way_loses_nothing_and_doubles_nothing() {
    in_both(|office: &Office| {
        const LETTERS: u32 = 40;
        let mailbox = office.mailbox();
        for number in 0..LETTERS {
            office.server.receive(&letter(number, "", "Текст."));
        }
        for killed in [5, 40, 80, 120, 170, 230, 300] {
            office.look_until(Duration::from_millis(killed));
        }
        // What broke off is tried again after a while.
        for _ in 0..8 {
            office.look_until(Duration::from_secs(60));
        }
        let arrived = office.arrived();
        let ids: BTreeSet<_> = arrived.iter().map(|message| message.text("message_id").unwrap().to_owned()).collect();
        assert_eq!((arrived.len(), ids.len()), (40, 40));
        let ledger = office.ledger(mailbox);
        assert_eq!(ledger.len(), 40, "each letter stands in the ledger once");
        assert!(ledger.iter().all(|letter| letter.state == LetterState::Taken), "{ledger:?}");
    });
}

#[test]
fn what_was_begun_under_numbers_that_are_no_more_says_so() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        office.server.receive(&letter(1, "", "Первое."));
        office.look();
        // The program dies at the second letter, and the folder is numbered anew before another comes back to it.
        let mut place = office.ledger(mailbox)[0].place;
        place.uid = 99;
        office.write(move |work| {
            work.note_letter(&LetterNote {
                place,
                message_id: Some("letter-2@romashka.example"),
                size: 300,
                state: LetterState::Failed,
                reason: Some(LETTER_BEGUN),
                answer: None,
                record: None,
            })
        });
        office.server.renumber();
        office.server.receive(&letter(2, "", "Второе."));
        office.look();
        assert_eq!(office.became(mailbox), ["taken", "failed", "merged", "taken"]);
        let begun = office.ledger(mailbox).into_iter().find(|letter| letter.place.uid == 99).unwrap();
        assert_eq!(
            (begun.reason.as_deref(), begun.retry_at),
            (Some("letter_renumbered"), None),
            "nobody tries it again"
        );
        assert_eq!(office.arrived().len(), 2);
    });
}

#[test]
fn what_came_before_stays_where_it_is() {
    in_both(|office: &Office| {
        let mut setup = office.setup("Заявки");
        setup.since = office.world.app.workspace().clock().now() + jiff::SignedDuration::from_hours(1);
        let mailbox = office.add(setup);
        office.server.receive(&letter(1, "", "Старое."));
        office.look();
        assert_eq!((office.arrived().len(), office.became(mailbox)), (0, vec!["old"]));
    });
}

#[test]
fn a_mailbox_that_is_set_up_again_brings_nothing_twice() {
    in_both(|office: &Office| {
        let first = office.mailbox();
        office.server.receive(&letter(1, "", "Текст."));
        office.look();
        office.world.by("administrator", move |_, work| work.delete_mailbox(first)).unwrap();
        let second = office.mailbox();
        office.look();
        assert_eq!((office.arrived().len(), office.became(second)), (1, vec!["merged"]));
    });
}
