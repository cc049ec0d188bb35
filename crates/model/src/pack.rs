//! A pack: a folder of text files that says how a kind of organiser works.
//!
//! ```text
//! pack.toml                 name, label, version, requires
//! modules/leads.toml        one module each, or what is added to another pack's (`extends`)
//! processes/leads.toml      one process each, or what is added to another pack's and changed there (`extends`)
//! roles/salesperson.toml    one role each, or what is changed of another pack's (`extends`)
//! rules/quality_check.toml  one rule each, or whether another pack's runs (`extends`)
//! surveys/decline.toml      one survey each, or another pack's said anew
//! forms/request.toml        one form each, or another pack's said anew
//! views/open_leads.toml     one list view each, or another pack's said anew
//! letters/order_paid.toml   one letter each, both languages
//! documents/ticket.typ      a template …
//! documents/ticket.ru.toml  … and its words, by language
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::definitions::{DocumentTemplate, view_file};
use crate::extension::{Extension, ProcessExtension};
use crate::form::Form;
use crate::letter::Letter;
use crate::process::Process;
use crate::rights::{Role, RoleChange};
use crate::rule::{Rule, RuleSwitch};
use crate::site_letter::SiteLetter;
use crate::survey::Survey;
use crate::view::PackView;
use crate::{Label, Locale, Module};

/// The pack in which a workspace keeps its own changes; always the last one.
pub const OWN: &str = "own";

/// What is wrong in a pack, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackError {
    /// The file, relative to the pack's folder.
    pub file: String,
    /// What is wrong with it.
    pub message: String,
    /// Which property of which field it is about, where it is about one.
    pub place: Option<Box<Place>>,
    /// Stable code, by which pages say it in the reader's language; `invalid` where only the message says it.
    pub code: &'static str,
}

/// A property of a field, or of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The module.
    pub module: String,
    /// The field; empty where it is about the module's process.
    pub field: String,
    /// The property, as files and the API spell it.
    pub key: String,
}

impl Place {
    /// A property of a field.
    #[must_use]
    pub fn field(module: &str, field: &str, key: &str) -> Self {
        Self { module: module.to_owned(), field: field.to_owned(), key: key.to_owned() }
    }

    /// A property of the process of `module`, as the API addresses it: `transitions.advance.event.guard`.
    #[must_use]
    pub fn process(module: &str, path: &str) -> Self {
        Self::field(module, "", path)
    }

    /// Whether it is about the process of `module`.
    #[must_use]
    pub fn is_of_process(&self, module: &str) -> bool {
        self.field.is_empty() && self.module == module
    }
}

impl PackError {
    /// An error in `file`.
    #[must_use]
    pub fn new(file: &str, message: &str) -> Self {
        Self { file: file.to_owned(), message: message.to_owned(), place: None, code: "invalid" }
    }

    /// The same, by a code.
    #[must_use]
    pub fn coded(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// The same, about a property of a field.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place: Some(Box::new(place)), ..self }
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

impl std::error::Error for PackError {}

/// `pack.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Stable name.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// Counts up with every change that is published.
    pub version: u32,
    /// Packs that must be applied before it.
    #[serde(default)]
    pub requires: Vec<String>,
}

/// A pack, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Who it is.
    pub manifest: Manifest,
    /// The files it was read from, by path: what is stored, shown, compared and exported.
    pub files: BTreeMap<String, String>,
    /// Its modules.
    pub modules: Vec<Module>,
    /// What it adds to modules of other packs and changes there.
    pub extensions: Vec<Extension>,
    /// Its processes.
    pub processes: Vec<Process>,
    /// What it adds to processes of other packs and changes there.
    pub process_extensions: Vec<ProcessExtension>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// What it changes of roles of other packs.
    pub role_changes: Vec<RoleChange>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// Which rules of other packs it switches on or off.
    pub rule_switches: Vec<RuleSwitch>,
    /// Its surveys.
    pub surveys: Vec<Survey>,
    /// Its forms.
    pub forms: Vec<Form>,
    /// How letters of sites are read.
    pub site_letters: Vec<SiteLetter>,
    /// Its list views.
    pub views: Vec<PackView>,
    /// Its letters.
    pub letters: Vec<Letter>,
    /// Its documents by name.
    pub documents: BTreeMap<String, DocumentTemplate>,
}

