//! Sample data: a lifelike organiser in a sandbox, every name invented. The past is lived through, not written: every
//! record is made by the same services as in earnest, each step at its own moment, in the order of time.

mod agenda;
mod calendar;
mod cast;
mod desk;
mod doing;
pub mod sample;
mod selling;
mod shop;
mod stage;
mod story;

use model::Locale;
use store::{Error, OpenError};

use self::stage::Stage;
use self::story::Story;
use crate::App;
use crate::passwords::{self, PasswordError};
use crate::setup::{Setup, SetupError, set_up};

/// Who signs in to the sample data; the others of the team have addresses of their own.
pub const EMAIL: &str = "demo@plenary.example";
/// And how: the password of the whole team.
pub const PASSWORD: &str = "plenary-demo";

/// Why there is no sample data.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The workspace cannot be set up.
    #[error(transparent)]
    SetUp(#[from] SetupError),
    /// The story's text cannot be read.
    #[error("the sample data cannot be read: {0}")]
    Story(#[from] serde_json::Error),
    /// The team's password cannot be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Something in the story was refused.
    #[error(transparent)]
    Store(#[from] Error),
    /// The settings cannot be kept.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Fills the empty workspace of `app`: a team, two past conferences and one on sale, some 300 orders in every state, leads,
/// clients, deals, cases and activities. The same for every run on the same day.
///
/// # Errors
/// See [`DemoError`]; a workspace with a user is never touched.
pub fn fill(app: &App, locale: Locale) -> Result<(), DemoError> {
    let workspace = app.workspace();
    let today = || workspace.clock().now().to_zoned(workspace.knowledge().settings.zone()).date();
    let story = Story::read(locale, today())?;
    let chief = story.team.first().map(|member| member.name.clone()).unwrap_or_default();
    set_up(
        workspace,
        &Setup {
            admin_email: EMAIL.to_owned(),
            admin_password: PASSWORD.to_owned(),
            admin_name: chief,
            organisation: story.organisation.clone(),
            packs: Vec::new(),
            locale,
            sandbox: true,
        },
    )?;
    // In the zone that it is set up with it may be another day.
    let story = Story::read(locale, today())?;
    let mut settings = (*workspace.knowledge().settings).clone();
    settings.sender.clone_from(&story.sender);
    settings.payment_instructions.clone_from(&story.payment_instructions);
    settings.legal_entities = vec![story.legal_entity.clone()];
    workspace.save_settings(settings)?;
    let (password, now) = (passwords::hash(PASSWORD)?, workspace.clock().now());
    let (teller, knowledge) = (app.clone(), workspace.knowledge());
    workspace.db().write_blocking(move |tx| {
        let mut stage = Stage::new(&teller, tx, knowledge.clone(), now, locale);
        stage.gather(&story, &password)?;
        desk::plan(&mut stage, &story)?;
        shop::plan(&mut stage, &story)?;
        stage.play()
    })?;
    Ok(())
}
