//! Letters of rules: a template of the packs over the record that set the rule off.

use channels::Address;
use channels::consent::{Standing, Withheld, standing};
use channels::letters::render;
use channels::outbox::{NewLetter, queue};
use model::field::FieldType;
use model::letter::Letter;
use model::rule::{Action, Rule, Worth};
use model::{Definitions, Field, Label, Locale, Module, Record, Value, l10n};
use serde_json::{Map, Value as Json, json};
use store::{Error, Result, RuleReason, Work};

use super::act::About;
use crate::cases::CASES;
use crate::short::Written;
use crate::{App, plain};

/// Under what a letter that advertises names the way out, `{{ unsubscribe.url }}`, …
const UNSUBSCRIBE: &str = "unsubscribe";
/// … and where that leads in made-up data.
pub(crate) const WAY_OUT: &str = "https://example.org/p/u/x";

/// Who gets a letter: expressions.
pub(super) struct Whom<'a> {
    pub(super) to: &'a str,
    pub(super) name: Option<&'a str>,
}

/// Puts the letter into the outbox; the same cause sends one, however often it is told. Why it does not go, where it advertises and
/// its address has not agreed to that.
pub(super) fn send(
    app: &App,
    work: &mut Work<'_>,
    cause: String,
    (template, whom): (&str, &Whom<'_>),
    about: &About<'_>,
) -> Result<Option<RuleReason>> {
    let letter = written(app, work, (template, whom), about)?;
    let kept = queue(work, NewLetter { cause: Some(cause), ..letter })?;
    Ok(Withheld::of(&kept).map(|why| RuleReason::new(why.code(), why.words())))
}

/// The letter as it would be sent.
pub(super) fn written(
    app: &App,
    work: &mut Work<'_>,
    (template, whom): (&str, &Whom<'_>),
    about: &About<'_>,
) -> Result<NewLetter> {
    let record = about.record;
    let Some(letter) = work.definitions().letter(template).cloned() else {
        return Err(Error::conflict("no_template", format!("there is no letter template {template:?}")));
    };
    let Some(to) = about.text(work, whom.to)? else {
        return Err(Error::conflict("no_address", "the record has no address to which the letter could go"));
    };
    let name = whom.name.map(|name| about.text(work, name)).transpose()?.flatten().unwrap_or_default();
    let settings = work.settings().clone();
    let locale = record.text("locale").and_then(Locale::parse).unwrap_or(settings.locale);
    let mut data = data(app, work, record, locale);
    if letter.marketing {
        data[UNSUBSCRIBE] = json!({"url": unsubscribe(app, work, &to)?});
    }
    let rendered = render(&letter, locale, &data);
    let rendered = rendered.map_err(|error| Error::conflict("broken_template", error.to_string()))?;
    Ok(NewLetter {
        template: Some(template.to_owned()),
        from: Address::new(settings.name.clone(), settings.sender.clone()),
        to: Address::new(name, to),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        locale,
        about: Some((record.module.name.clone(), record.id)),
        cause: None,
        attachments: Vec::new(),
        is_strangers: record.created_by.is_none() || record.text("direction") == Some("in"),
    })
}

/// Where whoever gets a letter that advertises takes back that they want such; nowhere where they never did.
fn unsubscribe(app: &App, work: &mut Work<'_>, to: &str) -> Result<String> {
    Ok(match standing(work, to)? {
        Standing::Agreed(token) => app.consent_url(&token),
        Standing::Never | Standing::OptedOut => String::new(),
    })
}

/// The SMS as it would be sent: to an expression, with words over the record.
pub(super) fn sms(
    app: &App,
    work: &mut Work<'_>,
    (to, text, through): (&str, &Label, Option<&str>),
    about: &About<'_>,
) -> Result<Written> {
    let record = about.record;
    let Some(to) = about.text(work, to)? else {
        return Err(Error::conflict("no_number", "the record has no number to which the SMS could go"));
    };
    let locale = record.text("locale").and_then(Locale::parse).unwrap_or(work.settings().locale);
    let rendered = render(&spoken(text), locale, &data(app, work, record, locale));
    let rendered = rendered.map_err(|error| Error::conflict("broken_template", error.to_string()))?;
    let is_strangers = record.created_by.is_none() || record.text("direction") == Some("in");
    Ok(Written { through: through.map(str::to_owned), to, text: rendered.text, locale, is_strangers })
}

/// What the templates of rules read: the organiser, and the record with every field that words can say.
pub(crate) fn data(app: &App, work: &Work<'_>, record: &Record, locale: Locale) -> Json {
    let (mut fields, zone) = (Map::new(), work.settings().zone());
    let zone_name = l10n::zone(locale, &work.settings().time_zone, work.now());
    let all = record.module.fields.iter().zip(&record.values);
    for (field, value) in all.filter(|(field, _)| is_sayable(field)) {
        let option = value.as_text().and_then(|text| field.option(text));
        let words = match (option, value) {
            (Some(option), _) => option.label.get(locale).to_owned(),
            (None, Value::Instant(at)) => format!("{} ({zone_name})", l10n::date_time(locale, *at, &zone)),
            (None, Value::Date(date)) => l10n::date(locale, *date),
            (None, value) => plain(value),
        };
        fields.insert(field.name.clone(), Json::from(words));
    }
    json!({
        "organiser": work.settings().name,
        "record": {
            "kind": record.module.one.get(locale),
            "title": record.title(),
            "url": app.ticketing().page_url(&format!("{}/{}", record.module.name, record.id)),
            "page": of_public(app, record),
            "fields": fields,
        },
    })
}

/// The page of a record for whoever it is of, where it has one.
fn of_public(app: &App, record: &Record) -> Option<String> {
    let token = record.text("token").filter(|_| record.module.name == CASES)?;
    Some(app.case_url(token))
}

/// Whether words can say what stands in a field.
fn is_sayable(field: &Field) -> bool {
    !field.secret && !matches!(field.kind, FieldType::Json)
}

/// Names of the fields that words can say.
pub(crate) fn sayable(module: &Module) -> Vec<&str> {
    module.fields.iter().filter(|field| is_sayable(field)).map(|field| field.name.as_str()).collect()
}

/// The templates of a rule that can never be filled over records of its module: where each stands in the rule, and why.
pub(crate) fn unfillable(rule: &Rule, definitions: &Definitions) -> Vec<(String, String)> {
    let Some(module) = definitions.module(&rule.module) else { return Vec::new() };
    let why = |letter: &Letter| {
        let data = samples(&sayable(module), letter.marketing);
        let all = [Locale::Ru, Locale::En].into_iter().flat_map(|locale| data.iter().map(move |data| (locale, data)));
        all.into_iter().find_map(|(locale, data)| render(letter, locale, data).err()).map(|error| error.to_string())
    };
    let mut found = Vec::new();
    for (index, action) in rule.then.iter().enumerate() {
        match action {
            Action::Letter { template, .. } => {
                let error = definitions.letter(template).and_then(|letter| why(letter));
                found.extend(error.map(|error| (format!("then[{index}].template"), error)));
            }
            Action::Sms { text, .. } => {
                found.extend(why(&spoken(text)).map(|error| (format!("then[{index}].text"), error)));
            }
            Action::Set { fields, .. }
            | Action::Move { fields, .. }
            | Action::Sort { fields, .. }
            | Action::Create { fields, .. } => {
                for (name, worth) in fields {
                    let Worth::Words(words) = worth else { continue };
                    let error = why(&worded(words));
                    found.extend(error.map(|error| (format!("then[{index}].fields.{name}"), error)));
                }
            }
            _ => {}
        }
    }
    found
}

/// Words as a letter that has nothing but a subject.
pub(super) fn worded(words: &Label) -> Letter {
    Letter {
        name: "words".to_owned(),
        label: Label::default(),
        subject: words.clone(),
        text: Label::default(),
        formatted: false,
        marketing: false,
    }
}

/// Words as a letter that has nothing but a text.
fn spoken(words: &Label) -> Letter {
    Letter { subject: Label::default(), text: words.clone(), ..worded(words) }
}

/// The same, made up, for each module that has rules which send a letter, with the way out of those that advertise.
pub(crate) fn samples(fields: &[&str], is_marketing: bool) -> Vec<Json> {
    let sample = |text: &str| {
        let page = (!text.is_empty()).then_some("https://example.org/p/c/x");
        let fields: Map<_, _> = fields.iter().map(|name| ((*name).to_owned(), Json::from(text))).collect();
        let mut data = json!({
            "organiser": "Plenary",
            "record": {"kind": "Lead", "title": "Spring", "url": "https://example.org/leads/x", "page": page, "fields": fields},
        });
        if is_marketing {
            data[UNSUBSCRIBE] = json!({"url": WAY_OUT});
        }
        data
    };
    vec![sample("words"), sample("")]
}
