//! How well what was found agrees with what was typed: by this it is ranked.

use model::identity::fold;

use super::find::Hit;
use super::vocabulary::is_one_slip;
use super::words::{stem, words};

/// How well a record agrees with what was typed, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// Somewhere in it.
    Elsewhere,
    /// Each word begins a word of what names it, or is another form of one.
    Named,
    /// Each word begins a word of the title, or is another form of one.
    Titled,
    /// The title begins so.
    Begins,
    /// The title is just that.
    Same,
}

/// What was typed, as hits are held against it.
pub(super) struct Understood<'t> {
    whole: String,
    /// Each word and its stem.
    words: Vec<(&'t str, String)>,
    /// Whether a word that is one slip away is the word that was meant.
    forgives: bool,
}

impl<'t> Understood<'t> {
    pub(super) fn of(typed: &'t [String]) -> Self {
        let words = typed.iter().map(|word| (word.as_str(), stem(word))).collect();
        Self { whole: typed.join(" "), words, forgives: false }
    }

    /// From now on a word that is one slip away will do: nothing was found without.
    pub(super) fn forgive(&mut self) {
        self.forgives = true;
    }

    /// How well `hit` agrees.
    pub(super) fn agreement(&self, hit: &Hit) -> Agreement {
        let title = words(&hit.title);
        let joined = title.join(" ");
        if joined == self.whole {
            return Agreement::Same;
        }
        if joined.starts_with(&self.whole) {
            return Agreement::Begins;
        }
        let beside = words(&fold(&hit.subtitle));
        match self.names(&title) {
            true => Agreement::Titled,
            false if self.names(&[title, beside].concat()) => Agreement::Named,
            false => Agreement::Elsewhere,
        }
    }

    /// Whether each word that was typed is among `names`.
    fn names(&self, names: &[String]) -> bool {
        let is_meant = |name: &String, typed: &str, form: &String| {
            name.starts_with(typed)
                || name.starts_with(form)
                || (self.forgives && (is_one_slip(typed, name) || is_one_slip(form, &stem(name))))
        };
        self.words.iter().all(|(typed, form)| names.iter().any(|name| is_meant(name, typed, form)))
    }
}
