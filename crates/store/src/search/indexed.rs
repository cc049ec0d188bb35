//! What of a record is found.

use std::collections::BTreeSet;

use model::field::FieldType;
use model::module::Identity;
use model::{Definitions, Module, Record, Value};

use super::words::lexemes;
use crate::work::Work;

/// What the index holds of a record.
pub(crate) struct Findable {
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) words: BTreeSet<String>,
}

/// What of a module the index holds: where this changes, the index is made anew. Fields that some role may not see are
/// never in it.
#[derive(PartialEq, Eq)]
pub(crate) struct Indexed {
    words: Vec<String>,
    title: Option<String>,
    subtitle: Option<String>,
    identity: Option<Identity>,
    named_by: String,
    /// What each veil hides, and over what it hangs.
    veils: Vec<(Vec<String>, Option<String>)>,
}

impl Indexed {
    /// As `definitions` say.
    pub(crate) fn of(definitions: &Definitions, module: &Module) -> Self {
        let shown = |name: &&String| !definitions.is_covered(&module.name, name);
        Self {
            words: module.search.iter().filter(shown).cloned().collect(),
            title: Some(&module.title).filter(shown).cloned(),
            subtitle: module.subtitle.as_ref().filter(shown).cloned(),
            identity: module.identity,
            named_by: module.title.clone(),
            veils: module.veils.iter().map(|veil| (veil.fields.clone(), veil.over.clone())).collect(),
        }
    }

    /// The same with the names that fields have in `module`.
    #[must_use]
    pub(crate) fn named_as_in(self, module: &Module) -> Self {
        let now = |name: String| module.field_or_former(&name).map_or(name, |field| field.name.clone());
        Self {
            words: self.words.into_iter().map(now).collect(),
            title: self.title.map(now),
            subtitle: self.subtitle.map(now),
            identity: self.identity,
            named_by: now(self.named_by),
            veils: self
                .veils
                .into_iter()
                .map(|(fields, over)| (fields.into_iter().map(now).collect(), over.map(now)))
                .collect(),
        }
    }
}

/// What names a record may be a text of any length: what is found is told by its beginning.
fn shortened(title: String) -> String {
    const LONGEST: usize = 1_000;
    if title.chars().nth(LONGEST).is_none() { title } else { title.chars().take(LONGEST).collect() }
}

impl Work<'_> {
    /// What is found of a record, by how many veils are closed for whoever looks for it, from the first closed one on: all of it
    /// for whom none is, and less for the others.
    pub(crate) fn findable(&self, record: &Record) -> Vec<(i64, Findable)> {
        let (module, mut all) = (&record.module, vec![(0, self.found_by(record, &BTreeSet::new()))]);
        for (at, veil) in module.veils.iter().enumerate() {
            if veil.hangs_over(module, &record.values) {
                let hidden = module.veils.iter().skip(at).flat_map(|veil| &veil.fields).map(String::as_str).collect();
                let closed = i64::try_from(module.veils.len() - at).unwrap_or(i64::MAX);
                all.push((closed, self.found_by(record, &hidden)));
            }
        }
        all
    }

    /// What is found of a record without these fields.
    fn found_by(&self, record: &Record, veiled: &BTreeSet<&str>) -> Findable {
        let module = &record.module;
        let hidden = |name: &str| veiled.contains(name) || self.definitions().is_covered(&module.name, name);
        let subtitle = module.subtitle.as_deref().filter(|name| !hidden(name)).and_then(|name| record.text(name));
        let searched = module.search.iter().filter(|name| !hidden(name));
        let texts: Vec<(String, bool)> = searched
            .filter_map(|name| {
                let is_short = module.field(name).is_some_and(|field| field.kind != FieldType::LongText);
                let text = match record.get(name) {
                    Value::Null => return None,
                    Value::Text(text) => text.clone(),
                    other => other.to_json().to_string(),
                };
                Some((text, is_short))
            })
            .collect();
        Findable {
            title: if hidden(&module.title) { String::new() } else { shortened(record.title()) },
            subtitle: subtitle.unwrap_or_default().to_owned(),
            words: lexemes(texts.iter().map(|(text, is_short)| (text.as_str(), *is_short))),
        }
    }
}
