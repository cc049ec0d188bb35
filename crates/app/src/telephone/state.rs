//! How a call stands: what is told of it in whatever order comes to the same.

use channels::telephone::{CallEvent, Direction, Step};
use jiff::{SignedDuration, Timestamp};
use model::identity::phone::{self, Region};
use model::{Id, Record, Value};
use store::Draft;

/// A moment that lies further ahead is a mistake of whoever tells it.
const AHEAD: SignedDuration = SignedDuration::from_hours(48);
/// The longest call, in seconds.
const LONGEST: i64 = 7 * 24 * 3_600;
/// The status of a call that nobody took.
const MISSED: &str = "missed";

/// How a call stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CallState {
    direction: Option<&'static str>,
    from: Option<String>,
    to: Option<String>,
    /// The number at the other end, E.164.
    pub(super) number: Option<String>,
    extension: Option<String>,
    rings_for: Option<Id>,
    pub(super) answered_by: Option<Id>,
    pub(super) started_at: Option<Timestamp>,
    pub(super) answered_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    /// Since when it is known that nobody took it, until somebody has spoken with whoever called.
    pub(super) unanswered_since: Option<Timestamp>,
    duration: Option<i64>,
    recording: Option<String>,
}

impl CallState {
    /// As its record has it.
    pub(super) fn of(call: &Record) -> Self {
        let text = |name: &str| call.text(name).map(str::to_owned);
        let moment = |name: &str| call.get(name).as_instant();
        Self {
            direction: call.text("direction").map(|direction| if direction == "out" { "out" } else { "in" }),
            from: text("from"),
            to: text("to"),
            number: text("number"),
            extension: text("extension"),
            rings_for: call.link("rings_for"),
            answered_by: call.link("answered_by"),
            started_at: moment("started_at"),
            answered_at: moment("answered_at"),
            ended_at: moment("ended_at"),
            unanswered_since: moment("unanswered_since"),
            duration: call.get("duration").as_int(),
            recording: text("recording"),
        }
    }

    /// Whether somebody called us.
    pub(super) fn is_incoming(&self) -> bool {
        self.direction != Some("out")
    }

    /// What an event tells; `user` is whose extension it names.
    pub(super) fn hear(&mut self, event: &CallEvent, user: Option<Id>, region: Region, now: Timestamp) {
        let latest = now.checked_add(AHEAD).unwrap_or(Timestamp::MAX);
        let said = event.at.filter(|at| *at >= Timestamp::UNIX_EPOCH && *at <= latest);
        let at = said.unwrap_or(now);
        // As finely as it is kept: what comes twice is the same then.
        let at = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
        let (was_missed, before) = (self.status() == MISSED, self.spoken());
        let was_there = self.started_at.is_some();
        if let Some(direction) = event.direction.filter(|_| !was_there || self.number.is_none()) {
            self.direction = Some(if direction == Direction::Out { "out" } else { "in" });
        }
        let numbers = [(&mut self.from, &event.from), (&mut self.to, &event.to)];
        for (known, told) in numbers {
            if known.is_none() {
                *known = told.as_deref().map(|told| written(told, region));
            }
        }
        let other = if self.is_incoming() { &self.from } else { &self.to };
        self.number = self.number.take().or_else(|| other.as_deref().and_then(|other| whole(other, region)));
        self.started_at = Some(self.started_at.map_or(at, |before| before.min(at)));
        match event.step {
            Step::Ringing if self.answered_at.is_none() && self.ended_at.is_none() => {
                self.extension = event.extension.clone().or_else(|| self.extension.take());
                self.rings_for = if event.extension.is_some() { user } else { self.rings_for };
            }
            Step::Answered => self.answer(event, user, at),
            Step::Ended(answered) => {
                // Told once more without a moment it ended when that was told first.
                let later = |before: Timestamp| if said.is_some() { before.max(at) } else { before };
                self.ended_at = Some(self.ended_at.map_or(at, later));
                if answered == Some(true) {
                    let spoken = SignedDuration::from_secs(event.duration.unwrap_or(0).clamp(0, LONGEST));
                    // What is told of the answer itself is nearer to it.
                    let began = self.answered_at.or(at.checked_sub(spoken).ok()).unwrap_or(at);
                    self.answer(event, user, began);
                }
            }
            Step::Ringing | Step::Told => {}
        }
        // What was told stays, what was worked out follows the moments.
        if self.duration.is_none() || self.duration == before {
            let told = event.duration.filter(|_| self.answered_at.is_some()).map(|told| told.clamp(0, LONGEST));
            self.duration = told.or_else(|| self.spoken()).or(self.duration);
        }
        if self.recording.is_none() {
            self.recording = event.recording.clone().filter(|address| is_address(address));
        }
        if self.status() != MISSED || !self.is_incoming() {
            self.unanswered_since = None;
        } else if !was_missed {
            // Once it is off the list it stays off.
            self.unanswered_since = Some(now);
        }
    }

