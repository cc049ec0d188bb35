//! Forms of the packs, joined: a later pack may say a form anew.

use std::sync::Arc;

use super::Definitions;
use crate::form::Form;
use crate::pack::{Pack, PackError};

impl Definitions {
    /// Takes the forms of the packs and checks those in use.
    pub(super) fn join_forms(&mut self, packs: &[Pack], errors: &mut Vec<PackError>) {
        for pack in packs {
            for form in &pack.forms {
                let name = pack.manifest.name.clone();
                self.forms.insert(form.name.clone(), (Arc::new(form.clone()), name));
            }
        }
        for form in self.forms.values().map(|(form, _)| form).filter(|form| form.active) {
            // What a module comes to want that no visitor fills in is refused at the door: it is no fault of the module's.
            for (key, code, message) in form.faults(self).into_iter().filter(|(_, code, _)| *code != "form_required") {
                let file = format!("forms/{}.toml", form.name);
                errors.push(PackError::new(&file, &format!("{key}: {message}")).coded(code));
            }
        }
    }

    /// The form called `name`, in use or not.
    #[must_use]
    pub fn form(&self, name: &str) -> Option<&Arc<Form>> {
        self.forms.get(name).map(|(form, _)| form)
    }

    /// All forms, by name, each with the pack that says it.
    pub fn forms(&self) -> impl Iterator<Item = (&Arc<Form>, &str)> {
        self.forms.values().map(|(form, pack)| (form, pack.as_str()))
    }

    /// The pack that says the form.
    #[must_use]
    pub fn form_pack(&self, name: &str) -> Option<&str> {
        self.forms.get(name).map(|(_, pack)| pack.as_str())
    }
}
