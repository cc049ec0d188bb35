//! Whether the connection is encrypted and whom it trusts, from `sslmode` and `sslrootcert` of the address. The words are libpq's; a
//! server's certificate is checked whole (`verify-full`) or not at all.

use percent_encoding::percent_decode_str;
use rustls_tokio_postgres::{MakeRustlsConnect, config_from_ca_cert, config_no_verify, config_webpki_roots};
use tokio::task::AbortHandle;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{CancelToken, Client, Config, Error, NoTls};

use super::failure::translate;
use crate::db::DbError;

const MODE: &str = "sslmode";
const ROOTS: &str = "sslrootcert";

/// What connections go over.
#[derive(Clone)]
pub(super) enum Line {
    Plain,
    Encrypted(MakeRustlsConnect),
}

impl Line {
    /// A connection, and the task that drives it.
    pub(super) async fn connect(&self, config: &Config) -> Result<(Client, AbortHandle), Error> {
        match self {
            Self::Plain => {
                let (client, driver) = config.connect(NoTls).await?;
                Ok((client, drive(driver)))
            }
            Self::Encrypted(tls) => {
                let (client, driver) = config.connect(tls.clone()).await?;
                Ok((client, drive(driver)))
            }
        }
    }

    /// Calls off what runs on another connection.
    pub(super) async fn call_off(&self, running: &CancelToken) -> Result<(), Error> {
        match self {
            Self::Plain => running.cancel_query(NoTls).await,
            Self::Encrypted(tls) => running.cancel_query(tls.clone()).await,
        }
    }
}

fn drive(driver: impl Future<Output = Result<(), Error>> + Send + 'static) -> AbortHandle {
    let driving = async move {
        if let Err(error) = driver.await {
            tracing::warn!(%error, "a connection to PostgreSQL broke");
        }
    };
    tokio::spawn(driving).abort_handle()
}

/// The driver's settings of an address, and what its connections go over. `prefer`, which is meant where nothing is said, and
/// `require` encrypt for whoever answers; `verify-full` wants a certificate for the host's name that the authorities in the
/// file `sslrootcert` have signed, or without it one of the public ones. A socket of this machine is never encrypted.
///
/// # Errors
/// [`DbError::Other`] that says what of the address is not understood.
pub(super) fn configure(url: &str) -> Result<(Config, Line), DbError> {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut roots, mut others) = (None, None, Vec::new());
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some((MODE, value)) => mode = Some(decoded(value)),
            Some((ROOTS, value)) => roots = Some(decoded(value)).filter(|path| path != "system"),
            _ => others.push(parameter),
        }
    }
    let address = if others.is_empty() { address.to_owned() } else { format!("{address}?{}", others.join("&")) };
    let mut config: Config = address.parse().map_err(translate)?;
    let (mode, verified) = match mode.as_deref() {
        None | Some("prefer") => (SslMode::Prefer, false),
        Some("disable") => (SslMode::Disable, false),
        Some("require") => (SslMode::Require, false),
        Some("verify-full") => (SslMode::Require, true),
        Some(other) => {
            return Err(refused(&format!("{MODE} is disable, prefer, require or verify-full, not “{other}”")));
        }
    };
    let tls = match roots {
        Some(_) if !verified => return Err(refused(&format!("{ROOTS} goes with {MODE}=verify-full"))),
        Some(path) => config_from_ca_cert(&path).map_err(|error| refused(&format!("{ROOTS} {path}: {error}")))?,
        None if verified => config_webpki_roots(),
        None => config_no_verify(),
    };
    config.ssl_mode(mode);
    if mode == SslMode::Disable || config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_))) {
        config.ssl_mode(SslMode::Disable);
        return Ok((config, Line::Plain));
    }
    Ok((config, Line::Encrypted(MakeRustlsConnect::new(tls))))
}

fn decoded(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

fn refused(what: &str) -> DbError {
    DbError::other("the database's address", what)
}
