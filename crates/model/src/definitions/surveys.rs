//! Surveys of the packs, joined: a later pack may say a survey anew.

use std::sync::Arc;

use super::Definitions;
use crate::pack::{Pack, PackError};
use crate::survey::Survey;

impl Definitions {
    /// Takes the surveys of the packs and checks those in use.
    pub(super) fn join_surveys(&mut self, packs: &[Pack], errors: &mut Vec<PackError>) {
        for pack in packs {
            for survey in &pack.surveys {
                let name = pack.manifest.name.clone();
                self.surveys.insert(survey.name.clone(), (Arc::new(survey.clone()), name));
            }
        }
        let active: Vec<_> = self.surveys.values().map(|(survey, _)| survey).filter(|survey| survey.active).collect();
        for survey in active {
            for (key, code, message) in survey.faults(self) {
                let file = format!("surveys/{}.toml", survey.name);
                errors.push(PackError::new(&file, &format!("{key}: {message}")).coded(code));
            }
        }
    }

    /// The survey called `name`, in use or not.
    #[must_use]
    pub fn survey(&self, name: &str) -> Option<&Arc<Survey>> {
        self.surveys.get(name).map(|(survey, _)| survey)
    }

    /// All surveys, by name, each with the pack that says it.
    pub fn surveys(&self) -> impl Iterator<Item = (&Arc<Survey>, &str)> {
        self.surveys.values().map(|(survey, pack)| (survey, pack.as_str()))
    }

    /// The pack that says the survey.
    #[must_use]
    pub fn survey_pack(&self, name: &str) -> Option<&str> {
        self.surveys.get(name).map(|(_, pack)| pack.as_str())
    }
}
