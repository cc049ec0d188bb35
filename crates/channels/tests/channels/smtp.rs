//! Letters arrive intact at a real server; what it answers decides what becomes of them.

use std::time::Duration;

use channels::Address;
use channels::outbox::{Outgoing, claim, failed, queue, sent};
use channels::smtp::{File, SendError, SettingsError, Smtp, SmtpSettings, compose};
use channels::testing::SmtpServer;
use jiff::{SignedDuration, Timestamp};
use model::{Id, Locale, Record};
use serde_json::{Value as Json, json};
use store::Workspace;

use crate::world::{later, letter, message, on_both, write};

fn smtp(server: &SmtpServer) -> Smtp {
    Smtp::new(&SmtpSettings::at(server.url())).unwrap()
}

fn outgoing(to: &str) -> Outgoing {
    Outgoing {
        id: Id::new(),
        message_id: "<0190-1@java-club.example>".to_owned(),
        date: "2027-04-13T09:00:00Z".parse::<Timestamp>().unwrap(),
        attempt: 1,
        from: Address::new("Ява-клуб", "tickets@java-club.example"),
        to: Address::new("Иван Петров", to),
        cc: Vec::new(),
        answers: None,
        thread: None,
        is_by_hand: false,
        subject: "Ваши билеты: JavaВесна 2027, «очно» и онлайн, до встречи на длинной-предлинной строке темы"
            .to_owned(),
        text: "Здравствуйте!\n.\nТочка на строке выше не конец письма.\n".to_owned(),
        html: format!("<p>Здравствуйте!</p><p>{}</p>", "слово ".repeat(500)),
        locale: Locale::Ru,
        attachments: Vec::new(),
        consent: None,
        unsubscribe: None,
    }
}

fn pdf() -> File {
    let bytes: Vec<u8> =
        b"%PDF-1.7\r\n.\r\n".iter().copied().chain((0..20_000_u32).map(|number| (number * 7 % 256) as u8)).collect();
    File {
        name: "Билеты на JavaВесну 2027.pdf".to_owned(), content_type: "application/pdf".to_owned(), bytes
    }
}

fn header<'a>(arrived: &'a Json, name: &str) -> Vec<&'a str> {
    let headers = arrived["headers"].as_array().unwrap().iter();
    headers
        .filter(|pair| pair[0].as_str().unwrap().eq_ignore_ascii_case(name))
        .map(|pair| pair[1].as_str().unwrap())
        .collect()
}

/// A part as it arrived; lines end with CR LF on the wire.
fn text(arrived: &Json, part: &str) -> String {
    arrived[part].as_str().unwrap().replace("\r\n", "\n").trim_end().to_owned()
}

#[tokio::test]
async fn a_letter_arrives_intact() {
    let server = SmtpServer::start();
    let (letter, file) = (outgoing("ivan@example.org"), pdf());
    smtp(&server).send(&letter, vec![file.clone()]).await.unwrap();

    let arrived = server.arrived(0).unwrap();
    assert_eq!((&arrived["from"], &arrived["to"]), (&json!("tickets@java-club.example"), &json!(["ivan@example.org"])));
    assert_eq!(arrived["defects"], json!([]));
    assert_eq!(arrived["is_ascii"], json!(true));
    assert!(arrived["longest_line"].as_u64().unwrap() <= 998, "{}", arrived["longest_line"]);
    assert_eq!(header(&arrived, "Subject"), [letter.subject.as_str()]);
    assert_eq!(header(&arrived, "Message-ID"), [letter.message_id.as_str()]);
    assert_eq!(header(&arrived, "Auto-Submitted"), ["auto-generated"]);
    assert_eq!(header(&arrived, "Content-Language"), ["ru"]);
    assert_eq!(arrived["sender_name"], json!("Ява-клуб"));
    assert_eq!(arrived["sent_at"].as_f64().unwrap() as i64, letter.date.as_second());
    assert_eq!(text(&arrived, "text"), letter.text.trim_end());
    assert_eq!(text(&arrived, "html"), letter.html);
    assert_eq!(arrived["files"], json!([{"name": file.name, "content_type": "application/pdf", "bytes": file.bytes}]));

    smtp(&server).send(&outgoing("ivan@example.org"), Vec::new()).await.unwrap();
    assert_eq!(server.arrived(1).unwrap()["files"], json!([]));
}

