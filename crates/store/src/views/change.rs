//! Making, changing and removing views. Only its owner and administrators change one.

use model::rights::Scope;
use model::view::{VIEW_KINDS, VIEW_OWNERS, VIEW_SPANS};
use model::{Id, Module};
use serde_json::{Value as Json, json};

use super::{Audience, Look, View};
use crate::db::Sql;
use crate::error::{Error, FieldError, Result};
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// Characters of a name.
const NAME_LIMIT: usize = 100;
/// Characters of a filter, as of the address of a list.
const TEXT_LIMIT: usize = 8_000;
/// Columns of a view.
const COLUMN_LIMIT: usize = 100;
/// Views that one user keeps.
const VIEWS: i64 = 500;
/// Views of one module that are shared: everybody's lists have tabs for them.
const SHARED: i64 = 100;

/// What changes of a view; nothing stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewChange {
    /// Its name.
    pub name: Option<String>,
    /// Who sees it.
    pub audience: Option<Audience>,
    /// What it shows.
    pub look: Option<Look>,
}

impl Work<'_> {
    /// Keeps a view of the caller's.
    ///
    /// # Errors
    /// [`Error::NoModule`], [`Error::Invalid`] for what does not fit the module, [`Error::Forbidden`] for another's team
    /// and for whoever is no user or came with a narrowed token.
    pub fn add_view(&mut self, module: &str, name: &str, audience: Audience, look: &Look) -> Result<View> {
        let (module, owner) = (self.module(module)?, self.reader()?);
        if self.grant(&module).read == Scope::None {
            return Err(Error::NoModule(module.name.clone()));
        }
        self.check_view(&module, name, audience, look)?;
        let kept = Sql::new("select count(*) from views where owner = ").bind(owner.0);
        if self.tx.one(&kept)?.int(0)? >= VIEWS {
            return Err(Error::conflict("too_many_views", format!("one user keeps at most {VIEWS} views")));
        }
        if audience != Audience::Private {
            self.check_room(&module)?;
        }
        let (id, now) = (self.new_id(), self.now());
        self.run(
            "insert into views (id, module, name, owner, audience, team, look, created_at, updated_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                id.0,
                module.name.as_str(),
                name,
                owner.0,
                audience.name(),
                audience.team().map(|team| team.0),
                json!(look),
                now,
                now
            ],
        )?;
        let fields = fields(&module.name, name, audience, look);
        let delta = fields.into_iter().map(|(name, after)| (name, Json::Null, after));
        self.log_setup(Setup::View, id, Operation::Create, delta)?;
        self.view(id)
    }

    /// Changes a view.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`] for a pack's and for whoever is neither its owner nor an administrator or came
    /// with a narrowed token, and those of [`Work::add_view`].
    pub fn change_view(&mut self, id: Id, change: &ViewChange) -> Result<View> {
        let before = self.open_view(id)?;
        let module = self.module(&before.module)?;
        let called = before.name.ru.clone();
        let name = change.name.as_ref().unwrap_or(&called);
        let audience = change.audience.unwrap_or(before.audience);
        let look = change.look.as_ref().unwrap_or(&before.look);
        self.check_view(&module, name, audience, look)?;
        if before.audience == Audience::Private && audience != Audience::Private {
            self.check_room(&module)?;
        }
        let was = fields(&module.name, &called, before.audience, &before.look);
        let is = fields(&module.name, name, audience, look);
        let delta: Vec<_> = was.into_iter().zip(is).filter(|(was, is)| was != is).collect();
        if delta.is_empty() {
            return Ok(before);
        }
        let now = self.now();
        self.run(
            "update views set name = $1, audience = $2, team = $3, look = $4, updated_at = $5 where id = $6",
            params![name.as_str(), audience.name(), audience.team().map(|team| team.0), json!(look), now, id.0],
        )?;
        let delta = delta.into_iter().map(|((name, was), (_, is))| (name, was, is));
        self.log_setup(Setup::View, id, Operation::Update, delta)?;
        self.view(id)
    }

    /// Removes a view; the records it showed stay.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub fn remove_view(&mut self, id: Id) -> Result<()> {
        let view = self.open_view(id)?;
        self.run("delete from views where id = $1", params![id.0])?;
        self.forget_widths(&view.module, id)?;
        let fields = fields(&view.module, &view.name.ru, view.audience, &view.look);
        let delta = fields.into_iter().map(|(name, before)| (name, before, Json::Null));
        self.log_setup(Setup::View, id, Operation::Purge, delta)
    }

    /// The view, where the caller may change it.
    fn open_view(&mut self, id: Id) -> Result<View> {
        self.reader()?;
        let view = self.view(id)?;
        if view.is_open {
            return Ok(view);
        }
        if view.pack.is_some() {
            let how = "a view of a pack is changed by no one: keep the list as a view of your own";
            return Err(Error::forbidden("view_of_a_pack", how));
        }
        Err(Error::forbidden("view_of_another", "only its owner and administrators change a view"))
    }

    pub(super) fn check_view(&mut self, module: &Module, name: &str, audience: Audience, look: &Look) -> Result<()> {
        let mut faults = Vec::new();
        let mut wrong = |field: String, code: &str, message: String| faults.push(FieldError::new(field, code, message));
        if name.trim().is_empty() {
            wrong("name".to_owned(), "required", "a view has a name".to_owned());
        }
        if name.chars().count() > NAME_LIMIT {
            wrong("name".to_owned(), "too_long", format!("at most {NAME_LIMIT} characters"));
        }
        let choices = [
            ("kind", &look.kind, &VIEW_KINDS[..]),
            ("span", &look.span, &VIEW_SPANS[..]),
            ("who", &look.who, &VIEW_OWNERS[..]),
        ];
        for (part, chosen, known) in choices {
            if !known.contains(&chosen.as_str()) {
                wrong(part.to_owned(), "invalid_choice", format!("one of {}", known.join(", ")));
            }
        }
        if look.filter.chars().count() > TEXT_LIMIT {
            wrong("filter".to_owned(), "too_long", format!("at most {TEXT_LIMIT} characters"));
        }
        if look.columns.len() > COLUMN_LIMIT {
            wrong("columns".to_owned(), "too_many", format!("at most {COLUMN_LIMIT} columns"));
        }
        let hidden = self.grant(module).hidden;
        let is_shown = |name: &str| {
            let is_known = module.field(name).is_some() || model::module::SYSTEM_FIELDS.contains(&name);
            is_known && !hidden.iter().any(|hidden| hidden == name)
        };
        for (index, column) in look.columns.iter().enumerate().filter(|(_, column)| !is_shown(column)) {
            wrong(format!("columns[{index}]"), "unknown_field", format!("there is no field {column:?}"));
        }
        let is_laid_out = look.by.is_empty() || look.by.split('.').count() <= 2 && look.by.split('.').all(is_shown);
        if !is_laid_out {
            wrong("by".to_owned(), "unknown_field", format!("there is no field {:?}", look.by));
        }
        for (part, look) in parts(look) {
            let fits = self.list_of(&look, module).and_then(|list| self.fits(module, &list));
            match fits {
                Ok(()) => {}
                Err(Error::BadQuery { code, message, .. }) => wrong(part.to_owned(), &code, message),
                Err(error) => return Err(error),
            }
        }
        if faults.is_empty() { self.check_audience(audience) } else { Err(Error::Invalid(faults)) }
    }

    /// Whether one more view of the module can be shared.
    fn check_room(&mut self, module: &Module) -> Result<()> {
        let shared = Sql::new("select count(*) from views where audience <> 'private' and module = ");
        if self.tx.one(&shared.bind(module.name.as_str()))?.int(0)? >= SHARED {
            let message = format!("at most {SHARED} views of {} are shared", module.name);
            return Err(Error::conflict("too_many_shared_views", message));
        }
        Ok(())
    }

    fn check_audience(&mut self, audience: Audience) -> Result<()> {
        let Some(team) = audience.team() else { return Ok(()) };
        if self.sharing_teams()?.iter().any(|(known, _)| *known == team) {
            return Ok(());
        }
        let teams = Sql::new("select id from teams where id = ").bind(team.0);
        if self.rows(&teams)?.is_empty() {
            return Err(Error::field("team", "not_found", format!("there is no team {team}")));
        }
        Err(Error::forbidden("team_of_others", "a view is shared with one's own teams"))
    }
}

/// Each part of a look by itself, so that a fault is told of the right one.
fn parts(look: &Look) -> [(&'static str, Look); 3] {
    [
        ("filter", Look { filter: look.filter.clone(), ..Look::default() }),
        ("sort", Look { sort: look.sort.clone(), ..Look::default() }),
        ("group_by", Look { group_by: look.group_by.clone(), ..Look::default() }),
    ]
}

fn fields(module: &str, name: &str, audience: Audience, look: &Look) -> [(&'static str, Json); 5] {
    [
        ("module", json!(module)),
        ("name", json!(name)),
        ("audience", json!(audience.name())),
        ("team", json!(audience.team().map(|team| team.to_string()))),
        ("look", json!(look)),
    ]
}
