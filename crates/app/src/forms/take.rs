//! Taking in what somebody filled in: judged, made the record that the form makes, and kept as a message with the consent and
//! where they came from, all in one transaction. What is judged spam is kept as ignored mail with the reason.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::field::FieldType;
use model::form::CONSENT;
use model::identity::name::names_a_page;
use model::survey::{Answers, Kind};
use model::{Id, Locale, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, FieldError, Result, Work};

use super::Opened;
use crate::App;
use crate::attachments::{Upload, is_empty};
use crate::queue::{MESSAGES, lead_of};
use crate::surveys::{LARGEST_ANSWER, too_large};

/// Under which name of a source requests are taken in once, …
const SOURCE: &str = "site_form";
/// … and pages that worked for being sent.
const PAGE: &str = "site_form_page";
/// Ignored mail that is kept of one form in a day; what comes beyond it is counted.
const KEPT: i64 = 200;
/// What is counted of a form: what is set aside on a day, and what was dropped at all.
const ASIDE: &str = "forms.aside";
const DROPPED: &str = "forms.dropped";
/// Fields that say what somebody is called.
const NAMES: [&str; 2] = ["name", "from_name"];
/// How long a line of text may be, and how much is kept of one answer of a robot, in characters.
const LINE: usize = 200;
/// How much is kept of everything that was said, in characters.
const WORDS: usize = 100_000;

/// What somebody filled in.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Name of the form.
    pub form: String,
    /// What was filled in, by field, in the form of the API.
    pub answers: Map<String, Json>,
    /// Files that came, by the name under which they are asked for.
    pub files: Vec<(String, Upload)>,
    /// Whether the consent was ticked.
    pub consents: bool,
    /// Whether the consent to news and offers was.
    pub marketing: bool,
    /// Where they came from, as [`super::source()`] reads it.
    pub source: Map<String, Json>,
    /// The language of the page.
    pub locale: Locale,
    /// What tells this request from every other: it is one however often it comes.
    pub key: Option<String>,
    /// Why it is no request of a person's.
    pub spam: Option<Spam>,
    /// The page that worked for being sent, in a rush, and why it is no request of a person's where that page was sent before.
    pub worked: Option<(String, Spam)>,
    /// By which line it came, where it was not filled in on a page of ours or of the site.
    pub via: Option<Via>,
}

/// How a request came by a line: by a form of a network, or from another program.
#[derive(Clone, Debug)]
pub struct Via {
    /// The channel of its message.
    pub channel: &'static str,
    /// The line, and what people call it.
    pub line: (Id, String),
    /// What its source calls it.
    pub name: String,
    /// When it was sent, where that is told.
    pub at: Option<Timestamp>,
    /// What was answered and the form does not ask for, by what it is called there.
    pub more: Vec<(String, String)>,
    /// All that came.
    pub raw: Json,
}

impl Via {
    /// When it was sent; what is told of the future is not believed.
    fn sent_at(&self, work: &Work<'_>) -> Option<Timestamp> {
        self.at.filter(|at| (Timestamp::UNIX_EPOCH..=work.now()).contains(at))
    }
}

/// Why something is judged spam, in words of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spam(pub String);

/// What became of it. Whoever sent it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was taken in.
    In,
    /// It was set aside.
    Aside,
    /// It was there already.
    Before,
    /// It would have been set aside, and too much of the form was today: it was counted.
    Dropped,
}

