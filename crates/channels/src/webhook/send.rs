//! One request on a connection of its own, to an address that was looked up and judged before: a name that leads elsewhere
//! a moment later leads nobody astray.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::guard::is_public;
use super::{Loopback, Post, PostError};

/// The most of an answer that is read before its head must have ended.
const HEAD: usize = 16 * 1024;

/// What is told of an address that anybody on the way could read along at.
const INSECURE: &str = "an address begins with https://";

/// Sends it; answers with the status.
pub(super) async fn send(post: &Post, signature: &str, now: Timestamp, loopback: Loopback) -> Result<u16, PostError> {
    let url = Url::parse(&post.url).map_err(|error| refused(&error.to_string()))?;
    let (host, addresses) = addresses(&url, loopback).await?;
    let mut failure = PostError::Failed("its name leads to no address".to_owned());
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return talk(stream, (&url, host), post, (signature, now)).await,
            Err(error) => failure = failed(&error),
        }
    }
    Err(failure)
}

/// The host with its addresses, all of them public.
async fn addresses(url: &Url, loopback: Loopback) -> Result<(Host<&str>, Vec<SocketAddr>), PostError> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("an address does not carry a name and a password"));
    }
    if !(url.scheme() == "https" || url.scheme() == "http" && loopback.0) {
        return Err(refused(INSECURE));
    }
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(refused("an address has a host"));
    };
    let found: Vec<SocketAddr> = match host {
        Host::Domain(name) => tokio::net::lookup_host((name, port)).await.map_err(|error| failed(&error))?.collect(),
        Host::Ipv4(address) => vec![(address, port).into()],
        Host::Ipv6(address) => vec![(address, port).into()],
    };
    let is_own = |address: &SocketAddr| loopback.0 && address.ip().is_loopback();
    let is_secure = url.scheme() == "https" || url.scheme() == "http" && found.iter().all(is_own);
    if !is_secure {
        return Err(refused(INSECURE));
    }
    match found.iter().find(|address| !is_public(address.ip()) && !is_own(address)) {
        Some(address) => Err(refused(&format!("{} is no public address", address.ip()))),
        None => Ok((host, found)),
    }
}

async fn talk(
    stream: TcpStream,
    (url, host): (&Url, Host<&str>),
    post: &Post,
    signed: (&str, Timestamp),
) -> Result<u16, PostError> {
    let request = request(url, post, signed);
    if url.scheme() == "http" {
        return exchange(stream, &request).await;
    }
    let name = match host {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|error| refused(&error.to_string()))?,
        Host::Ipv4(address) => ServerName::IpAddress(std::net::IpAddr::from(address).into()),
        Host::Ipv6(address) => ServerName::IpAddress(std::net::IpAddr::from(address).into()),
    };
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| refused(&error.to_string()))?;
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    exchange(stream.map_err(|error| failed(&error))?, &request).await
}

/// The request, whole. What stands in it was parsed as an address or made here.
fn request(url: &Url, post: &Post, (signature, now): (&str, Timestamp)) -> Vec<u8> {
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let (id, moment, length) = (&post.id, now.as_second(), post.body.len());
    let head = format!(
        "POST {target} HTTP/1.1\r\nhost: {host}\r\nuser-agent: Plenary\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nwebhook-id: {id}\r\nwebhook-timestamp: {moment}\r\nwebhook-signature: {signature}\r\n\
         connection: close\r\n\r\n"
    );
    [head.as_bytes(), post.body.as_bytes()].concat()
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> Result<u16, PostError> {
    stream.write_all(request).await.map_err(|error| failed(&error))?;
    stream.flush().await.map_err(|error| failed(&error))?;
    let (mut answer, mut part) = (Vec::new(), [0_u8; 1_024]);
    loop {
        let read = stream.read(&mut part).await.map_err(|error| failed(&error))?;
        answer.extend_from_slice(part.get(..read).unwrap_or_default());
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut headers);
        match head.parse(&answer) {
            // The head says all that is asked, once its first line is there.
            Ok(_) if head.code.is_some_and(|code| code >= 200) => return Ok(head.code.unwrap_or_default()),
            Ok(_) if read > 0 && answer.len() < HEAD => {}
            _ => return Err(PostError::Failed("the answer is none of HTTP".to_owned())),
        }
    }
}

fn refused(why: &str) -> PostError {
    PostError::Refused(why.to_owned())
}

fn failed(error: &std::io::Error) -> PostError {
    PostError::Failed(error.to_string())
}
