//! Sending a survey: a personal link and its letter. Whoever has one that still waits is reminded by the same link.

use channels::Address;
use channels::letters::{Rendered, render};
use channels::outbox::{NewLetter, queue};
use jiff::{Span, Timestamp};
use model::expr::{Plan, Want};
use model::identity::email;
use model::survey::{About, SENT, Survey};
use model::value::read_duration;
use model::{Id, Locale, Record, Value, l10n};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, Result, Work};

use super::{EXPIRE_JOB, in_use, is_waiting, take_turn, turn_of};
use crate::{App, secrets};

/// What is sent to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Name of the survey.
    pub survey: String,
    /// The record that it is about.
    pub about: (String, Id),
    /// Where it goes; as the survey says, where nothing is said.
    pub to: Option<String>,
    /// Who is asked; as the survey says, where nothing is said.
    pub person: Option<String>,
}

impl Sending {
    /// Reads `{"survey", "about": {"module", "id"}, "to", "person"}`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every key that does not fit.
    pub fn read(body: &Map<String, Json>) -> Result<Self> {
        if let Some(key) = body.keys().find(|key| !["survey", "about", "to", "person"].contains(&key.as_str())) {
            return Err(Error::field(key, "unknown_field", format!("there is no {key:?} here")));
        }
        let text = |key: &str| match body.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            Some(_) => Err(Error::field(key, "invalid_type", "expected text in quotes")),
        };
        let missing = |key: &str| Error::field(key, "required", "this must be filled");
        let survey = text("survey")?.ok_or_else(|| missing("survey"))?;
        let about = body.get("about").filter(|about| !about.is_null()).ok_or_else(|| missing("about"))?;
        let part = |key: &str| about.get(key).and_then(Json::as_str);
        let id = part("id").and_then(|id| id.parse().ok());
        let about = part("module").zip(id).map(|(module, id)| (module.to_owned(), id));
        let about = about.ok_or_else(|| Error::field("about", "invalid_type", "expected {\"module\", \"id\"}"))?;
        Ok(Self { survey, about, to: text("to")?, person: text("person")? })
    }
}

/// What the letter of a survey says.
struct Asked<'a> {
    locale: Locale,
    person: &'a str,
    event: Option<String>,
    until: Option<Timestamp>,
    again: bool,
    token: &'a str,
}

/// The letter of a survey that was not sent.
pub(crate) struct WouldAsk {
    pub(crate) template: String,
    pub(crate) to: String,
    pub(crate) words: Rendered,
}

impl App {
    /// Sends a survey about a record to whom it concerns, for whoever may change that record. Who has a link that still waits
    /// gets the same once more.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] where there is no address, or the survey is not about
    /// such records.
    pub fn send_survey(&self, work: &mut Work<'_>, sending: &Sending) -> Result<Record> {
        let (module, id) = (&sending.about.0, sending.about.1);
        work.check_may_update(module, id)?;
        let survey = in_use(work, &sending.survey)?;
        let about = about_such(&survey, module)?;
        super::takers::of(&survey)?;
        let sent = work.as_process(|work| {
            take_turn(work, id)?;
            let record = work.get(module, id)?;
            if record.deleted_at.is_some() {
                return Err(Error::conflict("deleted", "the record is in the bin: restore it first"));
            }
            let (to, person) = addressee(work, &about, &record, sending)?;
            match waiting(work, &survey.name, id, &to)? {
                Some(sent) => self.remind(work, &sent),
                None => self.send_new(work, &survey, &record, (to, person)),
            }
        })?;
        self.shown(work, sent)
    }

    /// The letter by which a survey about a record would go out, without the secret of its link. Nothing is written.
    ///
    /// # Errors
    /// Those of [`App::send_survey`], but for the rights on the record.
    pub(crate) fn would_ask(&self, work: &mut Work<'_>, survey: &str, record: &Record) -> Result<WouldAsk> {
        let survey = in_use(work, survey)?;
        let about = about_such(&survey, &record.module.name)?;
        let of = (record.module.name.clone(), record.id);
        let sending = Sending { survey: survey.name.clone(), about: of, to: None, person: None };
        let (to, person) = addressee(work, &about, record, &sending)?;
        let (locale, until) = (language(work, record), ends(work, &survey));
        let event = event_in(work, record)?;
        let asked = Asked { locale, person: &person, event, until, again: false, token: "…" };
        Ok(WouldAsk { template: survey.letter.clone(), to, words: self.words(work, &survey, &asked)? })
    }