impl App {
    /// Takes in what somebody filled in.
    ///
    /// # Errors
    /// [`Error::NotFound`] where no such form is in use; [`Error::Invalid`] by field; [`Error::Conflict`] where a file was
    /// removed meanwhile.
    pub fn take_form(&self, work: &mut Work<'_>, filled: &Filled) -> Result<Taken> {
        let opened = self.open_form(work, &filled.form)?;
        work.as_process(|work| {
            // Before the first write, as all who take turns on who it is.
            if let Some(key) = filled.key.as_deref()
                && work.taken_in(SOURCE, key)?.is_some()
            {
                return Ok(Taken::Before);
            }
            let again = match &filled.worked {
                Some((page, spam)) => work.taken_in(PAGE, page)?.map(|_| spam),
                None => None,
            };
            let (message, taken) = match filled.spam.as_ref().or(again) {
                Some(_) if is_full(work, &filled.form)? => return Ok(Taken::Dropped),
                Some(spam) => (aside(work, &opened, filled, spam)?, Taken::Aside),
                None => (self.kept(work, &opened, filled)?, Taken::In),
            };
            if let (Some((page, _)), Taken::In) = (&filled.worked, taken) {
                work.keep_taken_in(PAGE, page, (MESSAGES, message.id))?;
            }
            if let Some(key) = filled.key.as_deref() {
                work.keep_taken_in(SOURCE, key, (MESSAGES, message.id))?;
            }
            Ok(taken)
        })
    }

    /// Makes what a form makes of a request that came by a line; answers the record, or the message that waits to be sorted. With
    /// the powers of the process.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field.
    pub(crate) fn take_by_line(&self, work: &mut Work<'_>, opened: &Opened, filled: &Filled) -> Result<Record> {
        let message = self.kept(work, opened, filled)?;
        match message.get("about").clone() {
            Value::Record { module, id } => work.get(&module, id),
            _ => Ok(message),
        }
    }

    /// Makes the record and the message about it; or the message alone, which waits to be sorted.
    fn kept(&self, work: &mut Work<'_>, opened: &Opened, filled: &Filled) -> Result<Record> {
        let answers = judged(work, opened, filled)?;
        let fields = fields(work, opened, &answers, filled)?;
        let draft = said(work, opened, &answers, filled).set("status", "received");
        let draft = draft.set("content", content(opened, fields.clone())).set("consent", consent(work, opened, filled));
        let module = opened.form.module.as_str();
        let (message, (module, id)) = if opened.form.queue {
            // Whoever sorts it later finds nothing that the module refuses.
            Draft::read(&*work.module(module)?, &fields, work.settings().reading())?;
            let message = work.create(MESSAGES, draft)?;
            let id = message.id;
            (message, (MESSAGES, id))
        } else {
            let (record, sorted) = match module {
                "leads" => (lead_of(self, work, &fields)?, "lead"),
                _ => (self.create(work, module, &fields)?.0, "case"),
            };
            let about = Value::Record { module: module.to_owned(), id: record.id };
            (work.create(MESSAGES, draft.set("about", about).set("sorted", sorted))?, (module, record.id))
        };
        crate::consents::of_message(work, &message)?;
        self.attach_files(work, (module, id), &answers, filled)?;
        Ok(message)
    }

    fn attach_files(
        &self,
        work: &mut Work<'_>,
        (module, id): (&str, Id),
        answers: &Answers,
        filled: &Filled,
    ) -> Result<()> {
        for (_, upload) in filled.files.iter().filter(|(key, _)| answers.asked.contains(key)) {
            self.attach(work, module, id, std::slice::from_ref(upload), None)?;
        }
        Ok(())
    }
}

/// Whether so much of a form was set aside today that this is counted alone: a robot does not fill the database.
fn is_full(work: &mut Work<'_>, form: &str) -> Result<bool> {
    let today = work.now().to_zoned(work.settings().zone()).date();
    let is_full = work.next_number(&format!("{ASIDE}/{form}/{today}"))? > KEPT;
    if is_full {
        work.next_number(&format!("{DROPPED}/{form}"))?;
    }
    Ok(is_full)
}

/// How much came by a form that is ignored mail beyond what is kept of it.
///
/// # Errors
/// When the database fails.
pub fn dropped(work: &mut Work<'_>, form: &str) -> Result<i64> {
    work.last_number(&format!("{DROPPED}/{form}"))
}

