//! Webhooks: a signed POST to an address outside, made once and not followed anywhere. The signature is that of Standard
//! Webhooks: HMAC-SHA256 over id, moment and body.

mod guard;
mod send;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use thiserror::Error;

pub use guard::{is_public, refusal};
use send::Answer;
pub(crate) use send::Ask;

/// What a secret begins with where it is shown.
pub const SECRET: &str = "whsec_";

/// How long the other side has, from the look-up of its name to its answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A webhook on its way.
#[derive(Clone, Debug)]
pub struct Post {
    /// The same however often it is tried.
    pub id: String,
    /// Where to.
    pub url: String,
    /// JSON.
    pub body: String,
}

/// Why a webhook was not taken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PostError {
    /// The address is none that is sent to, now or later.
    #[error("{0}")]
    Refused(String),
    /// It was not taken this time.
    #[error("{0}")]
    Failed(String),
    /// It was handed over, at least in part, and nothing was answered that can be understood: it may have been taken.
    #[error("{0}")]
    Unclear(String),
}

/// Whether this machine itself is sent to, over `http` as well: for whoever develops against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loopback(pub bool);

/// Sends a webhook; answers with what the other side said, a status of 2xx.
///
/// # Errors
/// [`PostError::Refused`] for an address that is not public; any other where it is to be tried again.
pub async fn post(post: &Post, secret: &str, now: Timestamp, loopback: Loopback) -> Result<u16, PostError> {
    let signature = signature(post, secret, now)
        .ok_or_else(|| PostError::Refused("the secret of webhooks cannot be read: make a new one".to_owned()))?;
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", post.id.clone()),
        ("webhook-timestamp", now.as_second().to_string()),
        ("webhook-signature", signature),
    ];
    let body = post.body.as_bytes();
    let status = ask(&Ask { method: "POST", url: &post.url, headers, body, wants_body: false }, loopback).await?.status;
    match status {
        200..=299 => Ok(status),
        300..=399 => Err(PostError::Failed(format!("the answer was {status}, and nobody is led elsewhere"))),
        _ => Err(PostError::Failed(format!("the answer was {status}"))),
    }
}

/// Asks a program outside, under the same guard, and waits for so long.
///
/// # Errors
/// As [`post`]; whatever status is answered is none.
pub(crate) async fn ask(ask: &Ask<'_>, loopback: Loopback) -> Result<Answer, PostError> {
    let begun = AtomicBool::new(false);
    let answer = tokio::time::timeout(PATIENCE, send::ask(ask, loopback, &begun)).await;
    let answer = answer.unwrap_or_else(|_| {
        Err(PostError::Failed(format!("there was no answer within {} seconds", PATIENCE.as_secs())))
    });
    answer.map_err(|error| match error {
        PostError::Failed(why) if begun.load(Ordering::Relaxed) => PostError::Unclear(why),
        error => error,
    })
}

/// The signature of a webhook, as its header says it.
fn signature(post: &Post, secret: &str, now: Timestamp) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{}.{}.{}", post.id, now.as_second(), post.body).as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// A secret made of random bytes, as it is shown and kept.
#[must_use]
pub fn secret(bytes: &[u8]) -> String {
    format!("{SECRET}{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // The example of the specification's libraries.
        let post = Post {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            url: String::new(),
            body: r#"{"test": 2432232314}"#.to_owned(),
        };
        let now = Timestamp::from_second(1_614_265_330).unwrap();
        let signed = signature(&post, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now).unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(signature(&post, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now), None);
    }

    #[tokio::test]
    async fn this_machine_and_its_neighbours_are_not_sent_to() {
        let wrong = [
            "https://127.0.0.1/",
            "https://localhost/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "https://[::ffff:192.168.1.1]/",
            "http://example.org/",
            "ftp://example.org/",
            "https://user:word@example.org/",
            "https://2130706433/",
            "https://0x7f.1/",
            "nonsense",
        ];
        for url in wrong {
            let one = Post { id: "1".to_owned(), url: url.to_owned(), body: "{}".to_owned() };
            let told = post(&one, &secret(b"0123456789"), Timestamp::UNIX_EPOCH, Loopback(false)).await;
            assert!(matches!(told, Err(PostError::Refused(_))), "{url}: {told:?}");
        }
    }
}