    /// Where a survey about a record would go, as far as the caller sees it: the address and the name, for the form that asks.
    ///
    /// # Errors
    /// When the database fails.
    pub fn survey_addressee(&self, work: &mut Work<'_>, about: &About, record: &Record) -> Result<(String, String)> {
        let mut said = |text: Option<&str>| {
            let Some(text) = text else { return Ok(String::new()) };
            let plan = work.rule_plan(&record.module, text, Want::Any)?;
            Ok::<_, Error>(work.seen_value(&plan, record).as_text().unwrap_or_default().to_owned())
        };
        Ok((said(Some(&about.to))?, said(about.called.as_deref())?))
    }

    /// Sends a survey that still waits once more, for whoever may change it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] `survey_over` where nobody can answer it any more.
    pub fn send_survey_again(&self, work: &mut Work<'_>, id: Id) -> Result<Record> {
        work.check_may_update(SENT, id)?;
        let sent = work.as_process(|work| {
            let sent = work.get(SENT, id)?;
            take_turn(work, turn_of(&sent))?;
            let sent = work.hold_for_process(SENT, id)?;
            self.remind(work, &sent)
        })?;
        self.shown(work, sent)
    }

    fn send_new(
        &self,
        work: &mut Work<'_>,
        survey: &Survey,
        about: &Record,
        (to, person): (String, String),
    ) -> Result<Record> {
        let settings = work.settings().clone();
        let (locale, now, until) = (language(work, about), work.now(), ends(work, survey));
        let contact = if about.module.name == "contacts" { Some(about.id) } else { about.link("contact") };
        let contact = contact.filter(|_| about.module.name == "contacts" || links_to_contacts(about));
        let token = secrets::fresh()?;
        let draft = Draft::new()
            .set("name", survey.label.or(settings.locale, &survey.name).to_owned())
            .set("questionnaire", survey.name.clone())
            .set("about", Value::Record { module: about.module.name.clone(), id: about.id })
            .set("contact", contact)
            .set("person", Some(person.clone()).filter(|person| !person.is_empty()))
            .set("email", to)
            .set("locale", locale.tag())
            .set("channel", "personal")
            .set("sent_at", now)
            .set("expires_at", until)
            .set("token", token);
        let sent = work.create(SENT, draft)?;
        if let Some(until) = until {
            work.enqueue(EXPIRE_JOB, Some(&format!("{EXPIRE_JOB}:{}", sent.id)), until, json!({"survey": sent.id}))?;
        }
        self.write_to(work, survey, &sent, false)?;
        Ok(sent)
    }

    fn remind(&self, work: &mut Work<'_>, sent: &Record) -> Result<Record> {
        if !is_waiting(sent, work.now()) || sent.text("email").is_none() {
            return Err(Error::conflict("survey_over", "this survey is answered, or its time is up"));
        }
        let survey = in_use(work, sent.text("questionnaire").unwrap_or_default())?;
        let draft = Draft::new().set("reminded_at", work.now());
        let sent = work.update(SENT, sent.id, draft, None)?;
        self.write_to(work, &survey, &sent, true)?;
        Ok(sent)
    }

    /// Puts the letter into the outbox. A version of the record sends one.
    fn write_to(&self, work: &mut Work<'_>, survey: &Survey, sent: &Record, again: bool) -> Result<()> {
        let settings = work.settings().clone();
        let (locale, until) = (language(work, sent), sent.get("expires_at").as_instant());
        let (person, token) = (sent.text("person").unwrap_or_default(), sent.text("token").unwrap_or_default());
        let event = event_of(work, sent)?;
        let rendered = self.words(work, survey, &Asked { locale, person, event, until, again, token })?;
        let about = match sent.get("about") {
            Value::Record { module, id } => (module.clone(), *id),
            _ => (SENT.to_owned(), sent.id),
        };
        let letter = NewLetter {
            template: Some(survey.letter.clone()),
            from: Address::new(settings.name.clone(), settings.sender.clone()),
            to: Address::new(person.to_owned(), sent.text("email").unwrap_or_default().to_owned()),
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            locale,
            about: Some(about),
            cause: Some(format!("survey:{}:{}", sent.id, sent.version)),
            attachments: Vec::new(),
            is_strangers: false,
        };
        queue(work, letter).map(drop)
    }

    /// The words of the letter.
    fn words(&self, work: &Work<'_>, survey: &Survey, asked: &Asked<'_>) -> Result<Rendered> {
        let (settings, locale) = (work.settings(), asked.locale);
        let Some(template) = work.definitions().letter(&survey.letter) else {
            return Err(Error::conflict("no_template", format!("there is no letter template {:?}", survey.letter)));
        };
        let data = json!({
            "organiser": settings.name,
            "person": Some(asked.person).filter(|person| !person.is_empty()),
            "survey": {
                "name": survey.label.or(locale, &survey.name),
                "event": asked.event,
                "introduction": survey.introduction.get(locale),
                "until": asked.until.map(|until| l10n::date_time(locale, until, &settings.zone())),
                "again": asked.again,
                "url": self.survey_url(asked.token),
            },
        });
        render(template, locale, &data).map_err(|error| Error::conflict("broken_template", error.to_string()))
    }

