//! What a letter becomes: a message that waits, an answer where it belongs, a rejected request, a note of what came back.

use app::App;
use app::queue::{is_live, is_waiting};
use app::writing::Said;
use model::{Id, Value};
use serde_json::json;
use store::{Draft, Work};

use crate::office::{Office, in_both, letter};

/// A letter that was sent from here, about a record.
fn sent(office: &Office, message_id: &'static str, about: (&'static str, Id)) -> Id {
    office.write(move |work| {
        let draft = Draft::new()
            .set("channel", "email")
            .set("direction", "out")
            .set("status", "sent")
            .set("from", "office@example.org")
            .set("to", "kotova@romashka.example")
            .set("subject", "Ваше обращение")
            .set("message_id", format!("<{message_id}>"))
            .set("about", Value::Record { module: about.0.to_owned(), id: about.1 });
        work.as_process(|work| work.create("messages", draft)).map(|message| message.id)
    })
}

#[test]
fn a_letter_waits_in_the_queue_with_its_files() {
    in_both(|office: &Office| {
        office.mailbox();
        let owned = office.world.user("salesperson").id().unwrap();
        let body = "--x\nContent-Type: text/html; charset=windows-1251\nContent-Transfer-Encoding: quoted-printable\n\n\
                    <p onclick=3D\"x()\">=CF=F0=E8=E2=E5=F2</p><script>x()</script><img src=3D\"http://spy.example/1.gif\">\n\
                    --x\nContent-Type: application/pdf; name=\"offer.pdf\"\nContent-Disposition: attachment; filename=\"offer.pdf\"\n\
                    Content-Transfer-Encoding: base64\n\nJVBERi0xLjcK\n--x--\n";
        let head = "From: Anna <kotova@romashka.example>\nTo: office@example.org\nSubject: Offer\n\
                    Message-ID: <offer@romashka.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n";
        office.server.receive(&format!("{head}{body}"));
        let mut setup = office.setup("Анна");
        setup.name = "Личный".to_owned();
        setup.owner = Some(owned);
        office.add(setup);
        office.look();
        let messages = office.arrived();
        let message = &messages[0];
        assert!(app::queue::is_waiting(message), "{message:?}");
        assert_eq!(message.text("from"), Some("kotova@romashka.example"));
        assert_eq!(message.text("from_name"), Some("Anna"));
        assert_eq!(message.text("message_id"), Some("<offer@romashka.example>"));
        assert_eq!(message.text("text").map(str::trim), Some("Привет"));
        let html = message.text("html").unwrap();
        assert!(html.contains("Привет") && !html.contains("script") && !html.contains("onclick"), "{html}");
        assert!(!html.contains("spy.example"), "nothing in it is fetched: {html}");
        let files = office.world.all("files");
        assert_eq!(files.len(), 1);
        assert_eq!(
            (files[0].text("name"), files[0].text("content_type")),
            (Some("offer.pdf"), Some("application/pdf"))
        );
        assert_eq!(files[0].get("about"), &Value::Record { module: "messages".to_owned(), id: message.id });
    });
}

#[test]
fn a_personal_mailbox_gives_its_letters_to_whose_it_is() {
    in_both(|office: &Office| {
        let owner = office.world.user("salesperson").id().unwrap();
        let mut setup = office.setup("Личный");
        setup.owner = Some(owner);
        office.add(setup);
        office.server.receive(&letter(1, "", "Текст."));
        office.look();
        assert_eq!(office.arrived()[0].owner, Some(owner));
    });
}

#[test]
fn an_answer_goes_to_its_case_and_takes_it_up() {
    in_both(|office: &Office| {
        office.mailbox();
        let case = json!({"subject": "Стенд", "channel": "email", "email": "kotova@romashka.example"});
        let case = office.world.make_as("secretary", "cases", &case);
        sent(office, "answer-1@example.org", ("cases", case));
        for step in ["start", "wait"] {
            office.world.press("administrator", "cases", case, step, json!({})).unwrap();
        }
        let automatic = "Auto-Submitted: auto-replied\nIn-Reply-To: <answer-1@example.org>\n";
        office.server.receive(&letter(1, automatic, "Я в отпуске."));
        office.look();
        assert_eq!(
            office.world.text("cases", case, "status").as_deref(),
            Some("waiting_for_client"),
            "a machine takes nothing up"
        );
        office.server.receive(&letter(2, "References: <other@x.example> <answer-1@example.org>\n", "Спасибо, а цена?"));
        office.look();
        let about = Value::Record { module: "cases".to_owned(), id: case };
        let messages = office.arrived();
        assert!(messages.iter().all(|message| message.get("about") == &about), "{messages:?}");
        assert_eq!(office.world.text("cases", case, "status").as_deref(), Some("in_progress"), "it goes on");
    });
}

