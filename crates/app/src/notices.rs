//! Notices as letters. The job of a notice reads it under its reader's rights of that moment: what they may no longer see,
//! have read already or no longer want by letter is not sent.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Locale, User};
use serde_json::{Value as Json, json};
use store::{Inbox, Notice, NoticeKind, Result, RunState, Work};
use ticketing::{Letters as _, OutgoingLetter};

use crate::{App, LettersByTemplate};

/// The letter's template. Such a letter is for its addressee alone: no user reads it among the messages.
pub(crate) const TEMPLATE: &str = store::NOTICE_TEMPLATE;

/// Where people choose what they get by letter, under the public address.
const SETTINGS: &str = "notifications";

impl App {
    /// Sends a notice as a letter; once, however often it is asked.
    pub(crate) fn send_notice(&self, work: &mut Work<'_>, id: Id) -> Result<()> {
        let Some(template) = work.definitions().letter(TEMPLATE).cloned() else { return Ok(()) };
        let Some(reader) = work.reader_of(id)? else { return Ok(()) };
        let (Some(user), choice) = (work.user(reader)?, work.account(reader)?.mail) else { return Ok(()) };
        let seen = user.clone();
        let told = work.as_user(user.clone(), |work| self.told(work, &seen, id))?;
        let Some((notice, data)) = told.filter(|(notice, _)| notice.read_at.is_none() && choice.wants(notice.kind))
        else {
            return Ok(());
        };
        // One that knows no rules in trouble, as somebody wrote it before there were any, would tell of a new stage.
        let knows = |kind: &str| template.text.get(user.locale).contains(kind);
        if notice.kind == NoticeKind::Trouble && !(knows("'trouble'") || knows("\"trouble\"")) {
            return Ok(());
        }
        let letter = OutgoingLetter {
            template: TEMPLATE,
            to_name: user.name,
            to_email: user.email,
            locale: user.locale,
            about: (notice.module, notice.record),
            cause: format!("{TEMPLATE}:{id}"),
            data,
            tickets: Vec::new(),
            invoice: None,
            contract: None,
        };
        LettersByTemplate.send(work, letter)
    }

    /// The page with the runs of a rule.
    fn log_of(&self, rule: &str) -> String {
        self.ticketing().page_url(&format!("settings/rules/{rule}#runs"))
    }

    /// The notice with what the letter says of it; nothing where its reader may not see it.
    fn told(&self, work: &mut Work<'_>, reader: &User, id: Id) -> Result<Option<(Notice, Json)>> {
        let Some(notice) = work.notice(id)? else { return Ok(None) };
        let record = work.get(&notice.module, notice.record)?;
        let comment = notice.comment.map(|comment| work.get("comments", comment)).transpose()?;
        let who = work.user_names(&notice.actor.into_iter().collect())?;
        let stage = |name: &str| stage(work, &notice.module, name, reader.locale);
        let data = json!({
            "organiser": work.settings().name,
            "reader": reader.name,
            "notice": {
                "kind": notice.kind.name(),
                "who": notice.actor.and_then(|actor| who.get(&actor)),
                "text": comment.as_ref().and_then(|comment| comment.text("text")).map(str::trim),
                "from": notice.stages.as_ref().map(|(from, _)| stage(from)),
                "to": notice.stages.as_ref().map(|(_, to)| stage(to)),
                "stopped": notice.trouble == Some(RunState::Held),
                "log": notice.rule.as_deref().filter(|_| notice.trouble.is_some()).map(|rule| self.log_of(rule)),
                "rule": notice.rule.as_deref().map(|rule| called(work, rule, reader.locale)),
                "others": if matches!(notice.kind, NoticeKind::Assigned | NoticeKind::Stage | NoticeKind::Rule | NoticeKind::Trouble) { notice.others } else { 0 },
            },
            "record": {
                "kind": record.module.one.get(reader.locale),
                "title": record.title(),
                "url": self.ticketing().page_url(&format!("{}/{}", notice.module, notice.record)),
            },
            "settings": {"url": self.ticketing().page_url(SETTINGS)},
        });
        Ok(Some((notice, data)))
    }
}

/// What a stage is called.
fn stage(work: &Work<'_>, module: &str, name: &str, locale: Locale) -> String {
    let process = work.definitions().process(module);
    let state = process.and_then(|process| process.state(name));
    state.map_or_else(|| name.to_owned(), |state| state.label.get(locale).to_owned())
}

/// What a rule is called.
fn called(work: &Work<'_>, rule: &str, locale: Locale) -> String {
    work.definitions().rule(rule).map_or(rule, |known| known.label.or(locale, rule)).to_owned()
}

/// A notice with the words that it shows.
#[derive(Clone, Debug)]
pub struct Told {
    /// The notice.
    pub notice: Notice,
    /// What its record is called.
    pub title: String,
    /// What its comment says.
    pub text: Option<String>,
}

/// The notices of whoever works with their words: a query for each module that they are about.
///
/// # Errors
/// When the database fails.
pub fn inbox(work: &mut Work<'_>, asked: &Inbox) -> Result<Vec<Told>> {
    let notices = work.notices(asked)?;
    let mut records: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for notice in &notices {
        records.entry(&notice.module).or_default().insert(notice.record);
    }
    let (mut titles, mut texts) = (BTreeMap::new(), BTreeMap::new());
    for (module, ids) in records {
        titles.extend(work.titles(module, &ids)?);
    }
    let comments: BTreeSet<Id> = notices.iter().filter_map(|notice| notice.comment).collect();
    if !comments.is_empty() {
        let module = work.module("comments")?;
        for comment in work.several(&module, &comments)? {
            texts.insert(comment.id, comment.text("text").unwrap_or_default().to_owned());
        }
    }
    let told = notices.into_iter().filter_map(|notice| {
        let title = titles.get(&notice.record)?.clone();
        let text = notice.comment.and_then(|comment| texts.get(&comment).cloned());
        Some(Told { notice, title, text })
    });
    Ok(told.collect())
}

/// What the letter of a notice reads, made up: everything there and everything missing that can be.
pub(crate) fn letter_samples() -> Vec<Json> {
    let kinds = [
        NoticeKind::Mention,
        NoticeKind::Comment,
        NoticeKind::Assigned,
        NoticeKind::Stage,
        NoticeKind::Rule,
        NoticeKind::Trouble,
    ];
    let sample = |kind: NoticeKind, is_full: bool| {
        let filled = |text: &'static str| is_full.then_some(text);
        let speaks = matches!(kind, NoticeKind::Mention | NoticeKind::Comment);
        json!({
            "organiser": "Plenary",
            "reader": "Anna Belova",
            "notice": {
                "kind": kind.name(), "who": filled("Boris Kim"), "text": speaks.then_some("Look"),
                "stopped": is_full, "log": filled("https://example.org/settings/rules/x"),
                "from": filled("New"), "to": filled("Contacted"), "rule": filled("Quality check"), "others": usize::from(is_full),
            },
            "record": {"kind": "Lead", "title": "Spring", "url": "https://example.org/leads/x"},
            "settings": {"url": "https://example.org/notifications"},
        })
    };
    kinds.into_iter().flat_map(|kind| [sample(kind, true), sample(kind, false)]).collect()
}
