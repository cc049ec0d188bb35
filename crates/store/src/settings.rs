//! What a workspace is set to.

use jiff::tz::TimeZone;
use model::identity::phone::Region;
use model::requisites::LegalEntity;
use model::value::Reading;
use model::working::WorkingTime;
use model::{Currency, Locale};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::counters::space;
use crate::db::{DbError, LockKey};
use crate::error::Result;
use crate::knowledge::{self, Part};
use crate::views::SharedFirst;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// The key under which they are kept.
pub(crate) const KEY: &str = "organisation";

/// Organisation, language, zone, currency and defaults; kept as JSON in the table `settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Name of the organisation.
    pub name: String,
    /// Language of what the workspace says on its own.
    pub locale: Locale,
    /// IANA time zone.
    pub time_zone: String,
    /// Currency of new prices.
    pub currency: Currency,
    /// Where letters to people come from.
    pub sender: String,
    /// How long an unpaid order waits, ISO 8601, where neither ticket type nor event says; the process's timer where
    /// nothing is said here either.
    pub payment_wait: Option<String>,
    /// When organisations pay, where neither deal nor account says: a value of `deals.payment_terms`; in advance where
    /// nothing is said here either.
    pub payment_terms: Option<String>,
    /// The share in advance, in percent, where neither deal nor account says.
    pub prepayment_share: Option<i64>,
    /// How often an organisation is asked to agree to a new price, where the event does not say.
    pub price_asks: Option<i64>,
    /// Days for which is kept what rules did; 180 where nothing is said.
    pub rule_runs_kept: Option<i64>,
    /// Seconds for which a letter that somebody wrote can be taken back before it goes; 10 where nothing is said.
    pub letter_wait: Option<i64>,
    /// Letters that go in an hour; as many as there are where nothing is said.
    pub letters_per_hour: Option<i64>,
    /// Days for which calls from outside are kept; 90 where nothing is said.
    pub calls_kept: Option<i64>,
    /// How an order is paid: one text shown in letters and on the order's page.
    pub payment_instructions: String,
    /// Whether this is a rehearsal: the clock can be moved and nothing leaves the machine.
    pub sandbox: bool,
    /// Legal entities with their requisites.
    pub legal_entities: Vec<LegalEntity>,
    /// When the organisation works.
    pub working_time: WorkingTime,
    /// The colour of the organisation, `#rrggbb`.
    pub accent: Option<String>,
    /// The name of its logo among the files: the digest of its bytes and what kind of picture it is.
    pub logo: Option<String>,
    /// The views with which lists open for teams and for everybody.
    pub first_views: Vec<SharedFirst>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            locale: Locale::Ru,
            time_zone: "Europe/Moscow".to_owned(),
            currency: Currency::RUB,
            sender: "tickets@localhost".to_owned(),
            payment_wait: None,
            payment_terms: None,
            prepayment_share: None,
            price_asks: None,
            rule_runs_kept: None,
            letter_wait: None,
            letters_per_hour: None,
            calls_kept: None,
            payment_instructions: String::new(),
            sandbox: false,
            legal_entities: Vec::new(),
            working_time: WorkingTime::default(),
            accent: None,
            logo: None,
            first_views: Vec::new(),
        }
    }
}

impl Settings {
    /// The zone in which days begin; UTC where the name is unknown to the machine.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// How outside values are read here.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading { currency: self.currency, region: Region::default() }
    }
}

impl Work<'_> {
    /// Changes the settings as they are kept now; answers what they became. Who changed what stands in the change log.
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden) without the right to administer; those of `change`.
    pub fn change_settings(&mut self, change: impl FnOnce(&mut Settings) -> Result<()>) -> Result<Settings> {
        self.hold_rights()?;
        self.lock(&[LockKey::new(space::WORKSPACE, KEY)])?;
        let before = read(knowledge::setting(self.tx, KEY)?)?;
        let mut after = before.clone();
        change(&mut after)?;
        if after != before {
            let (was, is) = (json!(before), json!(after));
            knowledge::keep(self.tx, KEY, &is)?;
            let fields = is.as_object().into_iter().flatten();
            let delta = fields.filter_map(|(name, after)| {
                let before = was.get(name).unwrap_or(&Json::Null);
                (before != after).then(|| (name.as_str(), before.clone(), after.clone()))
            });
            self.log_setup(Setup::Organisation, Setup::ORGANISATION, Operation::Update, delta)?;
            self.shape(Part::Settings)?;
            if after.working_time != before.working_time || after.time_zone != before.time_zone {
                self.count_working_time_anew()?;
            }
        }
        Ok(after)
    }
}

/// The settings that were kept; the default ones of a new workspace.
pub(crate) fn read(kept: Option<Json>) -> Result<Settings, DbError> {
    let unreadable = |error: serde_json::Error| DbError::Corrupt(format!("the settings of the organisation: {error}"));
    Ok(kept.map(serde_json::from_value).transpose().map_err(unreadable)?.unwrap_or_default())
}