    /// How long was spoken, by the moments: what ended before somebody took it was the end of another set's ringing.
    fn spoken(&self) -> Option<i64> {
        let (ended, answered) = self.ended_at.zip(self.answered_at).filter(|(ended, answered)| ended >= answered)?;
        Some(ended.as_second().saturating_sub(answered.as_second()).min(LONGEST))
    }

    /// Whoever is named first has answered.
    fn answer(&mut self, event: &CallEvent, user: Option<Id>, at: Timestamp) {
        self.answered_at = Some(self.answered_at.map_or(at, |before| before.min(at)));
        if self.answered_by.is_none() {
            self.answered_by = user;
            self.extension = event.extension.clone().or_else(|| self.extension.take());
        }
    }

    fn status(&self) -> &'static str {
        match (self.answered_at, self.ended_at) {
            (None, None) => "ringing",
            (Some(_), None) => "answered",
            (None, Some(_)) => MISSED,
            (Some(_), Some(_)) => "ended",
        }
    }

    /// All of it as fields of its record.
    pub(super) fn draft(&self) -> Draft {
        Draft::new()
            .set("direction", if self.is_incoming() { "in" } else { "out" })
            .set("status", self.status())
            .set("from", self.from.clone())
            .set("to", self.to.clone())
            .set("number", self.number.clone())
            .set("extension", self.extension.clone())
            .set("rings_for", self.rings_for.map(Value::Id))
            .set("answered_by", self.answered_by.map(Value::Id))
            .set("started_at", self.started_at)
            .set("answered_at", self.answered_at)
            .set("ended_at", self.ended_at)
            .set("unanswered_since", self.unanswered_since)
            .set("duration", self.duration)
            .set("recording", self.recording.clone())
    }
}

/// A number as it is kept: whole where it is one, else as it was told.
fn written(number: &str, region: Region) -> String {
    whole(number, region).unwrap_or_else(|| number.to_owned())
}

fn whole(number: &str, region: Region) -> Option<String> {
    phone::normalise(number, region).ok().map(String::from)
}

fn is_address(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.chars().any(|letter| letter.is_whitespace() || letter.is_control())
    })
}

#[cfg(test)]
mod tests {
    use channels::telephone::{CallEvent, Direction, Step};
    use jiff::Timestamp;
    use model::Id;
    use model::identity::phone::Region;
    use serde_json::Value as Json;

    use super::CallState;

    fn event(step: Step, second: i64) -> CallEvent {
        CallEvent {
            call: "1".to_owned(),
            what: String::new(),
            step,
            at: Timestamp::from_second(second).ok(),
            direction: Some(Direction::In),
            from: Some("8 921 123-45-67".to_owned()),
            to: Some("+78125550000".to_owned()),
            extension: Some("101".to_owned()),
            duration: None,
            recording: None,
            raw: Json::Null,
        }
    }

