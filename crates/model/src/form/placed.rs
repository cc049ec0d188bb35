//! Answers that were given elsewhere, on a form of a network or to another program, read by a form of ours: which field each is
//! for is said by the form, and known of what is called the same everywhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Form;
use crate::identity::fold;
use crate::survey::Kind;
use crate::value::{of_several, of_words};
use crate::{Field, FieldType, Module};

/// Fields that say what somebody is called.
const NAMES: [&str; 2] = ["name", "from_name"];
/// What fields are called elsewhere: lead forms of VK and Meta, and the habits of programs. As [`key_of`] spells it.
const KNOWN: [(&str, &[&str]); 10] = [
    ("name", &["full name", "fullname", "fio", "фио", "your name", "ваше имя", "имя и фамилия", "как вас зовут"]),
    ("from_name", &["name", "full name", "fullname", "fio", "фио", "your name", "ваше имя", "имя и фамилия"]),
    ("email", &["e mail", "mail", "email address", "work email", "почта", "электронная почта", "эл. почта"]),
    ("phone", &["phone number", "work phone number", "tel", "mobile", "телефон", "номер телефона"]),
    ("company", &["company name", "organization", "organisation", "компания", "организация", "название компании"]),
    ("need", &["comment", "comments", "message", "text", "question", "комментарий", "сообщение", "вопрос"]),
    ("body", &["comment", "comments", "message", "text", "question", "комментарий", "сообщение", "вопрос"]),
    ("subject", &["topic", "title", "тема"]),
    ("position", &["job title", "должность"]),
    ("city", &["город", "location"]),
];
/// Parts of a name in the order in which it is said.
const PARTS: [&[&str]; 3] = [
    &["first name", "given name", "имя"],
    &["patronymic name", "patronymic", "middle name", "отчество"],
    &["last name", "family name", "surname", "фамилия"],
];

/// An answer as it was given elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What programs call it: a key, or a path whose parts are parted by full stops.
    pub key: String,
    /// What people read there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What was said; several where several could be chosen.
    pub values: Vec<String>,
}

/// Answers that were given elsewhere, as a form reads them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// By field, in the form of the API.
    pub fields: Map<String, Json>,
    /// The field of each answer, in their order; nothing where the form does not ask for it.
    pub places: Vec<Option<String>>,
}

impl Told {
    /// What people call it.
    #[must_use]
    pub fn called(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.key)
    }

    /// What was said, in one text.
    #[must_use]
    pub fn text(&self) -> String {
        self.values.join(", ")
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(|value| value.trim().is_empty())
    }

    /// The last part of a path.
    #[must_use]
    pub fn last(&self) -> &str {
        self.key.rsplit('.').next().unwrap_or(&self.key)
    }

    /// Which part of a name it is.
    fn part(&self) -> Option<usize> {
        let names = [Some(self.last()), self.label.as_deref()].into_iter().flatten().map(key_of);
        let mut names = names.filter_map(|name| PARTS.iter().position(|part| part.contains(&name.as_str())));
        names.next()
    }
}

/// Fields by what they are called.
struct Names<'a> {
    /// As the form says.
    said: BTreeMap<String, &'a str>,
    /// As they are called here.
    own: BTreeMap<String, &'a str>,
    /// As they are called everywhere.
    known: BTreeMap<String, &'a str>,
}

impl Names<'_> {
    fn field_of(&self, told: &Told) -> Option<String> {
        let (key, label, last) = (key_of(&told.key), told.label.as_deref().map(key_of), key_of(told.last()));
        let whole = [Some(&key), label.as_ref()];
        let any = [Some(&key), label.as_ref(), Some(&last)];
        let in_map = |map: &BTreeMap<String, &str>, names: &[Option<&String>]| {
            names.iter().flatten().find_map(|name| map.get(*name).map(|field| (*field).to_owned()))
        };
        in_map(&self.said, &whole).or_else(|| in_map(&self.own, &any)).or_else(|| in_map(&self.known, &any))
    }
}

impl Form {
    /// Reads answers that were given elsewhere. Of two for the same field the first counts; parts of a name and answers to a
    /// field of long text stand together.
    #[must_use]
    pub fn place(&self, module: &Module, told: &[Told]) -> Placed {
        let survey = self.survey(module);
        let asked = survey.asked().filter(|question| question.kind != Kind::File);
        let asked: Vec<&Field> = asked.filter_map(|question| module.field(&question.key)).collect();
        let names = self.names(&asked);
        let (mut placed, mut said) = (Placed::default(), BTreeMap::<String, Vec<&Told>>::new());
        for told in told {
            let field = Some(told).filter(|told| !told.is_empty()).and_then(|told| names.field_of(told));
            let field = field.filter(|name| {
                let before = said.get(name).map_or(&[][..], Vec::as_slice);
                let is_long = asked.iter().any(|field| field.name == *name && field.kind == FieldType::LongText);
                before.is_empty() || is_long || is_part_of(name, before, told)
            });
            if let Some(name) = &field {
                said.entry(name.clone()).or_default().push(told);
            }
            placed.places.push(field);
        }
        for field in asked {
            if let Some(told) = said.get(&field.name) {
                placed.fields.insert(field.name.clone(), worth(field, told));
            }
        }
        placed
    }

    fn names<'a>(&'a self, asked: &[&'a Field]) -> Names<'a> {
        let (mut said, mut own, mut known) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for field in asked {
            let name = field.name.as_str();
            let of_form = self.fields.iter().find(|asked| !asked.file && asked.field == name);
            for key in of_form.iter().flat_map(|asked| &asked.keys) {
                said.entry(key_of(key)).or_insert(name);
            }
            let labels = of_form.and_then(|asked| asked.label.as_ref()).into_iter().chain([&field.label]);
            let labels = labels.flat_map(|label| [label.ru.as_str(), label.en.as_str()]);
            for key in [name].into_iter().chain(labels).map(key_of).filter(|key| !key.is_empty()) {
                own.entry(key).or_insert(name);
            }
            let everywhere = KNOWN.iter().filter(|(known, _)| *known == name).flat_map(|(_, keys)| keys.iter());
            let parts = PARTS.iter().filter(|_| NAMES.contains(&name)).flat_map(|keys| keys.iter());
            for key in everywhere.chain(parts) {
                known.entry((*key).to_owned()).or_insert(name);
            }
        }
        Names { said, own, known }
    }
}

/// Whether an answer goes on with a name of which parts are known.
fn is_part_of(field: &str, before: &[&Told], told: &Told) -> bool {
    let part = told.part();
    let is_new = |other: &&Told| other.part().is_some_and(|other| Some(other) != part);
    NAMES.contains(&field) && part.is_some() && before.iter().all(is_new)
}

fn worth(field: &Field, told: &[&Told]) -> Json {
    match told {
        [one] => of_several(field, &one.values),
        told if field.kind == FieldType::LongText => {
            let lines = told.iter().map(|told| format!("{}: {}", told.called(), told.text()));
            lines.collect::<Vec<_>>().join("\n").into()
        }
        told => {
            let mut parts: Vec<_> = told.iter().map(|told| (told.part(), told.text().trim().to_owned())).collect();
            parts.sort();
            let parts = parts.into_iter().map(|(_, text)| text);
            of_words(field, &parts.collect::<Vec<_>>().join(" "))
        }
    }
}

/// What something is called, without what differs from one place to the next.
pub(super) fn key_of(text: &str) -> String {
    fold(&text.replace(['_', '-'], " ")).trim_end_matches([':', '?', '*', ' ']).to_owned()
}
