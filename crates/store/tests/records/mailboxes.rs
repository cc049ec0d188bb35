//! What a mailbox shows of its letters: what an administrator says holds at once, for old letters too, and outlives the mailbox.

use std::collections::BTreeSet;

use model::pack::Pack;
use model::{Actor, Id, Value};
use store::{
    Draft, Error, LetterNote, LetterPlace, LetterState, MARK_JOB, MailboxSetup, Readers, Result, Visibility, Work,
};

use crate::pack::{read, shipped, shipped_files};
use crate::world::{World, in_both};

/// The pack of before letters kept their mailbox.
fn before() -> Pack {
    let mut files = shipped_files("crm");
    for name in ["messages", "rejected_requests"] {
        let text = files.get_mut(&format!("modules/{name}.toml")).unwrap();
        let is_new = |block: &&str| {
            let is_field = |name: &str| block.contains(&format!("name = \"{name}\"\n"));
            block.contains("[[veils]]") || is_field("mailbox") || is_field("mailbox_id")
        };
        let kept: Vec<&str> = text.split("\n\n").filter(|block| !is_new(block)).collect();
        let kept = kept.join("\n\n").replace("\"mailbox\", ", "").replace(", \"mailbox_id\"", "");
        *text = kept;
    }
    read(files)
}

fn setup(world: &World, visibility: Visibility, owner: Option<Id>, readers: Readers) -> MailboxSetup {
    MailboxSetup {
        name: "Дирекция".to_owned(),
        host: "mail.example.org".to_owned(),
        port: 993,
        security: "tls".to_owned(),
        login: "office".to_owned(),
        folder: "INBOX".to_owned(),
        certificate: None,
        owner,
        since: world.workspace.clock().now(),
        active: false,
        visibility,
        readers,
    }
}

fn nobody() -> Readers {
    Readers::default()
}

fn add(world: &World, visibility: Visibility) -> Result<Id> {
    let setup = setup(world, visibility, None, nobody());
    world.run(move |work| work.add_mailbox(&setup, "a password"))
}

fn change(world: &World, mailbox: Id, visibility: Visibility, owner: Option<Id>, readers: Readers) -> Result<()> {
    let setup = setup(world, visibility, owner, readers);
    world.run(move |work| work.change_mailbox(mailbox, &setup, Some("a password")))
}

/// A letter that came by a mailbox; one that `knows` it was taken since messages keep it.
fn came(world: &World, mailbox: Id, uid: i64, knows: bool) -> Id {
    let take = move |work: &mut Work<'_>| {
        let id = knows.then(|| mailbox.to_string());
        let draft = Draft::new()
            .set("direction", "in")
            .set("status", "received")
            .set("from", "anna@example.org")
            .set("subject", "About it")
            .set("text", "All of it")
            .set("message_id", format!("<{uid}@example.org>"))
            .set("conversation", format!("talk {uid}"))
            .set("mailbox_id", id)
            .fitting(&*work.module("messages")?);
        let letter = work.as_process(|work| work.create("messages", draft.clone()))?.id;
        let place = LetterPlace { mailbox, place: 1, validity: 1, uid };
        work.note_letter(&LetterNote {
            place,
            message_id: None,
            size: 1,
            state: LetterState::Taken,
            reason: None,
            answer: None,
            record: Some(("messages", letter)),
        })?;
        Ok(letter)
    };
    world.run(take).unwrap()
}

/// What `writer` answered to the letter `uid`.
fn answered(world: &World, mailbox: Id, uid: i64, writer: Id, knows: bool) -> Id {
    let write = move |work: &mut Work<'_>| {
        let id = knows.then(|| mailbox.to_string());
        let draft = Draft::new()
            .set("direction", "out")
            .set("status", "sent")
            .set("to", "anna@example.org")
            .set("subject", "Re: About it")
            .set("text", "The answer")
            .set("writer", Value::Id(writer))
            .set("answers", format!("<{uid}@example.org>"))
            .set("conversation", format!("talk {uid}"))
            .set("mailbox_id", id)
            .fitting(&*work.module("messages")?);
        Ok(work.as_process(|work| work.create("messages", draft.clone()))?.id)
    };
    world.run(write).unwrap()
}

/// Whether somebody sees the subject of a letter, and its text.
fn sees(world: &World, actor: Actor, letter: Id) -> [bool; 2] {
    let record = world.see(actor, move |work| work.get("messages", letter)).unwrap();
    ["subject", "text"].map(|field| record.text(field).is_some())
}

const ALL: [bool; 2] = [true, true];
const NOTHING: [bool; 2] = [false, false];

