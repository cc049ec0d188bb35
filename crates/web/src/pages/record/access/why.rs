//! Why somebody sees a record, or does not: role by role, in words. The answer itself is the store's; a sentence that does
//! not fit it is never said.

use model::field::FieldType;
use model::rights::{Role, Scope};
use model::{Definitions, Id, Locale, Record, Value};
use store::{Team, Witness, Work};

use crate::ui::{Lens, Words};

/// What the sentences are made of, the same for everybody.
pub(super) struct Why {
    l: Locale,
    definitions: std::sync::Arc<Definitions>,
    record: Record,
    /// The owner and what they are called.
    owner: Option<(Id, String)>,
    teams: Vec<Team>,
    by: By,
}

/// What decides how far a role reaches.
enum By {
    /// The owner.
    Owner,
    /// The record that it belongs to: what such a one is called.
    Parent(String),
    /// The record that it is about, whatever the role says of this module beyond reading at all.
    About(String),
    /// Nothing: who reads less than all reads none.
    Nothing,
}

impl Why {
    pub(super) fn of(work: &mut Work<'_>, lens: &Lens, record: &Record) -> store::Result<Self> {
        let called = |id: Id| lens.user(id).map_or_else(|| id.to_string(), str::to_owned);
        Ok(Self {
            l: lens.locale,
            definitions: work.definitions().clone(),
            owner: record.owner.map(|id| (id, called(id))),
            teams: work.teams()?,
            by: By::of(work.definitions(), record, lens.locale),
            record: record.clone(),
        })
    }

    /// The sentences: one for each role that reaches as far as all of them together.
    pub(super) fn words(&self, work: &Work<'_>, witness: &Witness) -> Vec<String> {
        let mut words = Vec::new();
        for name in &witness.user.roles {
            let Some(role) = self.definitions.role(name) else { continue };
            let grant = work.grant_by(&witness.user, std::slice::from_ref(name), &self.record.module);
            if grant.read == witness.grant.read {
                words.push(self.sentence(role, grant.read, witness));
            }
        }
        words
    }

    fn sentence(&self, role: &Role, scope: Scope, witness: &Witness) -> String {
        let l = self.l;
        let role = || ("role", role.called(l).into());
        let (sees, me) = (witness.reach.read, witness.user.id);
        let plain = || l.say_with(if sees { "access-by-rights" } else { "access-not-by-rights" }, &[role()]);
        if scope == Scope::None {
            return l.say_with("access-not-none", &[role()]);
        }
        match (&self.by, scope) {
            (By::About(module), _) => {
                let key = if sees { "access-about" } else { "access-not-about" };
                l.say_with(key, &[role(), ("module", module.as_str().into())])
            }
            (_, Scope::All) if sees => l.say_with("access-all", &[role()]),
            (_, Scope::All) => l.say_with("access-withheld", &[role()]),
            (By::Parent(module), _) => {
                let key = if sees { "access-parent" } else { "access-not-parent" };
                l.say_with(key, &[role(), ("module", module.as_str().into())])
            }
            (By::Nothing, _) => plain(),
            (By::Owner, scope) => match &self.owner {
                None if sees => l.say_with("access-nobodys", &[role()]),
                Some((owner, _)) if *owner == me && sees => l.say_with("access-own", &[role()]),
                Some((owner, name)) if sees && scope == Scope::Team => {
                    let args = [role(), ("owner", name.as_str().into()), ("team", self.team(*owner, me).into())];
                    l.say_with("access-team", &args)
                }
                Some((_, name)) if !sees => {
                    let key = if scope == Scope::Team { "access-not-team" } else { "access-not-own" };
                    l.say_with(key, &[role(), ("owner", name.as_str().into())])
                }
                _ => plain(),
            },
        }
    }

    /// The teams that two people share.
    fn team(&self, one: Id, other: Id) -> String {
        let shared = self.teams.iter().filter(|team| team.members.contains(&one) && team.members.contains(&other));
        shared.map(|team| team.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl By {
    fn of(definitions: &Definitions, record: &Record, l: Locale) -> Self {
        let module = &record.module;
        let one = |name: &str| definitions.module(name).map(|module| module.one.get(l).to_owned());
        let link = module.belongs_to.as_deref().and_then(|link| module.field(link));
        if let (Some(link), Value::Record { module, .. }) = (link, link.map_or(&Value::Null, |it| record.get(&it.name)))
            && link.kind == FieldType::Record
        {
            return Self::About(one(module).unwrap_or_else(|| module.clone()));
        }
        if module.owners {
            return Self::Owner;
        }
        // Of two records that it may belong to, the one that is there.
        let set = module.ways().find(|link| record.get(&link.name).as_id().is_some());
        let parent = set.or(link).filter(|link| link.kind == FieldType::Link).and_then(|link| link.module.as_deref());
        parent.and_then(one).map_or(Self::Nothing, Self::Parent)
    }
}
