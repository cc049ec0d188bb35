//! Which records somebody reaches: as a condition, so that it is part of every query.

use std::collections::BTreeSet;

use model::field::FieldType;
use model::module::FILES;
use model::rights::Scope;
use model::{Actor, Field, Id, Module};

use crate::db::Sql;
use crate::notices::{LETTERS, NOTICE_TEMPLATE};
use crate::work::{Authority, Work};

/// Links are followed so far: a chain that is longer reaches nothing.
const DEPTH: u8 = 4;

/// Whose reach is asked for.
struct Reader {
    me: Option<Id>,
    team: BTreeSet<Id>,
}

impl Work<'_> {
    /// The condition under which the actor reaches a record of `module` (standing under `alias`) with `scope`;
    /// nothing where every record is reached.
    pub(crate) fn reach(&self, module: &Module, alias: &str, scope: Scope) -> Option<Sql> {
        let by_rights = self.reach_by_rights(module, alias, scope);
        let Some(withheld) = self.withheld(module, alias) else { return by_rights };
        let open = Sql::new("not (").append(withheld).push(")");
        Some(match by_rights {
            None => open,
            Some(condition) => Sql::new("(").append(condition).push(" and ").append(open).push(")"),
        })
    }

    /// Whether every record of `module` is read, whatever it belongs to; what is withheld is read by nobody.
    pub(crate) fn reads_all(&self, module: &Module) -> bool {
        self.reach_by_rights(module, "t", self.grant(module).read).is_none()
    }

    /// The condition that a record is kept for the product alone, whatever its reader's rights are: the letter of a
    /// notice says what its addressee might see when it was written. Nothing where the module has no such records, or
    /// where the product itself reads.
    pub(crate) fn withheld(&self, module: &Module, alias: &str) -> Option<Sql> {
        if self.authority == Authority::Process || matches!(self.actor(), Actor::System(_)) {
            return None;
        }
        let template = module.field("template").filter(|_| module.name == LETTERS)?;
        let column = Sql::new("coalesce(").push(alias).push(".\"").push(&template.name).push("\", '') = ");
        Some(column.bind(NOTICE_TEMPLATE))
    }

    fn reach_by_rights(&self, module: &Module, alias: &str, scope: Scope) -> Option<Sql> {
        let reader = match self.actor() {
            Actor::User(user) => Reader { me: Some(user.id), team: user.teammates.clone() },
            Actor::System(_) | Actor::Public => Reader { me: None, team: BTreeSet::new() },
        };
        self.reach_as(module, alias, scope, &reader, 0)
    }

    fn reach_as(&self, module: &Module, alias: &str, scope: Scope, reader: &Reader, depth: u8) -> Option<Sql> {
        match about(module) {
            Some(link) if scope != Scope::None => self.reach_about(module, link, alias, scope, reader, depth),
            _ => self.reach_alone(module, module.ways(), alias, scope, reader, depth),
        }
    }

    /// What is about a record of any module is reached as far as that record is read; what is about nothing, on its own.
    fn reach_about(
        &self,
        module: &Module,
        link: &Field,
        alias: &str,
        scope: Scope,
        reader: &Reader,
        depth: u8,
    ) -> Option<Sql> {
        let read = |module: &Module| self.grant(module).read.min(scope);
        let withheld = |parent: &Module, inner: &str| self.is_withheld_by(module, alias, parent, inner);
        if self.definitions().modules().all(|parent| read(parent) == Scope::All && withheld(parent, "").is_none()) {
            return None;
        }
        let (name, inner) = (&link.name, format!("{alias}a"));
        let (mut whole, mut conditions) = (Vec::new(), Vec::new());
        for parent in self.definitions().modules().filter(|parent| read(parent) != Scope::None) {
            let condition = match about(parent) {
                // What is about something that is itself about something is followed one step, and no further.
                Some(_) if depth == 0 => self.reach_as(parent, &inner, read(parent), reader, depth + 1),
                Some(further) => {
                    let standing = Sql::default().push(&inner).push(".\"").push(&further.name).push("\" is null");
                    let alone = self.reach_alone(parent, [], &inner, read(parent), reader, depth + 1);
                    Some(alone.into_iter().fold(standing, |standing, alone| standing.push(" and ").append(alone)))
                }
                None => self.reach_as(parent, &inner, read(parent), reader, depth + 1),
            };
            let condition = match (condition, withheld(parent, &inner)) {
                (Some(reached), Some(open)) => Some(reached.push(" and ").append(open)),
                (reached, open) => reached.or(open),
            };
            match condition {
                None => whole.push(parent.name.as_str()),
                Some(condition) => conditions.push((parent, condition)),
            }
        }
        let mut sql = Sql::new("((").push(alias).push(".\"").push(name).push("\" is null");
        if let Some(alone) = self.reach_alone(module, [], alias, scope, reader, depth) {
            sql = sql.push(" and ").append(alone);
        }
        let of_module = |sql: Sql| sql.push(") or (").push(alias).push(".\"").push(name).push("_module\"");
        if !whole.is_empty() {
            sql = of_module(sql).push(" in ").bind_list(whole);
        }
        for (parent, condition) in conditions {
            sql = of_module(sql).push(" = ").bind(parent.name.as_str()).push(" and exists (select 1 from \"");
            sql = sql.push(&parent.name).push("\" ").push(&inner).push(" where ").push(&inner).push(".id = ");
            sql = sql.push(alias).push(".\"").push(name).push("\" and ").append(condition).push(")");
        }
        Some(sql.push("))"))
    }

    /// The condition that a file (under `alias`) is not the value of a field of the record it is attached to (under
    /// `inner`) that is hidden from the actor: the file would say what the field does not; and that no veil of that record hides
    /// its files. Nothing where no such field and no such veil is.
    fn is_withheld_by(&self, module: &Module, alias: &str, parent: &Module, inner: &str) -> Option<Sql> {
        if module.name != FILES {
            return None;
        }
        let hidden = self.grant(parent).hidden;
        let is_hidden = |field: &&Field| field.kind == FieldType::File && hidden.contains(&field.name);
        let conditions = parent.stored().map(|(_, field)| field).filter(is_hidden).map(|field| {
            let value = Sql::default().push(inner).push(".\"").push(&field.name).push("\"");
            let empty = Sql::new("(").append(value.clone()).push(" is null or ");
            empty.append(value).push(" <> ").push(alias).push(".id)")
        });
        let conditions = conditions.chain(self.files_seen_if(parent, inner));
        conditions.reduce(|all, one| all.push(" and ").append(one))
    }

    /// By the owner; without owners, through the records that `through` links to.
    fn reach_alone<'m>(
        &self,
        module: &Module,
        through: impl IntoIterator<Item = &'m Field>,
        alias: &str,
        scope: Scope,
        reader: &Reader,
        depth: u8,
    ) -> Option<Sql> {
        let me = match (scope, reader.me) {
            (Scope::All, _) => return None,
            (Scope::None, _) | (_, None) => return Some(nobody()),
            (Scope::Own | Scope::Team, Some(me)) => me,
        };
        if module.owners {
            let team = reader.team.iter().copied().filter(|_| scope == Scope::Team);
            let own = Sql::new("(").push(alias).push(".owner in ").bind_list(team.chain([me]).map(|id| id.0));
            return Some(own.push(" or ").push(alias).push(".owner is null)"));
        }
        let inner = format!("{alias}p");
        let mut ways: Option<Sql> = None;
        for link in through.into_iter().filter(|_| depth < DEPTH) {
            let parent = link.module.as_deref().and_then(|name| self.definitions().module(name));
            let Some(parent) = parent else { continue };
            let condition = self.reach_as(parent, &inner, scope, reader, depth + 1)?;
            let way = Sql::new("exists (select 1 from \"").push(&parent.name).push("\" ").push(&inner).push(" where ");
            let way = way.push(&inner).push(".id = ").push(alias).push(".\"").push(&link.name).push("\" and ");
            let way = way.append(condition).push(")");
            ways = Some(match ways {
                None => way,
                Some(first) => Sql::new("(").append(first).push(" or ").append(way).push(")"),
            });
        }
        Some(ways.unwrap_or_else(nobody))
    }
}

/// The link to records of any module by which those of `module` are reached.
fn about(module: &Module) -> Option<&Field> {
    module.ways().find(|link| link.kind == FieldType::Record)
}

fn nobody() -> Sql {
    Sql::new("1 = 0")
}
