//! A change is rehearsed: the workspace is copied twice, the change is made in one of the copies, the clocks of both go ahead,
//! and what happened is told side by side. The workspace itself is only read, and nothing leaves the machine.

use std::path::Path;
use std::sync::atomic::Ordering;

use jiff::{Span, Timestamp};
use model::Actor;

use store::{DbOptions, Error, Files, Origin, Result, Workspace, operations};
use tokio::task::spawn_blocking;

use super::outcome::{Mark, Outcome};
use crate::App;
use crate::shape::may_shape;

/// Lines of its log up to which a workspace is copied while people wait for the answer.
pub const LINES: i64 = 500_000;
/// Jobs that run in one copy, roughly.
const JOBS: usize = 20_000;

/// How large a workspace may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Up to [`LINES`] of its log.
    Modest,
    /// However large.
    Any,
}

/// What would have happened with a change, beside what would have happened without.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// When the rehearsal begins.
    pub from: Timestamp,
    /// Up to when the clock went.
    pub to: Timestamp,
    /// In the workspace as it is.
    pub as_it_is: Outcome,
    /// With the change.
    pub changed: Outcome,
}

impl App {
    /// Rehearses `change` on a copy of the workspace: how it goes on for the time `ahead`, with the change and without.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::Conflict`] `too_large_to_rehearse`,
    /// `rehearsal_under_way`, `rehearsal_failed`; those of `change`.
    pub async fn rehearse(
        &self,
        actor: &Actor,
        ahead: Span,
        size: Size,
        change: impl FnOnce(&Self) -> Result<()> + Send + 'static,
    ) -> Result<Rehearsal> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let lines = self.workspace().read(Actor::System("rehearsal"), |work| work.log_end()).await?;
        if size == Size::Modest && lines > LINES {
            let message = format!("the log has {lines} lines: rehearse with `plenary rehearse`, which takes its time");
            return Err(Error::conflict("too_large_to_rehearse", message));
        }
        let under_way = || Error::conflict("rehearsal_under_way", "somebody rehearses just now: try again in a while");
        let _turn = self.0.rehearsing.clone().try_lock_owned().map_err(|_| under_way())?;
        let zone = self.workspace().knowledge().settings.zone();
        let now = self.workspace().clock().now();
        let target = now.to_zoned(zone).checked_add(ahead).map(|moved| moved.timestamp());
        let wrong = |error: jiff::Error| Error::field("rehearse", "out_of_range", error.to_string());
        let target = target.map_err(wrong)?;
        // Removed with everything in it when it goes.
        let folder = tempfile::tempdir().map_err(failed)?;
        // Nobody else on the machine looks into it.
        let path = folder.path().join("copies");
        store::private_folder(&path).map_err(failed)?;
        let app = self.clone();
        let (as_it_is, changed) = blocking(move || app.copies(&path)).await??;
        let told = side_by_side(actor, target, [&as_it_is, &changed], change).await;
        let close = move || [as_it_is, changed].map(|app| app.workspace().db().close_blocking());
        blocking(close).await?;
        let [as_it_is, changed] = told?;
        Ok(Rehearsal { from: now, to: target, as_it_is, changed })
    }

    /// Two copies in the folder, sandboxes whose timers run. The bytes of files stay behind.
    fn copies(&self, folder: &Path) -> Result<(Self, Self)> {
        let [one, other] = ["as-it-is.sqlite", "changed.sqlite"].map(|name| folder.join(name));
        let files = Files::at(folder.join("files"));
        let target = operations::open(&DbOptions::sqlite(&one)).map_err(failed)?;
        let copied = operations::copy(self.workspace().db(), &files, &target, &files);
        target.close_blocking();
        copied.map_err(failed)?;
        std::fs::copy(&one, &other).map_err(failed)?;
        Ok((self.beside(&one, &files)?, self.beside(&other, &files)?))
    }

    fn beside(&self, path: &Path, files: &Files) -> Result<Self> {
        let workspace = Workspace::open(DbOptions::sqlite(path)).map_err(failed)?;
        let prepare = |work: &mut store::Work<'_>| {
            work.change_settings(|settings| {
                settings.sandbox = true;
                Ok(())
            })?;
            work.release()
        };
        workspace.write_blocking(Actor::System("rehearsal"), Origin::from("rehearsal"), prepare)?;
        let (ticketing, drawing) = (self.0.ticketing.clone(), self.0.drawing.clone());
        let copy = Self::of(workspace, ticketing, drawing, None, files.clone());
        copy.0.is_copy.store(true, Ordering::Relaxed);
        copy.0.loopback.store(self.0.loopback.load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(copy)
    }
}

/// Goes ahead in both, with the change in the second.
async fn side_by_side(
    actor: &Actor,
    target: Timestamp,
    [as_it_is, changed]: [&App; 2],
    change: impl FnOnce(&App) -> Result<()> + Send + 'static,
) -> Result<[Outcome; 2]> {
    let marks = [Mark::of(as_it_is).await?, Mark::of(changed).await?];
    let app = changed.clone();
    // What is refused is refused before anything runs.
    blocking(move || change(&app)).await??;
    let [before, after] = marks;
    Ok([went_on(as_it_is, actor, target, before).await?, went_on(changed, actor, target, after).await?])
}

async fn went_on(app: &App, actor: &Actor, target: Timestamp, mark: Mark) -> Result<Outcome> {
    let mut begun = app.0.runner.lock().await;
    let (done, is_whole) = app.go_on_to(target, JOBS, &mut begun).await?;
    mark.until_now(app, actor, &done, is_whole).await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::conflict("rehearsal_failed", format!("the workspace could not be copied: {error}"))
}
