//! The first steps of a workspace: packs, settings, the first administrator.

use model::identity::email;
use model::pack::Pack;
use model::{Actor, Currency, Id, Locale};
use serde_json::{Map, json};
use store::{NewUser, OpenError, Origin, Settings, Work, Workspace};

use crate::App;
use crate::packs::{self, PackFileError};
use crate::passwords::{self, PasswordError};
use crate::shape::Change;

/// What a new workspace is made of.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The administrator signs in with this.
    pub admin_email: String,
    /// And this.
    pub admin_password: String,
    /// What people call the administrator.
    pub admin_name: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Packs to apply, by name or folder; the conference's where none is named.
    pub packs: Vec<String>,
    /// Language of what the workspace says on its own.
    pub locale: Locale,
    /// A rehearsal: the clock can be moved and nothing leaves the machine.
    pub sandbox: bool,
}

/// What somebody organises, which decides what they get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Organises {
    /// Conferences.
    Conference,
    /// Exhibitions.
    Exhibition,
    /// Courses.
    Course,
    /// Something else.
    Other,
}

impl Organises {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Conference, Self::Exhibition, Self::Course, Self::Other];

    /// Its name; that of the kind of its events where there are any.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Conference => "conference",
            Self::Exhibition => "exhibition",
            Self::Course => "course",
            Self::Other => "other",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.kind() == name)
    }

    /// The pack that it works with. Exhibitions and courses have none of their own yet: the conference's sells their
    /// tickets.
    #[must_use]
    pub fn pack(self) -> &'static str {
        if self == Self::Other { "crm" } else { "conference" }
    }
}

/// Lets new events be of the kind that is organised, where that is not the pack's own default.
///
/// # Errors
/// As [`App::shape`].
pub fn prefer(app: &App, admin: &Actor, organises: Organises) -> Result<(), store::Error> {
    if !matches!(organises, Organises::Exhibition | Organises::Course) {
        return Ok(());
    }
    let body = Map::from_iter([("default".to_owned(), json!(organises.kind()))]);
    let change = Change::Field { module: "events".to_owned(), field: "kind".to_owned(), body };
    app.shape(admin, change, None, false).map(drop)
}

/// Why a workspace cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There is somebody already.
    #[error("this workspace is already set up: sign in, or add users with `plenary user add`")]
    AlreadySetUp,
    /// Somebody else is at it.
    #[error("somebody sets this workspace up at this moment: look again in some minutes")]
    UnderWay,
    /// The e-mail is none.
    #[error("the administrator's e-mail: {0}")]
    Email(String),
    /// The password is not taken.
    #[error("the administrator's password: {0}")]
    Password(#[from] PasswordError),
    /// A pack cannot be read.
    #[error(transparent)]
    PackFile(#[from] PackFileError),
    /// A pack cannot be applied.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Store(store::Error),
}

impl From<store::Error> for SetupError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict { code: "already_set_up", .. } => Self::AlreadySetUp,
            store::Error::Conflict { code: "set_up_under_way", .. } => Self::UnderWay,
            other => Self::Store(other),
        }
    }
}

/// Sets a workspace up. Blocks while it hashes and writes.
///
/// # Errors
/// See [`SetupError`]; a workspace with a user, or one that somebody else sets up, is never touched.
pub fn set_up(workspace: &Workspace, setup: &Setup) -> Result<Id, SetupError> {
    if workspace.read_blocking(Actor::System("set-up"), |work| work.has_users())? {
        return Err(SetupError::AlreadySetUp);
    }
    let email = email::normalise(&setup.admin_email).map_err(|error| SetupError::Email(error.to_string()))?;
    let password_hash = passwords::hash(&setup.admin_password)?;
    let packs = wanted_packs(&setup.packs)?;
    let claim = Id::new();
    write(workspace, move |work| work.claim_set_up(claim))?;
    let done = fill(workspace, setup, &packs, email.into(), password_hash, claim);
    if done.is_err() {
        // Whoever comes next need not wait until the claim is old; where this fails, they do.
        let _ = write(workspace, move |work| work.end_set_up(claim));
    }
    done
}

/// Packs, settings and the administrator, under a claim.
fn fill(
    workspace: &Workspace,
    setup: &Setup,
    packs: &[Pack],
    email: String,
    password_hash: String,
    claim: Id,
) -> Result<Id, SetupError> {
    for pack in packs {
        workspace.apply_pack(pack)?;
    }
    let settings = Settings {
        name: setup.organisation.clone(),
        locale: setup.locale,
        currency: if setup.locale == Locale::Ru { Currency::RUB } else { Currency::EUR },
        time_zone: if setup.locale == Locale::Ru { "Europe/Moscow" } else { "Europe/London" }.to_owned(),
        sandbox: setup.sandbox,
        ..Settings::default()
    };
    workspace.save_settings(settings)?;
    let admin = NewUser {
        email,
        name: setup.admin_name.clone(),
        password_hash,
        roles: vec!["administrator".to_owned()],
        locale: setup.locale,
    };
    write(workspace, move |work| {
        work.end_set_up(claim)?;
        work.add_user(&admin)
    })
}

fn write<T: Send + 'static>(
    workspace: &Workspace,
    step: impl FnMut(&mut Work<'_>) -> store::Result<T> + Send + 'static,
) -> Result<T, SetupError> {
    Ok(workspace.write_blocking(Actor::System("set-up"), Origin::from("command"), step)?)
}

/// The packs, each after those it needs.
fn wanted_packs(names: &[String]) -> Result<Vec<Pack>, PackFileError> {
    let default = ["conference".to_owned()];
    let names = if names.is_empty() { &default[..] } else { names };
    let mut wanted: Vec<Pack> = Vec::new();
    for name in names {
        packs::add_with_needs(name, &mut wanted)?;
    }
    Ok(wanted)
}