#[tokio::test]
async fn a_letter_that_advertises_says_where_one_unsubscribes() {
    let server = SmtpServer::start();
    for (number, address) in ["https://crm.example/p/u/secret", "http://127.0.0.1/p/u/secret"].into_iter().enumerate() {
        let letter = Outgoing { unsubscribe: Some(address.to_owned()), ..outgoing("ivan@example.org") };
        smtp(&server).send(&letter, Vec::new()).await.unwrap();
        let arrived = server.arrived(number).unwrap();
        assert_eq!(header(&arrived, "List-Unsubscribe"), [format!("<{address}>")]);
        let one_click: &[&str] = if number == 0 { &["List-Unsubscribe=One-Click"] } else { &[] };
        assert_eq!(header(&arrived, "List-Unsubscribe-Post"), one_click);
    }
}

#[tokio::test]
async fn nobody_adds_headers_or_recipients() {
    let server = SmtpServer::start();
    let mut letter = outgoing("ivan@example.org");
    letter.from.name = Some("Eve\r\nBcc: victim@example.org\r\n\r\nbody".to_owned());
    letter.to.name = Some("\"Ivan\" <b@example.org>,\nCc: c@example.org".to_owned());
    letter.subject = "Hi\r\nX-Injected: 1\r\n\r\n<b>body</b>".to_owned();
    letter.message_id = "<1@example.org>\r\nX-Injected: 2".to_owned();
    let file = File { name: "a\".pdf\r\nX-Injected: 3\r\n\r\n.pdf".to_owned(), ..pdf() };
    smtp(&server).send(&letter, vec![file]).await.unwrap();

    let arrived = server.arrived(0).unwrap();
    let mut names: Vec<_> =
        arrived["headers"].as_array().unwrap().iter().map(|pair| pair[0].as_str().unwrap().to_lowercase()).collect();
    names.sort_unstable();
    let expected = [
        "auto-submitted",
        "content-language",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
    ];
    assert_eq!(names, expected);
    assert_eq!(arrived["to"], json!(["ivan@example.org"]));
    assert_eq!(header(&arrived, "Subject"), ["Hi X-Injected: 1 <b>body</b>"]);
    assert_eq!(arrived["sender_name"], json!("Eve Bcc: victim@example.org body"));
    assert_eq!(text(&arrived, "text"), letter.text.trim_end());

    for address in ["a@example.org\r\nRCPT TO:<b@example.org>", "a@example.org>", "a b@example.org", ""] {
        let error = compose(&outgoing(address), Vec::new()).unwrap_err();
        assert!(matches!(error, SendError::Permanent(_)), "{address:?}: {error:?}");
    }
    let file = File { content_type: "application/pdf\r\nX-Injected: 4".to_owned(), ..pdf() };
    if let Ok(message) = compose(&outgoing("a@example.org"), vec![file]) {
        assert!(!String::from_utf8(message.formatted()).unwrap().contains("\r\nX-Injected"));
    }
}

