//! Sample data: a lifelike organiser in a sandbox, every name invented.

use model::Locale;
use store::Workspace;

use crate::setup::{Setup, SetupError, set_up};

/// Who signs in to the sample data.
pub const EMAIL: &str = "demo@plenary.example";
/// And how.
pub const PASSWORD: &str = "plenary-demo";

/// Fills an empty workspace.
///
/// # Errors
/// As [`set_up`].
pub fn fill(workspace: &Workspace, locale: Locale) -> Result<(), SetupError> {
    set_up(
        workspace,
        &Setup {
            admin_email: EMAIL.to_owned(),
            admin_password: PASSWORD.to_owned(),
            admin_name: "Demo".to_owned(),
            organisation: "Plenary".to_owned(),
            packs: Vec::new(),
            locale,
            sandbox: true,
        },
    )?;
    Ok(())
}
