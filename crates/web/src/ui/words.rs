//! Messages in the reader's language, from `locales/{ru,en}/*.ftl`, compiled into the binary. No text that people read
//! stands in Rust.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use model::Locale;
use store::FieldError;
use unic_langid::langid;

/// The message files of each language.
const FILES: &[(Locale, &str, &str)] = &[
    (Locale::Ru, "access", include_str!("../../locales/ru/access.ftl")),
    (Locale::En, "access", include_str!("../../locales/en/access.ftl")),
    (Locale::Ru, "admin", include_str!("../../locales/ru/admin.ftl")),
    (Locale::En, "admin", include_str!("../../locales/en/admin.ftl")),
    (Locale::Ru, "app", include_str!("../../locales/ru/app.ftl")),
    (Locale::Ru, "comfort", include_str!("../../locales/ru/comfort.ftl")),
    (Locale::En, "comfort", include_str!("../../locales/en/comfort.ftl")),
    (Locale::Ru, "bytes", include_str!("../../locales/ru/bytes.ftl")),
    (Locale::En, "bytes", include_str!("../../locales/en/bytes.ftl")),
    (Locale::Ru, "controls", include_str!("../../locales/ru/controls.ftl")),
    (Locale::En, "controls", include_str!("../../locales/en/controls.ftl")),
    (Locale::Ru, "errors", include_str!("../../locales/ru/errors.ftl")),
    (Locale::Ru, "files", include_str!("../../locales/ru/files.ftl")),
    (Locale::Ru, "filters", include_str!("../../locales/ru/filters.ftl")),
    (Locale::En, "filters", include_str!("../../locales/en/filters.ftl")),
    (Locale::Ru, "groups", include_str!("../../locales/ru/groups.ftl")),
    (Locale::En, "groups", include_str!("../../locales/en/groups.ftl")),
    (Locale::Ru, "help", include_str!("../../locales/ru/help.ftl")),
    (Locale::Ru, "list", include_str!("../../locales/ru/list.ftl")),
    (Locale::Ru, "live", include_str!("../../locales/ru/live.ftl")),
    (Locale::Ru, "lists", include_str!("../../locales/ru/lists.ftl")),
    (Locale::Ru, "mine", include_str!("../../locales/ru/mine.ftl")),
    (Locale::En, "mine", include_str!("../../locales/en/mine.ftl")),
    (Locale::Ru, "packs", include_str!("../../locales/ru/packs.ftl")),
    (Locale::Ru, "pick", include_str!("../../locales/ru/pick.ftl")),
    (Locale::Ru, "public", include_str!("../../locales/ru/public.ftl")),
    (Locale::Ru, "record", include_str!("../../locales/ru/record.ftl")),
    (Locale::Ru, "rights", include_str!("../../locales/ru/rights.ftl")),
    (Locale::En, "rights", include_str!("../../locales/en/rights.ftl")),
    (Locale::Ru, "settings", include_str!("../../locales/ru/settings.ftl")),
    (Locale::Ru, "shaping", include_str!("../../locales/ru/shaping.ftl")),
    (Locale::Ru, "shapes", include_str!("../../locales/ru/shapes.ftl")),
    (Locale::Ru, "start", include_str!("../../locales/ru/start.ftl")),
    (Locale::Ru, "story", include_str!("../../locales/ru/story.ftl")),
    (Locale::En, "story", include_str!("../../locales/en/story.ftl")),
    (Locale::Ru, "talk", include_str!("../../locales/ru/talk.ftl")),
    (Locale::Ru, "undo", include_str!("../../locales/ru/undo.ftl")),
    (Locale::En, "undo", include_str!("../../locales/en/undo.ftl")),
    (Locale::Ru, "undone", include_str!("../../locales/ru/undone.ftl")),
    (Locale::En, "undone", include_str!("../../locales/en/undone.ftl")),
    (Locale::En, "start", include_str!("../../locales/en/start.ftl")),
    (Locale::En, "talk", include_str!("../../locales/en/talk.ftl")),
    (Locale::En, "app", include_str!("../../locales/en/app.ftl")),
    (Locale::En, "errors", include_str!("../../locales/en/errors.ftl")),
    (Locale::En, "files", include_str!("../../locales/en/files.ftl")),
    (Locale::En, "help", include_str!("../../locales/en/help.ftl")),
    (Locale::En, "list", include_str!("../../locales/en/list.ftl")),
    (Locale::En, "live", include_str!("../../locales/en/live.ftl")),
    (Locale::En, "lists", include_str!("../../locales/en/lists.ftl")),
    (Locale::En, "packs", include_str!("../../locales/en/packs.ftl")),
    (Locale::En, "pick", include_str!("../../locales/en/pick.ftl")),
    (Locale::En, "public", include_str!("../../locales/en/public.ftl")),
    (Locale::En, "record", include_str!("../../locales/en/record.ftl")),
    (Locale::En, "settings", include_str!("../../locales/en/settings.ftl")),
    (Locale::En, "shaping", include_str!("../../locales/en/shaping.ftl")),
    (Locale::En, "shapes", include_str!("../../locales/en/shapes.ftl")),
];

static RUSSIAN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::Ru));
static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::En));

/// What a message is told: names with texts or numbers.
pub(crate) type Args<'a> = &'a [(&'static str, FluentValue<'a>)];

/// A language that can say the product's messages.
pub(crate) trait Words: Copy {
    /// The message called `key`.
    fn say(self, key: &str) -> String;
    /// The message called `key`, with what it is told.
    fn say_with(self, key: &str, args: Args<'_>) -> String;
    /// The message called `key` where there is one. For keys that come as data.
    fn say_if(self, key: &str) -> Option<String>;
    /// What is wrong with a field: by its code, else the sentence that came with it.
    fn error(self, error: &FieldError) -> String {
        self.refusal(&error.code, &error.message)
    }
    /// What a code of the API says to people, else the English sentence that came with it.
    fn refusal(self, code: &str, otherwise: &str) -> String {
        self.say_if(&format!("error-{code}")).unwrap_or_else(|| otherwise.to_owned())
    }
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

#[cfg(test)]
mod tests;
