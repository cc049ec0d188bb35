//! Letters keep their mailbox, and with it who sees them: what comes, what is answered to it, and what waits to be corrected.

use app::App;
use app::queue::Way;
use app::writing::Said;
use model::{Id, Record};
use serde_json::Map;
use store::{Error, List, MailboxSetup, Readers, Result, Visibility, Work};

use crate::office::{Office, in_both, letter};

/// A mailbox of which the secretary alone sees more than this.
fn guarded(office: &Office, visibility: Visibility) -> Id {
    let secretary = office.world.user("secretary").id().unwrap();
    let readers = Readers { users: [secretary].into(), ..Readers::default() };
    office.add(MailboxSetup { visibility, readers, ..office.setup("Дирекция") })
}

/// A record as somebody sees it.
fn seen(office: &Office, role: &str, module: &'static str, id: Id) -> Record {
    let read = move |work: &mut Work<'_>| work.get(module, id);
    office.world.app.workspace().read_blocking(office.world.user(role), read).unwrap()
}

/// How many files somebody sees.
fn files(office: &Office, role: &str) -> usize {
    let read = |work: &mut Work<'_>| Ok(work.list("files", &List { limit: 50, ..List::default() })?.records.len());
    office.world.app.workspace().read_blocking(office.world.user(role), read).unwrap()
}

fn by<T: Send + 'static>(
    office: &Office,
    role: &str,
    work: impl FnMut(&App, &mut Work<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    office.world.by(role, work).map(|(value, _)| value)
}

fn is_partly_hidden<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Forbidden { code: "partly_hidden", .. }))
}

#[test]
fn what_comes_and_what_is_answered_keep_their_mailbox() {
    in_both(|office: &Office| {
        let mailbox = guarded(office, Visibility::Subject);
        office.server.receive(&letter(1, "", "Совсем личное."));
        office.look();
        let first = office.arrived().remove(0);
        let own = Some(mailbox.to_string());
        assert_eq!((first.text("mailbox"), first.text("mailbox_id")), (Some("Дирекция"), own.as_deref()));
        let first = first.id;
        // What would be made of it says what it says.
        let sorted = |way: Way| by(office, "organiser", move |app, work| app.sort(work, first, &way).map(drop));
        assert!(is_partly_hidden(&sorted(Way::Lead(Map::new()))) && is_partly_hidden(&sorted(Way::Case(Map::new()))));
        // Who it is from, and that it waits, is nobody's secret: it is passed on by anybody who sorts.
        let anna = office.world.user("secretary").id().unwrap();
        by(office, "organiser", move |app, work| {
            app.sort(work, first, &Way::Person { to: anna, from: None }).map(drop)
        })
        .unwrap();
        let answer = |role: &str| {
            by(office, role, move |app, work| {
                let said = Said { subject: "Re: Letter 1".to_owned(), text: "Да.".to_owned(), ..Said::default() };
                app.write_letter(work, ("messages", first), &said, &[]).map(|letter| letter.id)
            })
        };
        assert!(is_partly_hidden(&answer("organiser")));
        let answer = answer("secretary").unwrap();
        assert_eq!(office.world.text("messages", answer, "mailbox_id"), own);
        for letter in [first, answer] {
            for (role, expected) in
                [("organiser", [true, false]), ("secretary", [true; 2]), ("administrator", [true; 2])]
            {
                let record = seen(office, role, "messages", letter);
                assert_eq!(["subject", "text"].map(|field| record.text(field).is_some()), expected, "{role}");
            }
        }
    });
}

#[test]
fn what_waits_to_be_corrected_is_as_hidden_as_a_letter() {
    in_both(|office: &Office| {
        guarded(office, Visibility::Subject);
        office.server.receive(&letter(1, "", "Текст.").replace("kotova@romashka.example>\nTo", "nobody at all>\nTo"));
        office.look();
        let rejected = office.world.all("rejected_requests").remove(0).id;
        let hidden = |role: &str| seen(office, role, "rejected_requests", rejected).veiled;
        assert_eq!(hidden("organiser"), ["subject", "content"]);
        assert_eq!((hidden("secretary"), hidden("administrator")), (Vec::new(), Vec::new()));
        let count = office.world.all("files").len();
        assert!(count > 0);
        assert_eq!(["organiser", "secretary", "administrator"].map(|role| files(office, role)), [0, count, count]);
        let resubmitted = by(office, "organiser", move |app, work| app.resubmit(work, rejected, &Map::new()).map(drop));
        assert!(is_partly_hidden(&resubmitted), "{resubmitted:?}");
    });
}
