//! What somebody said in words, in a letter or on a form of another site, as the API takes it for a field.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::field::{Field, FieldType};
use crate::identity::fold;

/// A text as the API takes it for a field; what is none stays a text, to be refused with its reason.
#[must_use]
pub fn of_words(field: &Field, text: &str) -> Json {
    match field.kind {
        FieldType::Number | FieldType::Rating => text.parse::<i64>().map_or_else(|_| text.into(), Json::from),
        FieldType::Checkbox => match fold(text).as_str() {
            "да" | "yes" | "true" | "on" | "1" | "+" => json!(true),
            "нет" | "no" | "false" | "off" | "0" | "-" => json!(false),
            _ => text.into(),
        },
        FieldType::Date => {
            Date::strptime("%d.%m.%Y", text).map_or_else(|_| text.into(), |date| date.to_string().into())
        }
        FieldType::Choice => option(field, text).unwrap_or(text).into(),
        FieldType::MultiChoice => text
            .split([',', ';'])
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(|one| Json::from(option(field, one).unwrap_or(one)))
            .collect(),
        _ => text.into(),
    }
}

/// The same of several texts that were said together: each an option where several are chosen, else one text.
#[must_use]
pub fn of_several(field: &Field, texts: &[String]) -> Json {
    match texts {
        // What is called so as a whole is not taken apart at its commas.
        texts if field.kind == FieldType::MultiChoice && texts.iter().all(|text| option(field, text).is_some()) => {
            texts.iter().map(|text| Json::from(option(field, text).unwrap_or(text))).collect()
        }
        [text] => of_words(field, text),
        texts => of_words(field, &texts.join(", ")),
    }
}

/// The option that is called so, by its name or by what people read.
fn option<'f>(field: &'f Field, text: &str) -> Option<&'f str> {
    let key = fold(text);
    let mut options = field.options.iter();
    let is_it = |said: &String| !said.is_empty() && fold(said) == key;
    let found = options.find(|it| [&it.value, &it.label.ru, &it.label.en].into_iter().any(is_it));
    found.map(|it| it.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChoiceOption, Label};

    fn choice(kind: FieldType) -> Field {
        let option = |value: &str, ru: &str| ChoiceOption {
            value: value.to_owned(),
            label: Label { ru: ru.to_owned(), en: String::new() },
            colour: String::new(),
        };
        Field {
            options: vec![option("hot", "Горячий, да"), option("cold", "Холодный")], ..Field::new("f", kind)
        }
    }

    #[test]
    fn words_are_what_the_field_takes() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(of_words(&Field::new("n", FieldType::Number), "12"), json!(12));
        assert_eq!(of_words(&Field::new("n", FieldType::Number), "many"), json!("many"));
        assert_eq!(of_words(&Field::new("d", FieldType::Date), "13.04.2027"), json!("2027-04-13"));
        assert_eq!(of_words(&choice(FieldType::Choice), "ХОЛОДНЫЙ"), json!("cold"));
        let several = choice(FieldType::MultiChoice);
        assert_eq!(of_several(&several, &texts(&["Горячий, да"])), json!(["hot"]));
        assert_eq!(of_several(&several, &texts(&["cold", "Горячий, да"])), json!(["cold", "hot"]));
        assert_eq!(of_several(&several, &texts(&["cold; other"])), json!(["cold", "other"]));
        assert_eq!(of_several(&Field::new("t", FieldType::Text), &texts(&["a", "b"])), json!("a, b"));
    }
}
