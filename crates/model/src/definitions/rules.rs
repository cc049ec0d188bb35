//! Rules of the packs, joined: a later pack may say a rule anew, or whether it runs.

use std::sync::Arc;

use super::Definitions;
use crate::Module;
use crate::pack::{Pack, PackError};
use crate::rule::{Rule, with_before};

impl Definitions {
    /// Takes the rules of the packs and checks those that run.
    pub(super) fn join_rules(&mut self, packs: &[Pack], errors: &mut Vec<PackError>) {
        for pack in packs {
            let name = &pack.manifest.name;
            for rule in &pack.rules {
                self.rules.insert(rule.name.clone(), (Arc::new(rule.clone()), name.clone()));
            }
            for switch in &pack.rule_switches {
                match self.rules.get_mut(&switch.extends) {
                    Some((rule, _)) => Arc::make_mut(rule).active = switch.active,
                    None => {
                        let message = format!("(pack {name}) there is no rule {:?}", switch.extends);
                        errors.push(
                            PackError::new(&format!("rules/{}.toml", switch.extends), &message).coded("not_found"),
                        );
                    }
                }
            }
        }
        let active: Vec<_> = self.rules.values().map(|(rule, _)| rule.clone()).filter(|rule| rule.active).collect();
        for rule in active {
            for fault in rule.faults(self) {
                let file = format!("rules/{}.toml", rule.name);
                errors.push(PackError::new(&file, &format!("{}: {}", fault.at, fault.message)).coded(fault.code));
            }
            if let Some(module) = self.module(&rule.module) {
                let seen = Arc::new(with_before(module));
                self.seen_by_rules.insert(rule.module.clone(), seen);
            }
            self.running.entry(rule.module.clone()).or_default().push(rule);
        }
    }

    /// The rule called `name`, whether it runs or not.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&Arc<Rule>> {
        self.rules.get(name).map(|(rule, _)| rule)
    }

    /// All rules, by name, each with the pack that says it.
    pub fn rules(&self) -> impl Iterator<Item = (&Arc<Rule>, &str)> {
        self.rules.values().map(|(rule, pack)| (rule, pack.as_str()))
    }

    /// The pack that says the rule.
    #[must_use]
    pub fn rule_pack(&self, name: &str) -> Option<&str> {
        self.rules.get(name).map(|(_, pack)| pack.as_str())
    }

    /// The rules that run and that records of `module` set off, by name.
    #[must_use]
    pub fn rules_of(&self, module: &str) -> &[Arc<Rule>] {
        self.running.get(module).map_or(&[], Vec::as_slice)
    }

    /// A module as expressions of rules see it: with its fields before the change. It is kept where rules run.
    #[must_use]
    pub fn seen_by_rules(&self, module: &Module) -> Arc<Module> {
        let kept = self.seen_by_rules.get(&module.name).cloned();
        kept.unwrap_or_else(|| Arc::new(with_before(module)))
    }

    /// The rules that run.
    pub fn running_rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.running.values().flatten()
    }
}
