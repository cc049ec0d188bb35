//! A small part of the story for a workspace that will be used in earnest. It is made in the past and has come to rest: no
//! order waits, no letter is on its way, and none ever leaves the machine.

use std::sync::Arc;

use model::{Actor, Id, Locale};
use store::Settings;

use super::stage::Stage;
use super::story::Story;
use super::{DemoError, desk, shop};
use crate::App;
use crate::setup::Organises;

/// Where the change log says that it comes from.
const DOOR: &str = "sample";

/// Adds sample data to a workspace that was just set up, as if `user` had made it.
///
/// # Errors
/// See [`DemoError`].
pub fn add(app: &App, user: Id, organises: Organises, locale: Locale) -> Result<(), DemoError> {
    let workspace = app.workspace();
    let (now, mut knowledge) = (workspace.clock().now(), workspace.knowledge());
    let story = Story::sample(locale, now.to_zoned(knowledge.settings.zone()).date(), organises.kind())?;
    // What is told of the past sends nothing.
    knowledge.settings = Arc::new(Settings { sandbox: true, ..(*knowledge.settings).clone() });
    let teller = app.clone();
    workspace.db().write_blocking(move |tx| {
        let mut stage = Stage::new(&teller, tx, knowledge.clone(), now, locale);
        (stage.door, stage.kind) = (Some(DOOR), organises.kind());
        stage.alone(user)?;
        desk::plan(&mut stage, &story)?;
        if knowledge.definitions.module("events").is_some() {
            shop::plan(&mut stage, &story)?;
        }
        stage.play()?;
        let sets = std::mem::take(&mut stage.sets);
        stage.work(now, &Actor::System("demo"), DOOR, |work| work.keep_sample(&sets))
    })?;
    Ok(())
}
