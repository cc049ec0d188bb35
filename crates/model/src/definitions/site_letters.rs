//! Letters of sites as the packs say them, joined: a later pack may say one anew.

use std::sync::Arc;

use super::Definitions;
use crate::pack::{Pack, PackError};
use crate::site_letter::SiteLetter;

impl Definitions {
    /// Takes the letters of sites of the packs and checks those in use.
    pub(super) fn join_site_letters(&mut self, packs: &[Pack], errors: &mut Vec<PackError>) {
        for pack in packs {
            for letter in &pack.site_letters {
                let name = pack.manifest.name.clone();
                self.site_letters.insert(letter.name.clone(), (Arc::new(letter.clone()), name));
            }
        }
        for letter in self.site_letters.values().map(|(letter, _)| letter).filter(|letter| letter.active) {
            for (key, code, message) in letter.faults(self) {
                let file = format!("site_letters/{}.toml", letter.name);
                errors.push(PackError::new(&file, &format!("{key}: {message}")).coded(code));
            }
        }
    }

    /// The letters of a site called `name`, in use or not.
    #[must_use]
    pub fn site_letter(&self, name: &str) -> Option<&Arc<SiteLetter>> {
        self.site_letters.get(name).map(|(letter, _)| letter)
    }

    /// All letters of sites, by name, each with the pack that says it.
    pub fn site_letters(&self) -> impl Iterator<Item = (&Arc<SiteLetter>, &str)> {
        self.site_letters.values().map(|(letter, pack)| (letter, pack.as_str()))
    }

    /// The pack that says the letters of a site.
    #[must_use]
    pub fn site_letter_pack(&self, name: &str) -> Option<&str> {
        self.site_letters.get(name).map(|(_, pack)| pack.as_str())
    }
}
