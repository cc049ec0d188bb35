//! The first steps of a workspace: packs, settings, the first administrator.

use model::identity::email;
use model::pack::Pack;
use model::{Actor, Currency, Id, Locale};
use store::{NewUser, OpenError, Origin, Settings, Workspace};

use crate::packs::{self, PackFileError};
use crate::passwords::{self, PasswordError};

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

/// Why a workspace cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There is somebody already.
    #[error("this workspace is already set up: sign in, or add users with `plenary user add`")]
    AlreadySetUp,
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
    Store(#[from] store::Error),
}

/// Sets a workspace up. Blocks while it hashes and writes.
///
/// # Errors
/// See [`SetupError`]; a workspace with a user is never touched.
pub fn set_up(workspace: &Workspace, setup: &Setup) -> Result<Id, SetupError> {
    if workspace.read_blocking(Actor::System("set-up"), |work| work.has_users())? {
        return Err(SetupError::AlreadySetUp);
    }
    let email = email::normalise(&setup.admin_email).map_err(|error| SetupError::Email(error.to_string()))?;
    let password_hash = passwords::hash(&setup.admin_password)?;
    for pack in wanted_packs(&setup.packs)? {
        workspace.apply_pack(&pack)?;
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
        email: email.into(),
        name: setup.admin_name.clone(),
        password_hash,
        roles: vec!["administrator".to_owned()],
        locale: setup.locale,
    };
    let id = workspace.write_blocking(Actor::System("set-up"), Origin::from("command"), move |work| {
        // Asked again inside the transaction: two set-ups at once make one administrator.
        if work.has_users()? {
            return Err(store::Error::conflict("already_set_up", "this workspace is already set up"));
        }
        work.add_user(&admin)
    })?;
    Ok(id)
}

/// The packs, each after those it needs.
fn wanted_packs(names: &[String]) -> Result<Vec<Pack>, PackFileError> {
    let default = ["conference".to_owned()];
    let names = if names.is_empty() { &default[..] } else { names };
    let mut wanted: Vec<Pack> = Vec::new();
    for name in names {
        add_with_needs(name, &mut wanted)?;
    }
    Ok(wanted)
}

fn add_with_needs(name: &str, wanted: &mut Vec<Pack>) -> Result<(), PackFileError> {
    let pack = packs::find(name)?;
    if wanted.iter().any(|there| there.manifest.name == pack.manifest.name) {
        return Ok(());
    }
    for needed in pack.manifest.requires.clone() {
        add_with_needs(&needed, wanted)?;
    }
    wanted.push(pack);
    Ok(())
}
