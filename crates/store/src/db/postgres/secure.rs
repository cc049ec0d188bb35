//! Whether the connection is encrypted and whom it trusts, from `sslmode` and `sslrootcert` of the address. The words are libpq's; a
//! server's certificate is checked whole (`verify-full`) or not at all.

use std::path::Path;

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
    let (address, parameters) = url.split_at(parameters_of(url));
    let parameters = parameters.trim_start_matches('?');
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
        // A device may never end.
        Some(path) if !Path::new(&path).is_file() => return Err(refused(&format!("{ROOTS} {path} is no file"))),
        Some(path) => config_from_ca_cert(&path).map_err(|error| refused(&format!("{ROOTS} {path}: {error}")))?,
        None if verified => config_webpki_roots(),
        None => config_no_verify(),
    };
    config.ssl_mode(mode);
    let hosts = config.get_hosts();
    let is_socket = |host: &Host| matches!(host, Host::Unix(_));
    let stays_here = !hosts.is_empty() && hosts.iter().all(is_socket) && config.get_hostaddrs().is_empty();
    if mode == SslMode::Disable || stays_here {
        config.ssl_mode(SslMode::Disable);
        return Ok((config, Line::Plain));
    }
    Ok((config, Line::Encrypted(MakeRustlsConnect::new(tls))))
}

/// Where the parameters of an address begin. A password may hold a question mark: the driver reads it up to the `@`.
fn parameters_of(url: &str) -> usize {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let rest = |from: usize| url.get(from..).unwrap_or_default();
    let hosts = rest(begin).find('@').map_or(begin, |at| begin + at + 1);
    rest(hosts).find('?').map_or(url.len(), |at| hosts + at)
}

fn decoded(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

fn refused(what: &str) -> DbError {
    DbError::other("the database's address", what)
}
