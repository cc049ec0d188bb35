//! The stamp of a page with a form: when it was made, under a seal that nobody outside can make. Robots that answer at once, or
//! that never saw the page, are told from people by it, and nobody else has to be asked.

use std::sync::OnceLock;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use store::Error;

use crate::{App, secrets};

/// Who reads and types takes at least so long, in milliseconds.
const FASTEST: i64 = 2_000;
/// What tells two pages of one moment apart, in letters of the secret.
const NONCE: usize = 16;

/// How somebody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As people do.
    Fine,
    /// Faster than anybody reads.
    TooFast,
    /// Without having seen a page that this program has made since it runs.
    Unseen,
}

/// What seals stamps. It lives as long as the program runs: a page that was made before is asked to be sent once more.
#[derive(Default)]
pub(crate) struct Stamps(OnceLock<String>);

impl Stamps {
    fn key(&self) -> Result<&str, Error> {
        match self.0.get() {
            Some(key) => Ok(key.as_str()),
            None => {
                let key = secrets::fresh()?;
                Ok(self.0.get_or_init(|| key).as_str())
            }
        }
    }

    fn seal(&self, form: &str, head: &str) -> Result<String, Error> {
        let mac = Hmac::<Sha256>::new_from_slice(self.key()?.as_bytes());
        let mut mac = mac.map_err(|error| Error::conflict("no_randomness", error.to_string()))?;
        mac.update(format!("{form} {head}").as_bytes());
        Ok(BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
    }

    fn stamp(&self, form: &str, now: Timestamp) -> Result<String, Error> {
        let nonce: String = secrets::fresh()?.chars().take(NONCE).collect();
        let head = format!("{}.{nonce}", now.as_millisecond());
        Ok(format!("{head}.{}", self.seal(form, &head)?))
    }

    fn pace(&self, form: &str, stamp: &str, now: Timestamp) -> Result<Pace, Error> {
        let Some((head, seal)) = stamp.rsplit_once('.').filter(|_| stamp.len() <= 200) else { return Ok(Pace::Unseen) };
        let made = head.split_once('.').and_then(|(made, _)| made.parse::<i64>().ok());
        let is_ours = self.seal(form, head)?.as_bytes() == seal.as_bytes();
        Ok(match made.filter(|_| is_ours) {
            None => Pace::Unseen,
            Some(made) if now.as_millisecond().saturating_sub(made) < FASTEST => Pace::TooFast,
            Some(_) => Pace::Fine,
        })
    }
}

impl App {
    /// The stamp of a page that is made now.
    ///
    /// # Errors
    /// [`Error::Conflict`] `no_randomness` where the system has none to give.
    pub fn stamp(&self, form: &str, now: Timestamp) -> Result<String, Error> {
        self.0.stamps.stamp(form, now)
    }

    /// The stamp of a page that comes again: somebody has read it already.
    ///
    /// # Errors
    /// As [`App::stamp`].
    pub fn stamp_again(&self, form: &str, now: Timestamp) -> Result<String, Error> {
        let before = Timestamp::from_millisecond(now.as_millisecond().saturating_sub(FASTEST)).unwrap_or(now);
        self.0.stamps.stamp(form, before)
    }

    /// How fast a page with this stamp was answered.
    ///
    /// # Errors
    /// As [`App::stamp`].
    pub fn pace(&self, form: &str, stamp: &str, now: Timestamp) -> Result<Pace, Error> {
        self.0.stamps.pace(form, stamp, now)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, ToSpan as _};

    use super::{Pace, Stamps};

    #[test]
    fn a_stamp_tells_how_long_a_page_stood_there() {
        let (stamps, made) = (Stamps::default(), Timestamp::UNIX_EPOCH);
        let stamp = stamps.stamp("request", made).unwrap();
        let after = |seconds: i64| made.checked_add(seconds.seconds()).unwrap();
        let pace = |stamp: &str, form: &str, seconds: i64| stamps.pace(form, stamp, after(seconds)).unwrap();
        assert_eq!(pace(&stamp, "request", 1), Pace::TooFast);
        assert_eq!(pace(&stamp, "request", 2), Pace::Fine);
        assert_eq!(pace(&stamp, "request", 3_000_000), Pace::Fine);
        // Of another form, of another time, of another program, of nobody.
        assert_eq!(pace(&stamp, "other", 9), Pace::Unseen);
        assert_eq!(pace(&format!("9{stamp}"), "request", 9), Pace::Unseen);
        assert_eq!(pace(&Stamps::default().stamp("request", made).unwrap(), "request", 9), Pace::Unseen);
        for forged in ["", ".", "0.x", "x.y.z"] {
            assert_eq!(pace(forged, "request", 9), Pace::Unseen, "{forged}");
        }
    }
}