#[test]
fn a_conversation_waits_with_its_last_letter_in_the_hands_in_which_it_was() {
    in_both(|office: &Office| {
        office.mailbox();
        office.server.receive(&letter(1, "", "Сколько стоит стенд?"));
        office.look();
        let first = office.arrived().remove(0);
        let anna = office.world.user("secretary").id().unwrap();
        let said = Said { subject: "Re: Letter 1".to_owned(), text: "Сто.".to_owned(), ..Said::default() };
        let answer = move |app: &App, work: &mut Work<'_>| app.write_letter(work, ("messages", first.id), &said, &[]);
        let answer = office.world.by("secretary", answer).unwrap().0;
        let key = answer.text("conversation").map(str::to_owned);
        assert_eq!((key, answer.text("turn")), (Some(first.id.to_string()), Some("theirs")));

        let answers = format!("In-Reply-To: {}\n", answer.text("message_id").unwrap());
        let automatic = format!("Auto-Submitted: auto-replied\n{answers}");
        office.server.receive(&letter(2, &automatic, "Я в отпуске."));
        office.look();
        assert_eq!(
            office.world.text("messages", answer.id, "turn").as_deref(),
            Some("theirs"),
            "a machine answers nothing"
        );
        office.server.receive(&letter(3, &answers, "Дорого."));
        office.look();
        assert_eq!(office.world.text("messages", answer.id, "turn").as_deref(), Some("past"));
        let last = office.arrived().into_iter().find(|message| message.text("subject") == Some("Letter 3")).unwrap();
        assert!(is_waiting(&last) && is_live(&last), "{last:?}");
        assert_eq!((last.owner, last.text("conversation")), (Some(anna), answer.text("conversation")));
        let first = office.arrived().into_iter().find(|message| message.id == first.id).unwrap();
        assert!(!is_live(&first), "the conversation waits with its last letter alone");

        // An answer about a lead waits for us where the lead is; nothing has to be sorted.
        let lead = office.world.make_as("salesperson", "leads", &json!({"name": "Анна Котова"}));
        sent(office, "offer-1@example.org", ("leads", lead));
        office.server.receive(&letter(4, "In-Reply-To: <offer-1@example.org>\n", "Согласны."));
        office.look();
        let about = office.arrived().into_iter().find(|message| message.text("subject") == Some("Letter 4")).unwrap();
        assert_eq!((about.text("turn"), is_waiting(&about), is_live(&about)), (Some("ours"), false, true));
    });
}

#[test]
fn a_letter_that_was_sent_from_here_is_no_new_one() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        let lead = office.world.make_as("salesperson", "leads", &json!({"name": "Анна Котова"}));
        sent(office, "letter-1@romashka.example", ("leads", lead));
        office.server.receive(&letter(1, "", "Копия."));
        office.look();
        assert_eq!((office.arrived().len(), office.became(mailbox)), (0, vec!["merged"]));
    });
}

#[test]
fn a_sender_that_is_no_address_is_put_aside_whole() {
    in_both(|office: &Office| {
        let mailbox = office.mailbox();
        office.server.receive(&letter(1, "", "Текст.").replace("kotova@romashka.example>\nTo", "nobody at all>\nTo"));
        office.look();
        office.server.renumber();
        office.look();
        assert_eq!((office.arrived().len(), office.became(mailbox)), (0, vec!["rejected", "merged"]));
        let rejected = office.world.all("rejected_requests");
        assert_eq!((rejected.len(), rejected[0].text("source")), (1, Some("letter")));
        let files = office.world.all("files");
        assert_eq!(files[0].text("name"), Some("letter.eml"), "nothing of it is lost");
    });
}

#[test]
fn what_did_not_arrive_is_noted_on_the_letter() {
    in_both(|office: &Office| {
        office.mailbox();
        let lead = office.world.make_as("salesperson", "leads", &json!({"name": "Анна Котова"}));
        let letter = sent(office, "gone@example.org", ("leads", lead));
        office.server.receive(
            "From: Mail Delivery System <mailer-daemon@mail.example>\nTo: office@example.org\nSubject: Undelivered\n\
             Message-ID: <dsn-1@mail.example>\nMIME-Version: 1.0\nAuto-Submitted: auto-replied\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n\
             --x\nContent-Type: text/plain\n\nSorry.\n\
             --x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n\n\
             Final-Recipient: rfc822; kotova@romashka.example\nAction: failed\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550 no such user\n\n\
             --x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <gone@example.org>\nSubject: x\n\n--x--\n",
        );
        office.look();
        assert_eq!(office.world.text("messages", letter, "status").as_deref(), Some("bounced"));
        let error = office.world.text("messages", letter, "error").unwrap();
        assert!(error.contains("kotova@romashka.example") && error.contains("550 no such user"), "{error}");
        assert_eq!(office.arrived()[0].get("about"), &Value::Record { module: "leads".to_owned(), id: lead });
    });
}
