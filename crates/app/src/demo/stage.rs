//! Where the story is played: one transaction, many moments.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use model::{Actor, Currency, Id, Locale};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use store::db::Tx;
use store::{Error, Kinds, Knowledge, NOTICE_LETTER, Origin, RULE_JOB, Result, Work};
use ticketing::{LINE_JOB, LOOK_JOB};

use super::agenda::{Agenda, Step};
use super::cast::Cast;
use crate::App;

/// The same story every time.
const SEED: u64 = 27;
/// The jobs that the story plays. A workspace that runs already has others on its queue, and keeps them.
const PLAYED: Kinds<'_> = Kinds::Only(&[LOOK_JOB, LINE_JOB, channels::outbox::DELIVER, NOTICE_LETTER, RULE_JOB]);

/// The transaction, what is still to happen, and who plays.
pub(super) struct Stage<'t> {
    pub(super) app: App,
    tx: &'t mut Tx,
    knowledge: Knowledge,
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    pub(super) locale: Locale,
    pub(super) chance: StdRng,
    pub(super) cast: Cast,
    agenda: Agenda,
    /// What kind of event is told of.
    pub(super) kind: &'static str,
    /// The door through which everything comes, where it is one.
    pub(super) door: Option<&'static str>,
    /// Everything that was written, in order.
    pub(super) sets: Vec<Id>,
}

impl<'t> Stage<'t> {
    pub(super) fn new(app: &App, tx: &'t mut Tx, knowledge: Knowledge, now: Timestamp, locale: Locale) -> Self {
        let zone = knowledge.settings.zone();
        let chance = StdRng::seed_from_u64(SEED);
        let (cast, agenda) = (Cast::default(), Agenda::default());
        let (kind, door, sets) = ("conference", None, Vec::new());
        Self { app: app.clone(), tx, knowledge, now, zone, locale, chance, cast, agenda, kind, door, sets }
    }

    /// The currency of its prices.
    pub(super) fn currency(&self) -> Currency {
        self.knowledge.settings.currency
    }

    /// Plans a step; what lies in the future stays untold.
    pub(super) fn plan(&mut self, at: Timestamp, step: impl FnOnce(&mut Stage<'_>, Timestamp) -> Result<()> + 'static) {
        if at <= self.now {
            self.agenda.add(at, Box::new(step) as Step);
        }
    }

    /// Plays everything that is planned, and what falls due between.
    pub(super) fn play(&mut self) -> Result<()> {
        while let Some((at, step)) = self.agenda.next() {
            self.run_due(at)?;
            step(self, at)?;
        }
        self.run_due(self.now)
    }

    /// Work of `actor` at a moment, through one of the doors, under a change set of its own.
    pub(super) fn work<T>(
        &mut self,
        at: Timestamp,
        actor: &Actor,
        door: &'static str,
        work: impl FnOnce(&mut Work<'_>) -> Result<T>,
    ) -> Result<T> {
        let knowledge = self.knowledge.clone();
        let origin = Origin::from(self.door.unwrap_or(door));
        let mut under_way = Work::new(&mut *self.tx, actor.clone(), knowledge, at, origin);
        let result = work(&mut under_way);
        let set = under_way.change_set();
        self.sets.extend(set);
        result
    }

    /// Runs the jobs that fall due up to `until`, each at its moment, as the program would have.
    fn run_due(&mut self, until: Timestamp) -> Result<()> {
        let system = Actor::System("jobs");
        while let Some(due) =
            self.work(until, &system, "job", |work| work.next_due_of(PLAYED))?.filter(|due| *due <= until)
        {
            let app = self.app.clone();
            self.work(due, &system, "job", |work| {
                let Some(job) = work.due_job_of(PLAYED, due)? else { return Ok(()) };
                let id =
                    |key: &str| job.payload.get(key).and_then(|id| id.as_str()).and_then(|id| id.parse::<Id>().ok());
                work.finish_job(&job)?;
                if let (NOTICE_LETTER, Some(notice)) = (job.kind.as_str(), id("notification")) {
                    return app.send_notice(work, notice);
                }
                // The story tells itself what came of things; rules begin with the workspace.
                if job.kind == RULE_JOB {
                    return Ok(());
                }
                match (job.kind.as_str(), id("order"), id("message")) {
                    (LOOK_JOB, Some(order), _) => app.ticketing().look(work, order).map(drop),
                    (LINE_JOB, ..) => Ok(()),
                    // In a sandbox a letter is claimed and goes nowhere.
                    (channels::outbox::DELIVER, _, Some(message)) => channels::outbox::claim(work, message).map(drop),
                    _ => Err(Error::conflict("unknown_job", format!("the story has no part for {:?}", job.kind))),
                }
            })?;
        }
        Ok(())
    }

    /// A moment in the working hours of the day `days` from today.
    pub(super) fn day(&mut self, days: i64) -> Timestamp {
        let minutes = self.chance.random_range(9 * 60..21 * 60);
        self.midnight(days).saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(self.now)
    }

    /// The beginning of the day `days` from today, where the organiser lives.
    pub(super) fn midnight(&self, days: i64) -> Timestamp {
        let today = self.now.to_zoned(self.zone.clone()).date();
        let date = today.saturating_add(days.days());
        date.to_zoned(self.zone.clone()).map_or(self.now, |midnight| midnight.timestamp())
    }

    /// `at`, so many hours later or a little more.
    pub(super) fn hours_after(&mut self, at: Timestamp, hours: i64) -> Timestamp {
        let minutes = hours * 60 + self.chance.random_range(1..60);
        at.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(at)
    }
}