/// The answers, where nothing is wrong with them; every fault is told at once.
fn judged(work: &Work<'_>, opened: &Opened, filled: &Filled) -> Result<Answers> {
    let files: BTreeSet<String> = filled.files.iter().map(|(key, _)| key.clone()).collect();
    let is_known = |key: &String| opened.survey.asked().any(|question| question.key == *key);
    let strange = filled.answers.keys().chain(&files).filter(|key| !is_known(key));
    let mut faults: Vec<FieldError> =
        strange.map(|key| FieldError::new(key, "unknown_field", format!("this form asks for no {key:?}"))).collect();
    let (answers, wrong) = opened.read(work, &filled.answers, &files, filled.locale);
    faults.extend(wrong.into_iter().map(|wrong| FieldError::of(wrong.place, wrong.error)));
    // Letters greet by these.
    let named = NAMES.iter().filter(|key| answers.get(key).as_text().is_some_and(names_a_page));
    faults.extend(named.map(|key| FieldError::new(*key, "invalid_name", "a name is not an address of a page")));
    for (key, upload) in &filled.files {
        if upload.size() == 0 {
            faults.push(is_empty(key, upload.name()));
        } else if upload.size() > LARGEST_ANSWER {
            faults.push(too_large(key));
        }
    }
    if !filled.consents {
        faults.push(no_consent());
    }
    if faults.is_empty() { Ok(answers) } else { Err(Error::Invalid(faults)) }
}

/// Nothing is taken of a person who does not agree to it.
pub(crate) fn no_consent() -> FieldError {
    FieldError::new(CONSENT, "consent_needed", "nothing is taken in without consent to the processing of personal data")
}

/// The fields of the record: what was filled in, what the form says itself, and what the door knows.
fn fields(work: &Work<'_>, opened: &Opened, answers: &Answers, filled: &Filled) -> Result<Map<String, Json>> {
    let module = work.module(&opened.form.module)?;
    let mut fields: Map<String, Json> = opened.form.values.clone().into_iter().collect();
    for question in opened.survey.asked().filter(|question| question.kind != Kind::File) {
        let value = answers.get(&question.key);
        if !value.is_null() {
            fields.insert(question.key.clone(), value.to_json());
        }
    }
    let named = || match &filled.via {
        Some(via) => via.line.1.clone(),
        None => opened.form.label.or(work.settings().locale, &opened.form.name).to_owned(),
    };
    let channel = channel(filled);
    let from = filled.source.get("utm_source").and_then(Json::as_str).map_or_else(named, str::to_owned);
    let known = [("channel", channel), ("direction", "in"), ("locale", filled.locale.tag()), ("source", from.as_str())];
    for (name, text) in known {
        let takes = module.field(name).is_some_and(|field| match field.kind {
            FieldType::Choice => field.option(text).is_some(),
            kind => matches!(kind, FieldType::Text | FieldType::LongText),
        });
        if takes && !fields.contains_key(name) {
            fields.insert(name.to_owned(), text.into());
        }
    }
    Ok(fields)
}

/// The message that somebody has sent so.
fn said(work: &Work<'_>, opened: &Opened, answers: &Answers, filled: &Filled) -> Draft {
    let own = work.settings().locale;
    let first = |kind: Kind| {
        let mut of_kind = opened.survey.asked().filter(move |question| question.kind == kind);
        of_kind.find_map(|question| answers.get(&question.key).as_text().map(str::to_owned))
    };
    let name = NAMES.into_iter().find_map(|key| answers.get(key).as_text().map(str::to_owned));
    let lines = opened.survey.asked().filter_map(|question| {
        let label = question.label.or(own, &question.key);
        let file =
            filled.files.iter().find(|(key, _)| *key == question.key).map(|(_, upload)| upload.name().to_owned());
        let value = answers.get(&question.key);
        let words = if question.kind == Kind::File { file? } else { question.worded(value, own) };
        (!value.is_null() && !words.is_empty()).then(|| format!("{label}: {words}"))
    });
    let more = filled.via.iter().flat_map(|via| &via.more).map(|(label, words)| format!("{label}: {words}"));
    let text = lines.chain(more).collect::<Vec<_>>().join("\n");
    message(work, opened, filled)
        .set("from", first(Kind::Email).or_else(|| first(Kind::Phone)))
        .set("from_name", name)
        .set("text", cut(&text, WORDS))
}