#[test]
fn what_is_said_of_a_mailbox_holds_at_once_and_for_all_that_it_took() {
    in_both(|world| {
        world.workspace.apply_pack(&shipped("crm")).unwrap();
        let mailbox = add(world, Visibility::Full).unwrap();
        let letter = came(world, mailbox, 1, true);
        let (colleague, me) = (|| world.as_role(&["head_of_sales"]), world.me);
        let seen = || sees(world, colleague(), letter);
        assert_eq!(seen(), ALL);
        for (visibility, expected) in
            [(Visibility::Subject, [true, false]), (Visibility::Metadata, NOTHING), (Visibility::Full, ALL)]
        {
            change(world, mailbox, visibility, None, nobody()).unwrap();
            assert_eq!(seen(), expected, "{visibility:?}");
            assert_eq!(sees(world, world.as_role(&["administrator"]), letter), ALL);
            let kept = world.run(move |work| work.mailbox(mailbox)).unwrap().setup.visibility;
            assert_eq!(kept, visibility);
        }
        // Whose it is, who reads it, and who is in a team that does, as long as they are.
        change(world, mailbox, Visibility::Metadata, Some(me), nobody()).unwrap();
        assert_eq!(seen(), ALL);
        let readers = Readers { users: [me].into(), ..nobody() };
        change(world, mailbox, Visibility::Metadata, Some(world.mate), readers).unwrap();
        assert_eq!(seen(), ALL);
        let team = world.run(|work| work.add_team("Дирекция")).unwrap();
        let readers = Readers { teams: [team].into(), ..nobody() };
        change(world, mailbox, Visibility::Metadata, None, readers.clone()).unwrap();
        assert_eq!(world.run(move |work| work.mailbox(mailbox)).unwrap().setup.readers, readers);
        assert_eq!(seen(), NOTHING);
        world.run(move |work| work.set_members(team, &BTreeSet::from([me]))).unwrap();
        assert_eq!(seen(), ALL);
        world.run(move |work| work.delete_team(team)).unwrap();
        assert_eq!(seen(), NOTHING);
        assert_eq!(world.run(move |work| work.mailbox(mailbox)).unwrap().setup.readers, nobody());
    });
}

#[test]
fn letters_stay_hidden_when_their_mailbox_is_taken_away() {
    in_both(|world| {
        world.workspace.apply_pack(&shipped("crm")).unwrap();
        let mailbox = add(world, Visibility::Full).unwrap();
        let letter = came(world, mailbox, 1, true);
        let readers = Readers { users: [world.mate].into(), ..nobody() };
        change(world, mailbox, Visibility::Metadata, None, readers).unwrap();
        world.run(move |work| work.delete_mailbox(mailbox)).unwrap();
        assert_eq!(sees(world, world.as_role(&["head_of_sales"]), letter), NOTHING);
        assert_eq!(sees(world, world.as_role(&["administrator"]), letter), ALL);
    });
}

#[test]
fn whoever_wrote_a_letter_sees_it() {
    in_both(|world| {
        world.workspace.apply_pack(&shipped("crm")).unwrap();
        let mailbox = add(world, Visibility::Metadata).unwrap();
        let (own, other) = (answered(world, mailbox, 1, world.me, true), answered(world, mailbox, 2, world.mate, true));
        let colleague = || world.as_role(&["head_of_sales"]);
        assert_eq!((sees(world, colleague(), own), sees(world, colleague(), other)), (ALL, NOTHING));
    });
}

#[test]
fn letters_of_before_are_told_their_mailbox_first() {
    in_both(|world| {
        world.workspace.apply_pack(&shipped("crm")).unwrap();
        let mailbox = add(world, Visibility::Full).unwrap();
        let letter = came(world, mailbox, 1, false);
        let (answer, foreign) =
            (answered(world, mailbox, 1, world.mate, false), answered(world, mailbox, 9, world.mate, false));
        change(world, mailbox, Visibility::Metadata, None, nobody()).unwrap();
        let seen = |letter: Id| sees(world, world.as_role(&["head_of_sales"]), letter);
        assert_eq!((seen(letter), seen(answer), seen(foreign)), (NOTHING, NOTHING, ALL));
        let record = world.run(move |work| work.get("messages", letter)).unwrap();
        assert_eq!(record.text("mailbox"), Some("Дирекция"));
        // Of many, the job tells them first.
        change(world, mailbox, Visibility::Full, None, nobody()).unwrap();
        let many: Vec<Id> = (0..101).map(|number| came(world, mailbox, 100 + number, false)).collect();
        let refused = change(world, mailbox, Visibility::Metadata, None, nobody()).unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "letters_unmarked", .. }), "{refused:?}");
        assert_eq!(many.iter().map(|letter| seen(*letter)).collect::<BTreeSet<_>>(), BTreeSet::from([ALL]));
        while world.run(|work| work.mark_letters(None, 0)).unwrap() {
            world.run(|work| work.go_on_marking()).unwrap();
        }
        change(world, mailbox, Visibility::Metadata, None, nobody()).unwrap();
        assert_eq!(many.iter().map(|letter| seen(*letter)).collect::<BTreeSet<_>>(), BTreeSet::from([NOTHING]));
        assert!(world.workspace.check(None).unwrap().is_fine());
    });
}

#[test]
fn packs_of_before_promise_nothing_and_their_letters_are_told_when_new_ones_come() {
    in_both(|world| {
        world.workspace.apply_pack(&before()).unwrap();
        let refused = add(world, Visibility::Metadata).unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "mailbox_packs", .. }), "{refused:?}");
        let mailbox = add(world, Visibility::Full).unwrap();
        let letter = came(world, mailbox, 1, true);
        let is_queued = || world.run(|work| work.is_queued(MARK_JOB)).unwrap();
        assert!(!is_queued());
        world.workspace.apply_pack(&shipped("crm")).unwrap();
        assert!(is_queued());
        let id = move |work: &mut Work<'_>| Ok(work.get("messages", letter)?.text("mailbox_id").map(str::to_owned));
        assert_eq!(world.run(id).unwrap(), None);
        world.run(|work| work.go_on_marking()).unwrap();
        assert_eq!(world.run(id).unwrap(), Some(mailbox.to_string()));
    });
}
