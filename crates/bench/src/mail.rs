//! Letters of a mailbox, imported and matched with who is known: the program over a real IMAP server, beside whoever only fetches
//! the same letters from it and reads them.
//!
//! Half of the letters are of a site and tell of a lead by name, e-mail and telephone: it is looked for among the identities of all
//! leads, and made where it has none that is open. The others answer those, and are found by the letter before them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use channels::imap::{Imap, ImapSettings, Private, Security};
use channels::mime;
use channels::testing::ImapServer;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::Failure;
use crate::cases::{PAIRS, encoded, middle};
use crate::load::{Client, Request};
use crate::people::Lead;
use crate::place::{Memory, Server};

/// How often it is asked whether all letters are in.
const LOOK: Duration = Duration::from_millis(20);
/// Longer than any part takes.
const PATIENCE: Duration = Duration::from_secs(600);
/// Neighbours in a mailbox are none among the leads.
const APART: u64 = 7_919;

/// What the parts came to.
pub(crate) struct Mail {
    /// Letters of a part.
    pub(crate) part: u64,
    /// Letters a second that the program imported, and that were fetched and read: the median of the parts.
    pub(crate) rate: f64,
    pub(crate) floor: f64,
    /// The median of the parts' ratios.
    pub(crate) ratio: f64,
    /// The memory of the program once the first part was in, and the last.
    pub(crate) first: Memory,
    pub(crate) last: Memory,
}

/// Imports `letters` about leads with numbers below `people`, in parts.
pub(crate) async fn measure(plenary: &Server, token: &str, letters: u64, people: u64) -> Result<Mail, Failure> {
    let server = ImapServer::start();
    let office = Office { plenary, token, mark: server.tls };
    let mailbox = office.set_up(&server).await?;
    let before = office.state().await?;
    let part = letters.div_ceil(PAIRS as u64).max(1);
    let (mut pairs, mut memory, mut uid) = (Vec::with_capacity(PAIRS), Vec::with_capacity(PAIRS), 0);
    for number in 0..PAIRS as u64 {
        for number in number * part..(number + 1) * part {
            server.receive(&office.letter(number, people));
        }
        let ours = office.import(&mailbox, before.arrived + (number + 1) * part).await?;
        memory.push(plenary.memory()?);
        let (floor, last) = fetch(&server, uid, part).await?;
        uid = last;
        pairs.push((part as f64 / ours.as_secs_f64(), part as f64 / floor.as_secs_f64()));
    }
    let after = office.state().await?;
    if after.matched - before.matched != part * PAIRS as u64 || after.refused != before.refused {
        let (matched, refused) = (after.matched - before.matched, after.refused - before.refused);
        return Err(Failure::from(format!(
            "of {} letters {matched} were matched and {refused} refused",
            part * PAIRS as u64
        )));
    }
    let middle = |of: fn(&(f64, f64)) -> f64| middle(pairs.iter().map(of).collect());
    Ok(Mail {
        part,
        rate: middle(|(ours, _)| *ours),
        floor: middle(|(_, floor)| *floor),
        ratio: middle(|(ours, floor)| ours / floor),
        first: memory.first().copied().unwrap_or_default(),
        last: memory.last().copied().unwrap_or_default(),
    })
}

/// How many messages came in, how many of them are about something, and how many requests wait with reasons.
struct State {
    arrived: u64,
    matched: u64,
    refused: u64,
}

/// The workspace that letters come into.
struct Office<'a> {
    plenary: &'a Server,
    token: &'a str,
    /// What makes this run's letters others than those of runs before it in the same workspace.
    mark: u16,
}