/// Keeps what is judged spam as ignored mail, from where it can be brought back.
fn aside(work: &mut Work<'_>, opened: &Opened, filled: &Filled, spam: &Spam) -> Result<Record> {
    let words = |json: &Json| match json {
        Json::String(text) => cut(text.trim(), LINE),
        Json::Null => String::new(),
        other => cut(&other.to_string(), LINE),
    };
    let told = |key: &str| filled.answers.get(key).map(words).filter(|text| !text.is_empty());
    let asked = || opened.survey.asked().filter(|question| question.kind != Kind::File);
    let own = work.settings().locale;
    let lines = asked().filter_map(|it| Some(format!("{}: {}", it.label.or(own, &it.key), told(&it.key)?)));
    let text = lines.collect::<Vec<_>>().join("\n");
    let first = |kind: Kind| asked().filter(move |it| it.kind == kind).find_map(|it| told(&it.key));
    let draft = message(work, opened, filled)
        .set("status", "set_aside")
        .set("aside_reason", cut(&spam.0, LINE))
        .set("aside_at", Value::Instant(work.now()));
    // Without consent nothing is kept of a person, and a robot has lost nothing.
    if !filled.consents {
        return work.create(MESSAGES, draft);
    }
    let mut fields: Map<String, Json> = opened.form.values.clone().into_iter().collect();
    fields.extend(asked().filter_map(|it| Some((it.key.clone(), filled.answers.get(&it.key)?.clone()))));
    let draft = draft
        .set("from", first(Kind::Email).or_else(|| first(Kind::Phone)))
        .set("from_name", NAMES.into_iter().find_map(told))
        .set("text", cut(&text, WORDS))
        .set("content", content(opened, fields))
        .set("consent", consent(work, opened, filled));
    work.create(MESSAGES, draft)
}

/// What is said of every message of a form.
fn message(work: &Work<'_>, opened: &Opened, filled: &Filled) -> Draft {
    let subject = opened.form.label.or(work.settings().locale, &opened.form.name);
    let source = (!filled.source.is_empty()).then(|| Value::Json(Json::Object(filled.source.clone())));
    let draft = Draft::new()
        .set("channel", channel(filled))
        .set("direction", "in")
        .set("subject", cut(subject, LINE))
        .set("locale", filled.locale.tag())
        .set("form", opened.form.name.clone())
        .set("source", source.unwrap_or(Value::Null));
    let Some(via) = &filled.via else { return draft };
    let draft = draft
        .set("line", via.line.1.as_str())
        .set("line_id", via.line.0.to_string())
        .set("message_id", via.name.as_str())
        .set("sent_at", via.sent_at(work))
        .set("raw", Value::Json(json!({"received": via.raw})));
    // Messages of packs of before lines do not say by which they came.
    match work.module(MESSAGES) {
        Ok(module) => draft.fitting(&module),
        Err(_) => draft,
    }
}

fn channel(filled: &Filled) -> &'static str {
    filled.via.as_ref().map_or("web_form", |via| via.channel)
}

/// What was filled in, of which module: what is made of the message later begins with it.
fn content(opened: &Opened, fields: Map<String, Json>) -> Value {
    Value::Json(json!({"module": opened.form.module, "fields": fields}))
}

/// The consent as it was given: its wording and moment (K3), and that of news and offers where it was ticked, too.
fn consent(work: &Work<'_>, opened: &Opened, filled: &Filled) -> Value {
    let (form, via) = (&opened.form, filled.via.as_ref());
    let given_at = via.and_then(|via| via.sent_at(work)).unwrap_or_else(|| work.now());
    let mut consent = json!({
        "text": form.consent.get(filled.locale), "locale": filled.locale.tag(), "policy": form.policy,
        "given_at": given_at.to_string(),
    });
    if let Some(via) = via {
        consent["by"] = via.line.1.as_str().into();
    }
    let marketing = form.marketing.get(filled.locale);
    if filled.marketing && !marketing.is_empty() {
        consent["marketing"] = marketing.into();
    }
    Value::Json(consent)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
