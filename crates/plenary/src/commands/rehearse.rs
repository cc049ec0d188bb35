//! `plenary rehearse`

use std::collections::BTreeSet;

use app::rehearsal::{Outcome, Rehearsal, Size};
use app::{App, Doors, packs};
use model::Actor;
use model::value::read_duration;

use super::{Done, Failure};
use crate::arguments::Rehearse;
use crate::opening::{files, open_unhurried};

pub(crate) fn run(command: &Rehearse) -> Done {
    let ahead = read_duration(&command.ahead).map_err(|error| Failure::new(format!("--ahead: {error:?}")))?;
    let pack = command.pack.as_deref().map(packs::find).transpose()?;
    let (workspace, configuration) = open_unhurried(&command.place)?;
    let doors = Doors { public_url: "http://localhost".to_owned(), smtp: None, files: files(&configuration) };
    let app = App::new(workspace.clone(), doors)?;
    let actor = Actor::System("command");
    let by = actor.clone();
    let change = move |app: &App| pack.map_or(Ok(()), |pack| app.apply_pack(&by, &pack, false).map(drop));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let rehearsal = runtime.block_on(app.rehearse(&actor, ahead, Size::Any, change));
    workspace.db().close_blocking();
    tell(&rehearsal?, command.pack.is_some());
    Ok(())
}

/// One line for each thing that happens: how often as it is, and with the pack.
fn tell(told: &Rehearsal, is_changed: bool) {
    say!("from {} to {}, on a copy", told.from, told.to);
    let sides = [lines(&told.as_it_is), lines(&told.changed)];
    let labels: BTreeSet<&String> = sides.iter().flatten().map(|(label, _)| label).collect();
    let count =
        |side: &[(String, i64)], label: &str| side.iter().find(|(known, _)| known == label).map_or(0, |it| it.1);
    let [before, after] = &sides;
    for label in labels {
        let (before, after) = (count(before, label), count(after, label));
        if is_changed { say!("{before:>8} {after:>8}  {label}") } else { say!("{before:>8}  {label}") }
    }
    for failure in &told.changed.failures {
        say!("failed: {} {}", failure.kind, failure.error);
    }
}

fn lines(outcome: &Outcome) -> Vec<(String, i64)> {
    let mut lines = Vec::new();
    for (module, moves) in &outcome.moves {
        lines.extend(moves.iter().map(|moved| (format!("{module}: {} -> {}", moved.from, moved.to), moved.count)));
    }
    lines.extend(outcome.letters.iter().map(|(template, count)| (format!("letter {template}"), *count)));
    for (rule, ran) in &outcome.rules {
        let ends = [("done", ran.done), ("failed", ran.failed), ("cut", ran.cut), ("held", ran.held)];
        lines.extend(
            ends.into_iter().filter(|(_, count)| *count != 0).map(|(end, count)| (format!("rule {rule} {end}"), count)),
        );
    }
    lines.push(("jobs".to_owned(), i64::try_from(outcome.jobs).unwrap_or(i64::MAX)));
    lines
}
