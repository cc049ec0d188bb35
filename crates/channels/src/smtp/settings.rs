//! How the mail server is reached.

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// Port of submission with STARTTLS (RFC 6409).
const SUBMISSION: u16 = 587;
/// Port of submission under TLS from the start (RFC 8314).
const SUBMISSIONS: u16 = 465;

/// The mail server and how to speak with it.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// `smtps://user:password@host:465` (TLS from the start) or `smtp://user:password@host:587` (STARTTLS, without
    /// which nothing is sent). `smtp://host?tls=none` sends in the clear; on this machine itself (`localhost`,
    /// `127.0.0.1`) that is so anyway. Special characters in name and password are percent-encoded.
    pub url: String,
    /// How long a letter may take in all, from the connection to the server's last word; at most five minutes count.
    pub timeout: Duration,
    /// A certificate in PEM to be trusted besides the public ones: for servers with an authority of their own.
    pub certificate: Option<String>,
}

impl SmtpSettings {
    /// The server at `url`, with two minutes per letter and the public certificates.
    pub fn at(url: impl Into<String>) -> Self {
        Self { url: url.into(), timeout: Duration::from_secs(120), certificate: None }
    }

    pub(super) fn transport(&self) -> Result<(AsyncSmtpTransportBuilder, String), SettingsError> {
        let url = Url::parse(&self.url).map_err(|_| SettingsError::Address)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SettingsError::Address)?;
        let (tls, port) = match (url.scheme(), parameter(&url)?.as_deref()) {
            ("smtps", None | Some("required")) => (Tls::Wrapper(self.tls(host)?), SUBMISSIONS),
            ("smtp", None) if is_loopback(&url) => (Tls::None, SUBMISSION),
            ("smtp", None | Some("required")) => (Tls::Required(self.tls(host)?), SUBMISSION),
            ("smtp", Some("none")) => (Tls::None, SUBMISSION),
            _ => return Err(SettingsError::Scheme),
        };
        let port = url.port().unwrap_or(port);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(port).tls(tls);
        if let Some(password) = url.password() {
            let decoded =
                |text| percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| SettingsError::Credentials);
            builder = builder.credentials(Credentials::new(decoded(url.username())?, decoded(password)?));
        }
        Ok((builder, format!("{}://{host}:{port}", url.scheme())))
    }

    fn tls(&self, host: &str) -> Result<TlsParameters, SettingsError> {
        let mut parameters = TlsParameters::builder(host.to_owned());
        if let Some(pem) = &self.certificate {
            parameters = parameters
                .add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(|_| SettingsError::Certificate)?);
        }
        parameters.build().map_err(|_| SettingsError::Certificate)
    }
}

/// The value of `?tls=`; other parameters are refused, because a misspelt one must not turn protection off.
fn parameter(url: &Url) -> Result<Option<String>, SettingsError> {
    let mut tls = None;
    for (name, value) in url.query_pairs() {
        if name != "tls" || tls.is_some() {
            return Err(SettingsError::Scheme);
        }
        tls = Some(value.into_owned());
    }
    Ok(tls)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // The parser knows no hosts of this scheme, so that numbers come as names.
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        }
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = Url::parse(&self.url).ok();
        let hidden = url.as_mut().is_some_and(|url| url.set_username("").is_ok() && url.set_password(None).is_ok());
        let shown = url.filter(|_| hidden).map_or_else(|| "…".to_owned(), String::from);
        f.debug_struct("SmtpSettings").field("url", &shown).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// Settings that cannot be used. The address stands in none of them: it holds the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// No address.
    #[error("the mail server is not an address like smtps://user:password@mail.example.org:465")]
    Address,
    /// Another scheme or parameter.
    #[error("the mail server is smtps://… or smtp://…, with ?tls=required or ?tls=none at most")]
    Scheme,
    /// User or password cannot be read.
    #[error("user and password of the mail server are percent-encoded UTF-8")]
    Credentials,
    /// The certificate cannot be read.
    #[error("the certificate for the mail server is not PEM, or its name is none")]
    Certificate,
}