impl Pack {
    /// Reads the files of a pack, given by path relative to its folder.
    ///
    /// # Errors
    /// Every file that cannot be read as what its folder says it is, with the place.
    pub fn read(files: BTreeMap<String, String>) -> Result<Self, Vec<PackError>> {
        let mut errors = Vec::new();
        let Some(manifest) = files.get("pack.toml") else {
            return Err(vec![
                PackError::new("pack.toml", "a pack begins with this file, and it is missing").coded("no_pack_file"),
            ]);
        };
        let manifest: Manifest = match toml::from_str(manifest) {
            Ok(manifest) => manifest,
            Err(error) => return Err(vec![PackError::new("pack.toml", &error.to_string()).coded("unreadable_file")]),
        };
        let mut pack = Self {
            manifest,
            files: BTreeMap::new(),
            modules: Vec::new(),
            extensions: Vec::new(),
            processes: Vec::new(),
            process_extensions: Vec::new(),
            roles: Vec::new(),
            role_changes: Vec::new(),
            rules: Vec::new(),
            rule_switches: Vec::new(),
            surveys: Vec::new(),
            forms: Vec::new(),
            site_letters: Vec::new(),
            views: Vec::new(),
            letters: Vec::new(),
            documents: BTreeMap::new(),
        };
        for (path, text) in &files {
            if let Err(error) = pack.read_file(path, text) {
                errors.push(error);
            }
        }
        pack.files = files;
        if errors.is_empty() { Ok(pack) } else { Err(errors) }
    }

    fn read_file(&mut self, path: &str, text: &str) -> Result<(), PackError> {
        let Some((folder, file)) = path.split_once('/') else {
            return if path == "pack.toml" || path.ends_with(".md") {
                Ok(())
            } else {
                Err(PackError::new(path, "not a file of a pack").coded("not_of_a_pack"))
            };
        };
        let wrong = |error: toml::de::Error| PackError::new(path, &error.to_string()).coded("unreadable_file");
        match (folder, file.rsplit_once('.')) {
            ("modules", Some((_, "toml"))) => {
                let table: toml::Table = toml::from_str(text).map_err(wrong)?;
                if table.contains_key("extends") {
                    let extension: Extension = toml::from_str(text).map_err(wrong)?;
                    if self.extensions.iter().any(|there| there.extends == extension.extends) {
                        return Err(
                            PackError::new(path, "another file of the pack extends this module").coded("name_taken")
                        );
                    }
                    self.extensions.push(Extension { file: path.to_owned(), ..extension });
                } else {
                    self.modules.push(toml::from_str(text).map_err(wrong)?);
                }
            }
            ("processes", Some((_, "toml"))) => {
                let table: toml::Table = toml::from_str(text).map_err(wrong)?;
                if table.contains_key("extends") {
                    let extension: ProcessExtension = toml::from_str(text).map_err(wrong)?;
                    if self.process_extensions.iter().any(|there| there.extends == extension.extends) {
                        return Err(
                            PackError::new(path, "another file of the pack extends this process").coded("name_taken")
                        );
                    }
                    self.process_extensions.push(ProcessExtension { file: path.to_owned(), ..extension });
                } else {
                    self.processes.push(toml::from_str(text).map_err(wrong)?);
                }
            }
            ("roles", Some((_, "toml"))) => {
                let table: toml::Table = toml::from_str(text).map_err(wrong)?;
                if table.contains_key("extends") {
                    let change: RoleChange = toml::from_str(text).map_err(wrong)?;
                    self.role_changes.push(RoleChange { file: path.to_owned(), ..change });
                } else {
                    self.roles.push(toml::from_str(text).map_err(wrong)?);
                }
            }
            ("rules", Some((_, "toml"))) => {
                let table: toml::Table = toml::from_str(text).map_err(wrong)?;
                if table.contains_key("extends") {
                    self.rule_switches.push(toml::from_str(text).map_err(wrong)?);
                } else {
                    self.rules.push(toml::from_str(text).map_err(wrong)?);
                }
            }
            ("surveys", Some((_, "toml"))) => self.surveys.push(toml::from_str(text).map_err(wrong)?),
            ("forms", Some((_, "toml"))) => self.forms.push(toml::from_str(text).map_err(wrong)?),
            ("site_letters", Some((_, "toml"))) => self.site_letters.push(toml::from_str(text).map_err(wrong)?),
            ("views", Some((stem, "toml"))) => {
                let view: PackView = toml::from_str(text).map_err(wrong)?;
                if view.name != stem {
                    let message = format!("the file of the view {:?} is called {}", view.name, view_file(&view.name));
                    return Err(PackError::new(path, &message).coded("not_of_a_pack"));
                }
                self.views.push(view);
            }
            ("letters", Some((_, "toml"))) => self.letters.push(toml::from_str(text).map_err(wrong)?),
            ("documents", Some((name, "typ"))) => text.clone_into(&mut self.document(name).source),
            ("documents", Some((stem, "toml"))) => {
                let locale = stem.rsplit_once('.').and_then(|(name, tag)| Some((name, Locale::parse(tag)?)));
                let Some((name, locale)) = locale else {
                    let message = "the words of a document stand in NAME.ru.toml and NAME.en.toml";
                    return Err(PackError::new(path, message).coded("not_of_a_pack"));
                };
                self.document(name).labels.insert(locale, toml::from_str(text).map_err(wrong)?);
            }
            _ => return Err(PackError::new(path, "not a file of a pack").coded("not_of_a_pack")),
        }
        Ok(())
    }

    fn document(&mut self, name: &str) -> &mut DocumentTemplate {
        self.documents.entry(name.to_owned()).or_default()
    }
}