    fn heard(events: &[&CallEvent], user: Id) -> CallState {
        let now = Timestamp::from_second(1_000).unwrap();
        let mut state = CallState::default();
        for event in events {
            state.hear(event, Some(user), Region::default(), now);
        }
        state
    }

    #[test]
    fn whatever_the_order_a_call_comes_to_the_same() {
        let user = Id::new();
        let (rings, taken, over) =
            (event(Step::Ringing, 100), event(Step::Answered, 110), event(Step::Ended(None), 172));
        let state = heard(&[&rings, &taken, &over], user);
        assert_eq!((state.status(), state.duration), ("ended", Some(62)));
        assert_eq!((state.number.as_deref(), state.answered_by), (Some("+79211234567"), Some(user)));
        for order in
            [[&over, &taken, &rings], [&taken, &over, &rings], [&rings, &over, &taken], [&taken, &rings, &over]]
        {
            let other = heard(&order, user);
            assert_eq!((other.status(), other.duration, other.answered_by), ("ended", Some(62), Some(user)));
            assert_eq!((other.started_at, other.answered_at), (state.started_at, state.answered_at));
            assert_eq!(other.unanswered_since, None, "nobody is called back who was spoken with");
            // And once more.
            let again = heard(&[&order[..], &order[..]].concat(), user);
            assert_eq!(again, other);
        }
    }

    #[test]
    fn nobody_took_it() {
        let user = Id::new();
        let (rings, over) = (event(Step::Ringing, 100), event(Step::Ended(Some(false)), 130));
        let state = heard(&[&rings, &over], user);
        assert_eq!((state.status(), state.duration, state.rings_for), ("missed", None, Some(user)));
        assert!(state.unanswered_since.is_some());
        let ours = CallEvent { direction: Some(Direction::Out), ..over.clone() };
        assert_eq!(heard(&[&ours], user).unanswered_since, None, "whom we did not reach does not wait");
        // Somebody has spoken with them meanwhile: what is told twice does not put it on the list again.
        let mut settled = heard(&[&rings, &over], user);
        settled.unanswered_since = None;
        settled.hear(&over, Some(user), Region::default(), Timestamp::from_second(2_000).unwrap());
        assert_eq!(settled.unanswered_since, None);
    }

    #[test]
    fn an_end_that_is_told_twice_without_a_moment_is_the_first() {
        let user = Id::new();
        let over = CallEvent { at: None, ..event(Step::Ended(None), 0) };
        let mut state = heard(&[&event(Step::Answered, 900), &over], user);
        assert_eq!((state.status(), state.duration), ("ended", Some(100)));
        state.hear(&over, Some(user), Region::default(), Timestamp::from_second(5_000).unwrap());
        assert_eq!(state.duration, Some(100));
    }

    #[test]
    fn another_of_a_group_took_it_after_one_had_not() {
        let (user, other) = (Id::new(), Id::new());
        let now = Timestamp::from_second(1_000).unwrap();
        let mut state = heard(&[&event(Step::Ringing, 100), &event(Step::Ended(None), 120)], user);
        assert_eq!(state.status(), "missed");
        let taken = CallEvent { extension: Some("102".to_owned()), ..event(Step::Answered, 125) };
        state.hear(&taken, Some(other), Region::default(), now);
        state.hear(&event(Step::Ended(None), 185), Some(user), Region::default(), now);
        assert_eq!((state.status(), state.answered_by, state.duration), ("ended", Some(other), Some(60)));
        assert_eq!(state.unanswered_since, None);
    }

    #[test]
    fn a_number_that_is_withheld_is_none() {
        let (user, rings) = (Id::new(), event(Step::Ringing, 100));
        let hidden = CallEvent { from: Some("anonymous".to_owned()), ..rings };
        assert_eq!(heard(&[&hidden], user).number, None);
    }
}
