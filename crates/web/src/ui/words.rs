//! Messages in the reader's language, from `locales/{ru,en}/*.ftl`, compiled into the binary. No text that people read
//! stands in Rust.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use model::{Locale, l10n};
use store::FieldError;
use unic_langid::langid;

/// The message files of each language: whatever lies in their folders.
const FILES: &[(Locale, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/messages.rs"));

static RUSSIAN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::Ru));
static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::En));

/// The code of a text that was to be JSON; its sentence is the number of the line where it is wrong.
pub(crate) const INVALID_JSON: &str = "not_json";

/// The code of what somebody else has in hand; its sentence is their name.
pub(crate) const IN_HAND: &str = "in_hand";

/// What a message is told: names with texts or numbers.
pub(crate) type Args<'a> = &'a [(&'static str, FluentValue<'a>)];

/// A language that can say the product's messages.
pub(crate) trait Words: Copy + Into<Locale> {
    /// The message called `key`.
    fn say(self, key: &str) -> String;
    /// The message called `key`, with what it is told.
    fn say_with(self, key: &str, args: Args<'_>) -> String;
    /// The message called `key` where there is one. For keys that come as data.
    fn say_if(self, key: &str) -> Option<String>;
    /// What is wrong with a field: by its code, else the sentence that came with it.
    fn error(self, error: &FieldError) -> String {
        if let Some(said) = &error.said {
            return said.get(self.into()).to_owned();
        }
        if error.code == INVALID_JSON {
            return self.say_with("field-no-json", &[("line", error.message.as_str().into())]);
        }
        if error.code == IN_HAND {
            return self.say_with("queue-in-hand", &[("name", error.message.as_str().into())]);
        }
        if let Some(left) = left_of(error) {
            return self.say_with("seats-short", &[("left", left.into())]);
        }
        self.told(&error.code, &error.message)
    }
    /// What a code of the API says to people, else the sentence of the program, said to be one.
    fn told(self, code: &str, message: &str) -> String {
        let known = self.say_if(&format!("error-{code}"));
        known.unwrap_or_else(|| self.say_with("settings-because", &[("message", message.into())]))
    }
    /// What a code of the API says to people, else the English sentence that came with it.
    fn refusal(self, code: &str, otherwise: &str) -> String {
        self.say_if(&format!("error-{code}")).unwrap_or_else(|| otherwise.to_owned())
    }
}

/// How many seats are left where so many were not there: `Standard: 3 left, 5 asked for`.
fn left_of(error: &FieldError) -> Option<i64> {
    let before = error.message.split_once(" left").filter(|_| error.code == "sold_out")?.0;
    before.rsplit(' ').next()?.parse().ok()
}

impl Words for Locale {
    fn say(self, key: &str) -> String {
        self.say_with(key, &[])
    }

    fn say_with(self, key: &str, args: Args<'_>) -> String {
        message(self, key, args).unwrap_or_else(|| {
            tracing::error!(key, locale = self.tag(), "a message is missing");
            format!("⟨{key}⟩")
        })
    }

    fn say_if(self, key: &str) -> Option<String> {
        message(self, key, &[])
    }
}

fn message(locale: Locale, key: &str, args: Args<'_>) -> Option<String> {
    let bundle = match locale {
        Locale::Ru => &RUSSIAN,
        Locale::En => &ENGLISH,
    };
    let pattern = bundle.get_message(key)?.value()?;
    let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::error!(key, locale = locale.tag(), ?errors, "a message is told too little");
    }
    Some(text)
}

fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let language = match locale {
        Locale::Ru => langid!("ru"),
        Locale::En => langid!("en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Marks of direction around every argument are for languages written from right to left.
    bundle.set_use_isolating(false);
    match locale {
        Locale::Ru => bundle.set_formatter(Some(in_russian)),
        Locale::En => bundle.set_formatter(Some(in_english)),
    }
    for (_, name, text) in FILES.iter().filter(|file| file.0 == locale) {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(name, ?errors, "a message file cannot be read");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(name, ?errors, "two messages have one key");
        }
    }
    bundle
}

fn in_russian<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    number(Locale::Ru, value)
}

fn in_english<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    number(Locale::En, value)
}

/// A number in a message as it is written everywhere else.
fn number(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let text = number.as_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((text.as_ref(), ""));
    let digits = format!("{whole}{decimals}").parse().ok()?;
    Some(l10n::decimal(locale, digits, u8::try_from(decimals.len()).ok()?))
}

#[cfg(test)]
mod tests;