impl Office<'_> {
    async fn ask(&self, request: &Request, expected: u16) -> Result<Json, Failure> {
        let reply = Client::connect(&self.plenary.address).await?.send(request).await?;
        if reply.status != expected {
            return Err(Failure::from(format!("{}: {}", reply.status, String::from_utf8_lossy(&reply.body))));
        }
        Ok(serde_json::from_slice(&reply.body)?)
    }

    /// The letters of a site are read, and a mailbox is there that nobody looks into yet; answers its address.
    async fn set_up(&self, server: &ImapServer) -> Result<String, Failure> {
        let reads = [("name", "Имя"), ("email", "Почта"), ("phone", "Телефон"), ("need", "Вопрос")];
        let reads: Vec<_> = reads.iter().map(|(to, label)| json!({"to": to, "labels": [label]})).collect();
        let site = json!({
            "name": format!("bench_{}", self.mark), "label": "Bench", "from": format!("robot@{}", self.site()),
            "module": "leads", "reads": reads,
        });
        self.ask(&Request::post("/api/v1/meta/site_letters", self.token, &site.to_string()), 201).await?;
        let mailbox = json!({
            "name": format!("Bench {}", self.mark), "host": "localhost", "port": server.tls, "security": "tls",
            "login": "bench", "password": "secret", "certificate": server.certificate, "since": Timestamp::UNIX_EPOCH.to_string(),
            "active": false,
        });
        let made = self.ask(&Request::post("/api/v1/meta/mailboxes", self.token, &mailbox.to_string()), 201).await?;
        Ok(format!("/api/v1/meta/mailboxes/{}", made["id"].as_str().unwrap_or_default()))
    }

    fn site(&self) -> String {
        format!("site{}.example", self.mark)
    }

    async fn count(&self, module: &str, filter: &str) -> Result<u64, Failure> {
        let path = format!("/api/v1/{module}?limit=1&count=exact&filter={}", encoded(filter));
        let page = self.ask(&Request::get(&path, self.token), 200).await?;
        page["total"].as_u64().ok_or_else(|| Failure::from(format!("{path} says no number")))
    }

    async fn state(&self) -> Result<State, Failure> {
        Ok(State {
            arrived: self.count("messages", "direction == \"in\"").await?,
            matched: self.count("messages", "direction == \"in\" && has(about)").await?,
            refused: self.count("rejected_requests", "has(source)").await?,
        })
    }

    /// Lets the mailbox be looked into until so many messages have come in all; answers how long that took.
    async fn import(&self, mailbox: &str, wanted: u64) -> Result<Duration, Failure> {
        let switch =
            |active: bool| Request::with_json("PATCH", mailbox, self.token, &json!({"active": active}).to_string());
        let begin = Instant::now();
        self.ask(&switch(true), 200).await?;
        loop {
            let arrived = self.count("messages", "direction == \"in\"").await?;
            if arrived >= wanted {
                break;
            }
            if begin.elapsed() > PATIENCE {
                return Err(Failure::from(format!("{arrived} of {wanted} letters are in after {PATIENCE:?}")));
            }
            tokio::time::sleep(LOOK).await;
        }
        let took = begin.elapsed();
        self.ask(&switch(false), 200).await?;
        Ok(took)
    }

    /// Those with an even number are of the site, the others answer the one before.
    fn letter(&self, number: u64, people: u64) -> String {
        let Lead { name, email, phone, need, .. } = Lead::number((number / 2 * APART) % people.max(1));
        let (site, even) = (self.site(), number / 2 * 2);
        let head = |from: &str, more: &str| {
            format!(
                "From: {from}\nTo: office@forum.example\nSubject: Request {even}\nMessage-ID: <bench-{number}@{site}>\n\
                 Date: Wed, 5 May 2027 10:15:00 +0300\n{more}MIME-Version: 1.0\n"
            )
        };
        if number == even {
            let head = head(&format!("robot@{site}"), "");
            let lines = format!("Имя: {name}\nПочта: {email}\nТелефон: {phone}\nВопрос: {need}\n");
            return format!(
                "{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{lines}"
            );
        }
        let head = head(&email, &format!("In-Reply-To: <bench-{even}@{site}>\n"));
        let text = format!("{need}. {}", "Строка, в которой что-то сказано.\n".repeat(12));
        let page = text.lines().map(|line| format!("<p style=\"margin:0\">{line}</p>\n")).collect::<String>();
        format!(
            "{head}Content-Type: multipart/alternative; boundary=b\n\n\
             --b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n\
             --b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<html><body>{page}</body></html>\n--b--\n"
        )
    }
}

/// Fetches and reads the letters above a number, of which there must be so many; answers how long that took, and the last number.
async fn fetch(server: &ImapServer, last: u32, wanted: u64) -> Result<(Duration, u32), Failure> {
    let settings = ImapSettings {
        host: "localhost".to_owned(),
        port: server.tls,
        security: Security::Tls,
        login: "bench".to_owned(),
        password: "secret".to_owned(),
        folder: "INBOX".to_owned(),
        certificate: Some(server.certificate.clone()),
    };
    let begin = Instant::now();
    let mut imap = Imap::open(&settings, Private(true)).await?;
    let uids = imap.newer(last, Timestamp::UNIX_EPOCH).await?;
    for uid in &uids {
        let head = imap.head(*uid).await?.ok_or("a letter has no head")?;
        let raw = imap.letter(*uid, head.size).await?.ok_or("a letter is not given out")?;
        black_box(mime::read(&raw));
    }
    let took = begin.elapsed();
    imap.close().await;
    if uids.len() as u64 != wanted {
        return Err(Failure::from(format!("{} letters were fetched of {wanted}", uids.len())));
    }
    Ok((took, uids.last().copied().unwrap_or(last)))
}