#[tokio::test]
async fn the_servers_answer_decides() {
    let server = SmtpServer::start();
    let smtp = smtp(&server);
    let busy = smtp.send(&outgoing("busy1@example.org"), Vec::new()).await.unwrap_err();
    assert_eq!(busy, SendError::Temporary("451 4.3.0 The mailbox is busy, come back later".to_owned()));
    smtp.send(&outgoing("busy1@example.org"), Vec::new()).await.unwrap();
    let gone = smtp.send(&outgoing("gone@example.org"), Vec::new()).await.unwrap_err();
    assert_eq!(gone, SendError::Permanent("550 5.1.1 There is no such mailbox".to_owned()));
    smtp.send(&outgoing("after@example.org"), Vec::new()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_away_or_silent_is_asked_again() {
    let mut settings = SmtpSettings::at(format!("smtp://127.0.0.1:{}", SmtpServer::start().port));
    let error = Smtp::new(&settings).unwrap().send(&outgoing("a@example.org"), Vec::new()).await.unwrap_err();
    assert!(error.is_temporary(), "{error:?}");

    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    settings.url = format!("smtp://{}", silent.local_addr().unwrap());
    settings.timeout = Duration::from_millis(200);
    let begun = std::time::Instant::now();
    let error = Smtp::new(&settings).unwrap().send(&outgoing("a@example.org"), Vec::new()).await.unwrap_err();
    assert!(error.is_temporary(), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn passwords_go_over_tls_only() {
    let (server, certificate) = SmtpServer::start_protected();
    let settings = |password: &str, query: &str, certificate: Option<&String>| SmtpSettings {
        certificate: certificate.cloned(),
        ..SmtpSettings::at(format!("smtp://plenary%40example.org:{password}@localhost:{}{query}", server.port))
    };
    let right = "correct%3A%20horse%2Fbattery";
    let send =
        async |settings: &SmtpSettings| Smtp::new(settings).unwrap().send(&outgoing("a@example.org"), Vec::new()).await;

    send(&settings(right, "?tls=required", Some(&certificate))).await.unwrap();
    assert_eq!(server.arrived(0).unwrap()["tls"], json!(true));

    let unknown = send(&settings(right, "?tls=required", None)).await.unwrap_err();
    assert!(unknown.is_temporary() && unknown.to_string().contains("certificate"), "{unknown:?}");
    // A wrong password is ours to mend; the letters wait meanwhile.
    let wrong = send(&settings("wrong", "?tls=required", Some(&certificate))).await.unwrap_err();
    assert!(wrong.is_temporary() && wrong.to_string().starts_with("535"), "{wrong:?}");
    assert!(!wrong.to_string().contains("wrong"), "{wrong:?}");
    assert_eq!(server.arrived(1), None);

    // A server without STARTTLS gets neither password nor letter.
    let open = SmtpServer::start();
    let demanding =
        SmtpSettings { url: format!("smtp://u:p@127.0.0.1:{}?tls=required", open.port), ..settings(right, "", None) };
    let error = send(&demanding).await.unwrap_err();
    assert!(error.is_temporary(), "{error:?}");
    assert_eq!(open.arrived(0), None);
}

#[test]
fn settings_keep_their_secrets() {
    let url = "smtps://user%40example.org:p%40ssw0rd@mail.example.org";
    let settings = SmtpSettings::at(url);
    let smtp = Smtp::new(&settings).unwrap();
    for shown in [format!("{settings:?}"), format!("{smtp:?}")] {
        assert!(shown.contains("mail.example.org"), "{shown}");
        assert!(!shown.contains("ssw0rd") && !shown.contains("user"), "{shown}");
    }
    assert!(format!("{smtp:?}").contains(":465"));
    let cases = [
        ("mail.example.org:587", SettingsError::Address),
        ("not an address p@ssw0rd", SettingsError::Address),
        ("smtp://", SettingsError::Address),
        ("https://mail.example.org", SettingsError::Scheme),
        ("smtp://mail.example.org?tls=opportunistic", SettingsError::Scheme),
        ("smtp://mail.example.org?tsl=required", SettingsError::Scheme),
        ("smtps://mail.example.org?tls=none", SettingsError::Scheme),
        ("smtp://u:%ff@mail.example.org", SettingsError::Credentials),
    ];
    for (url, expected) in cases {
        let settings = SmtpSettings::at(url);
        assert_eq!(Smtp::new(&settings).err(), Some(expected), "{url}");
        assert!(!format!("{settings:?}").contains("ssw0rd"), "{settings:?}");
    }
}

/// What the worker of letters does, from the outbox to the server and back.
fn deliver(workspace: &Workspace, smtp: &Smtp, id: Id) {
    let Some(outgoing) = write(workspace, move |work| claim(work, id)).unwrap() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let result = runtime.block_on(smtp.send(&outgoing, vec![pdf()]));
    let done = write(workspace, move |work| match &result {
        Ok(()) => sent(work, id),
        Err(error) => {
            let retry = error.is_temporary().then(|| outgoing.retry_at(work.now())).flatten();
            failed(work, id, outgoing.attempt, &error.to_string(), retry)
        }
    });
    assert!(done.unwrap());
}

#[test]
fn from_the_outbox_to_the_server() {
    on_both(|workspace| {
        let server = SmtpServer::start();
        let smtp = smtp(&server);
        let queued = |to: &'static str| -> Record { write(workspace, move |work| queue(work, letter(to))).unwrap() };
        let state = |record: &Record| {
            let kept = message(workspace, record);
            (kept.text("status").unwrap().to_owned(), kept.text("error").map(str::to_owned))
        };

        let busy = queued("busy1@example.org");
        deliver(workspace, &smtp, busy.id);
        assert_eq!(
            state(&busy),
            ("queued".to_owned(), Some("451 4.3.0 The mailbox is busy, come back later".to_owned()))
        );
        later(workspace, SignedDuration::from_mins(1));
        deliver(workspace, &smtp, busy.id);
        assert_eq!(state(&busy), ("sent".to_owned(), None));
        let arrived = server.arrived(0).unwrap();
        assert_eq!(header(&arrived, "Message-ID"), [message(workspace, &busy).text("message_id").unwrap()]);
        assert_eq!(header(&arrived, "Subject"), ["Ваши билеты: JavaВесна 2027"]);

        let gone = queued("gone@example.org");
        deliver(workspace, &smtp, gone.id);
        assert_eq!(state(&gone), ("failed".to_owned(), Some("550 5.1.1 There is no such mailbox".to_owned())));
        deliver(workspace, &smtp, gone.id);
        assert_eq!(server.arrived(1), None);
    });
}