    /// The page of a survey, by the secret of its link or by the name of one that anybody answers.
    #[must_use]
    pub fn survey_url(&self, token: &str) -> String {
        self.ticketing().page_url(&format!("p/s/{token}"))
    }
}

/// What a survey says of records of a module.
fn about_such(survey: &Survey, module: &str) -> Result<About> {
    survey.of(module).cloned().ok_or_else(|| {
        Error::field("about", "not_about", format!("the survey {:?} is not about {module}", survey.name))
    })
}

/// The language in which a record is written to.
fn language(work: &Work<'_>, record: &Record) -> Locale {
    record.text("locale").and_then(Locale::parse).unwrap_or(work.settings().locale)
}

/// When a link that is sent now ends.
fn ends(work: &Work<'_>, survey: &Survey) -> Option<Timestamp> {
    let span: Span = read_duration(survey.valid_for.as_deref()?).ok()?;
    let end = work.now().to_zoned(work.settings().zone()).checked_add(span).ok()?;
    Some(end.timestamp())
}

/// The event of the record that a survey is about, where it has one.
fn event_of(work: &mut Work<'_>, sent: &Record) -> Result<Option<String>> {
    let Value::Record { module, id } = sent.get("about").clone() else { return Ok(None) };
    let about = match work.get(&module, id) {
        Ok(about) => about,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    event_in(work, &about)
}

/// The event of a record, where it has one.
fn event_in(work: &mut Work<'_>, about: &Record) -> Result<Option<String>> {
    let field = about.module.fields.iter().find(|field| field.module.as_deref() == Some("events"));
    let event = field.and_then(|field| about.link(&field.name));
    Ok(event.map(|event| work.get("events", event)).transpose()?.map(|event| event.title()))
}

/// Whether the record's field `contact` leads to a contact.
fn links_to_contacts(record: &Record) -> bool {
    record.module.field("contact").is_some_and(|field| field.module.as_deref() == Some("contacts"))
}

/// The one that still waits: sending it again is what is meant.
fn waiting(work: &mut Work<'_>, survey: &str, about: Id, to: &str) -> Result<Option<Record>> {
    let module = work.module(SENT)?;
    let filter = Plan::field(&module, "about").and_then(|field| field.eq(Value::Id(about)));
    let filter = filter.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
    let now = work.now();
    let is_it = |sent: &Record| {
        sent.text("questionnaire") == Some(survey) && sent.text("email") == Some(to) && is_waiting(sent, now)
    };
    Ok(work.find(SENT, filter)?.into_iter().find(is_it))
}

/// Where it goes and who is asked.
fn addressee(work: &mut Work<'_>, about: &About, record: &Record, sending: &Sending) -> Result<(String, String)> {
    let to = match &sending.to {
        Some(to) => Some(to.clone()),
        None => worked_out(work, &about.to, record)?,
    };
    let Some(to) = to.filter(|to| !to.trim().is_empty()) else {
        return Err(Error::field("to", "required", "the record has no address to which the survey could go"));
    };
    let to = email::normalise(&to).map_err(|error| Error::field("to", "invalid_email", error.to_string()))?;
    let person = match (&sending.person, &about.called) {
        (Some(person), _) => Some(person.clone()),
        // Whoever is written to at another address is another person.
        (None, Some(called)) if sending.to.is_none() => worked_out(work, called, record)?,
        _ => None,
    };
    let person: String = person.unwrap_or_default().chars().take(200).collect();
    Ok((to.into(), person))
}

/// What an expression over a record comes to, where that is a text.
fn worked_out(work: &mut Work<'_>, text: &str, record: &Record) -> Result<Option<String>> {
    let plan = work.rule_plan(&record.module, text, Want::Any)?;
    Ok(work.rule_value(&plan, record, None).as_text().map(str::to_owned))
}

/// What letters of surveys read, made up.
pub(crate) fn letter_samples() -> Vec<Json> {
    let sample = |word: Option<&str>, again: bool| {
        json!({
            "organiser": "Plenary",
            "person": word,
            "survey": {"name": "Spring", "event": word, "introduction": word.unwrap_or_default(), "until": word, "again": again, "url": "https://example.org/p/s/x"},
        })
    };
    vec![sample(Some("words"), false), sample(None, true)]
}
