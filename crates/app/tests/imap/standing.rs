//! How a mailbox stands, what is wrong with it, and where a letter is.

use std::time::Duration;

use store::{Error, Work};

use crate::office::{Office, in_both, letter};

#[test]
fn what_is_wrong_is_said_by_its_code() {
    in_both(|office: &Office| {
        let right = office.mailbox();
        assert_eq!(office.try_out(right), None);
        let wrong = |name: &str, change: &dyn Fn(&mut store::MailboxSetup)| {
            let mut setup = office.setup(name);
            change(&mut setup);
            office.try_out(office.add(setup))
        };
        assert_eq!(wrong("folder", &|setup| setup.folder = "Нет такой".to_owned()), Some("mailbox_folder"));
        assert_eq!(wrong("certificate", &|setup| setup.certificate = None), Some("mailbox_tls"));
        assert_eq!(wrong("pem", &|setup| setup.certificate = Some("x".to_owned())), Some("mailbox_certificate"));
        assert_eq!(wrong("name", &|setup| setup.host = "nowhere.invalid".to_owned()), Some("mailbox_address"));
        assert_eq!(wrong("port", &|setup| setup.port = 1), Some("mailbox_unreachable"));
        let port = office.server.port;
        let starttls = |setup: &mut store::MailboxSetup| (setup.security, setup.port) = ("starttls".to_owned(), port);
        assert_eq!(wrong("starttls", &starttls), None);
        let plain = |setup: &mut store::MailboxSetup| (setup.security, setup.port) = ("none".to_owned(), port);
        assert_eq!(wrong("plain", &plain), None, "this machine is spoken with in the clear");
        let setup = office.setup("password");
        let locked = office.world.by("administrator", move |_, work| work.add_mailbox(&setup, "guessed")).unwrap().0;
        assert_eq!(office.try_out(locked), Some("mailbox_login"));
        office.look();
        let read = move |work: &mut Work<'_>| work.mailbox(locked);
        let mailbox = office.world.app.workspace().read_blocking(office.world.user("administrator"), read).unwrap();
        assert_eq!((mailbox.state.error.as_deref(), mailbox.state.failures), (Some("mailbox_login"), 1));
        assert!(mailbox.state.next_at > mailbox.state.looked_at, "it is tried again later");
        let answer = mailbox.state.answer.unwrap();
        assert!(!answer.contains("guessed"), "{answer}");
    });
}

#[test]
fn the_password_is_given_anew_where_another_server_would_be_shown_it() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        let mut setup = office.setup("Заявки");
        setup.host = "127.0.0.1".to_owned();
        let change =
            move |work: &mut Work<'_>, password: Option<&'static str>| work.change_mailbox(mailbox, &setup, password);
        let refused = office.world.by("administrator", {
            let change = change.clone();
            move |_, work| change(work, None)
        });
        let Err(Error::Invalid(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("password", "password_anew"));
        office.world.by("administrator", move |_, work| change(work, Some("secret"))).unwrap();
        let others = office.world.by("organiser", |_, work| work.mailboxes());
        assert!(matches!(others, Err(Error::Forbidden { .. })), "{others:?}");
    });
}

#[test]
fn a_letter_is_found_by_its_name_its_number_and_its_words() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        office.server.receive(&letter(1, "", "Стенд у входа."));
        office.server.receive(&letter(2, "", "Скидка для студентов."));
        office.look();
        let subject = |found: Vec<store::MailboxLetter>| {
            found.iter().map(|letter| letter.message_id.clone().unwrap()).collect::<Vec<_>>()
        };
        for words in ["<letter-2@romashka.example>", "letter-2@romashka.example", "2", "скидка"] {
            assert_eq!(subject(office.find(mailbox, words)), ["letter-2@romashka.example"], "{words}");
        }
        assert_eq!(office.find(mailbox, "nothing of the kind"), []);
    });
}

#[test]
fn whatever_the_server_tells_a_mailbox_rests_between_looks() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        office.look();
        office.write(move |work| work.mailbox_has_news(mailbox));
        let read = move |work: &mut Work<'_>| work.mailbox(mailbox);
        let workspace = office.world.app.workspace();
        let state = workspace.read_blocking(office.world.user("administrator"), read).unwrap().state;
        assert_eq!(state.next_at, state.looked_at.map(|at| at + jiff::SignedDuration::from_secs(10)));
    });
}

#[test]
fn where_the_server_tells_of_letters_they_come_at_once() {
    in_both(|office: &Office| {
        office.mailbox();
        office.server.receive(&letter(1, "", "Первое."));
        let running = office.run();
        office.until("the first letter comes with the first look", || office.arrived().len() == 1);
        // By now whoever has looked stays in the folder: the next look would come in a minute.
        std::thread::sleep(Duration::from_secs(3));
        office.server.receive(&letter(2, "", "Второе."));
        office.until("the server says that there is another", || office.arrived().len() == 2);
        running.abort();
    });
}
