//! The connection to a mail server: to an address that was looked up and judged before, under TLS, and never endless.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{ImapError, ImapSettings, Private, Security};
use crate::webhook::is_public;

/// What may be read before somebody asks for more, in bytes.
const GREETING: u64 = 256 * 1024;

/// Both directions of a connection, protected or not.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Duplex for T {}

/// A connection of which only so much is read as was allowed.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Box<dyn Duplex>,
    left: u64,
}

impl Wire {
    fn over(stream: impl Duplex + 'static) -> Self {
        Self { stream: Box::new(stream), left: GREETING }
    }

    /// So many bytes may be read from now on.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.left = bytes;
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(Err(io::Error::other("the server sends more than was asked for")));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        let read = buffer.filled().len().saturating_sub(before);
        this.left = this.left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// Connects, under TLS where that is so from the start.
pub(super) async fn connect(settings: &ImapSettings, private: Private) -> Result<Wire, ImapError> {
    let host = settings.host.trim();
    let found = tokio::net::lookup_host((host, settings.port)).await;
    let found: Vec<SocketAddr> = found.map_err(|error| ImapError::address(&error.to_string()))?.collect();
    if let Some(address) = found.iter().find(|address| !private.0 && !is_public(address.ip())) {
        return Err(ImapError::not_public(format!("{} is no public address", address.ip())));
    }
    if settings.security == Security::None && !found.iter().all(|address| address.ip().is_loopback()) {
        return Err(ImapError::plain());
    }
    let mut failure = ImapError::address("its name leads to no address");
    for address in found {
        match TcpStream::connect(address).await {
            Ok(stream) if settings.security == Security::Tls => return protected(Wire::over(stream), settings).await,
            Ok(stream) => return Ok(Wire::over(stream)),
            Err(error) => failure = ImapError::unreachable(&error.to_string()),
        }
    }
    Err(failure)
}

/// The same connection under TLS.
pub(super) async fn protected(wire: Wire, settings: &ImapSettings) -> Result<Wire, ImapError> {
    let host = settings.host.trim().trim_end_matches('.');
    let name = match host.parse::<IpAddr>() {
        Ok(address) => ServerName::IpAddress(address.into()),
        Err(_) => ServerName::try_from(host.to_owned()).map_err(|error| ImapError::address(&error.to_string()))?,
    };
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = &settings.certificate {
        let known = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| ImapError::certificate(&error.to_string()))?;
            roots.add(certificate).map_err(|error| ImapError::certificate(&error.to_string()))?;
        }
        if roots.len() == known {
            return Err(ImapError::certificate("there is no certificate in the text"));
        }
    }
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| ImapError::tls(&error.to_string()))?;
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, wire.stream).await;
    Ok(Wire::over(stream.map_err(|error| ImapError::tls(&error.to_string()))?))
}
