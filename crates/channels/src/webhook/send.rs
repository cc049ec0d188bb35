//! One request on a connection of its own, to an address that was looked up and judged before: a name that leads elsewhere
//! a moment later leads nobody astray.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::guard::is_public;
use super::{Loopback, PostError};

/// The most of an answer that is read before its head must have ended.
const HEAD: usize = 16 * 1024;
/// The most of an answer that is read where it matters what it says.
const LARGEST: usize = 64 * 1024;

/// What is told of an address that anybody on the way could read along at.
const INSECURE: &str = "an address begins with https://";

/// A request. What stands in its head was made here or is refused.
pub(crate) struct Ask<'a> {
    /// `POST` or `GET`.
    pub(crate) method: &'static str,
    pub(crate) url: &'a str,
    /// Names in small letters, with what they say.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: &'a [u8],
    /// Whether what is answered is read, besides the status.
    pub(crate) wants_body: bool,
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Empty where nobody wanted it.
    pub(crate) body: Vec<u8>,
}

/// Asks; answers with what the other side said, whatever that is. `begun` tells from when on it may have been heard.
pub(super) async fn ask(ask: &Ask<'_>, loopback: Loopback, begun: &AtomicBool) -> Result<Answer, PostError> {
    if ask.headers.iter().any(|(_, text)| text.chars().any(char::is_control)) {
        return Err(refused("what stands in the head of a request is one line"));
    }
    let url = Url::parse(ask.url).map_err(|error| refused(&error.to_string()))?;
    let (host, addresses) = addresses(&url, loopback).await?;
    let mut failure = PostError::Failed("its name leads to no address".to_owned());
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return talk(stream, (&url, host), (ask, begun)).await,
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
    (ask, begun): (&Ask<'_>, &AtomicBool),
) -> Result<Answer, PostError> {
    let request = request(url, ask);
    if url.scheme() == "http" {
        return exchange(stream, &request, (ask.wants_body, begun)).await;
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
    exchange(stream.map_err(|error| failed(&error))?, &request, (ask.wants_body, begun)).await
}

/// The request, whole. What stands in it was parsed as an address or made here.
fn request(url: &Url, ask: &Ask<'_>) -> Vec<u8> {
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let own: String = ask.headers.iter().map(|(name, text)| format!("{name}: {text}\r\n")).collect();
    let (method, length) = (ask.method, ask.body.len());
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: {host}\r\nuser-agent: Plenary\r\n{own}content-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    [head.as_bytes(), ask.body].concat()
}

async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: &[u8],
    (wants_body, begun): (bool, &AtomicBool),
) -> Result<Answer, PostError> {
    begun.store(true, Ordering::Relaxed);
    stream.write_all(request).await.map_err(|error| failed(&error))?;
    stream.flush().await.map_err(|error| failed(&error))?;
    let (mut answer, mut part) = (Vec::new(), [0_u8; 1_024]);
    let most = if wants_body { LARGEST } else { HEAD };
    loop {
        let read = match stream.read(&mut part).await {
            Ok(read) => read,
            // Some hang up without a word once they have said everything.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => 0,
            Err(error) => return Err(failed(&error)),
        };
        answer.extend_from_slice(part.get(..read).unwrap_or_default());
        match understood(&answer, wants_body, read == 0)? {
            Some(answer) => return Ok(answer),
            None if read > 0 && answer.len() < most => {}
            None => return Err(none_of_http()),
        }
    }
}

/// What was answered, as soon as all of it is there that is asked; `is_over` where nothing comes any more.
fn understood(answer: &[u8], wants_body: bool, is_over: bool) -> Result<Option<Answer>, PostError> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    let parsed = head.parse(answer).map_err(|_| none_of_http())?;
    // The head says all that is asked, once its first line is there.
    let Some(status) = head.code.filter(|code| *code >= 200) else { return Ok(None) };
    if !wants_body {
        return Ok(Some(Answer { status, body: Vec::new() }));
    }
    let httparse::Status::Complete(length) = parsed else { return Ok(None) };
    let rest = answer.get(length..).unwrap_or_default();
    let said = |name: &str| {
        let header = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value).ok()
    };
    let body = if said("transfer-encoding").is_some_and(|how| how.to_ascii_lowercase().contains("chunked")) {
        joined(rest)
    } else if let Some(length) = said("content-length").and_then(|length| length.trim().parse::<usize>().ok()) {
        rest.get(..length).map(<[u8]>::to_vec)
    } else if status == 204 || is_over {
        Some(rest.to_vec())
    } else {
        None
    };
    Ok(body.map(|body| Answer { status, body }))
}

/// A body that comes in parts, once the last of them is there.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((start, length))) = httparse::parse_chunk_size(rest) else { return None };
        if length == 0 {
            return Some(body);
        }
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        body.extend_from_slice(rest.get(start..end)?);
        // Behind each part is a line break.
        rest = rest.get(end.checked_add(2)?..)?;
    }
}

fn none_of_http() -> PostError {
    PostError::Failed("the answer is none of HTTP".to_owned())
}

fn refused(why: &str) -> PostError {
    PostError::Refused(why.to_owned())
}

fn failed(error: &std::io::Error) -> PostError {
    PostError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::understood;

    fn read(text: &str, is_over: bool) -> Option<(u16, String)> {
        let answer = understood(text.as_bytes(), true, is_over).unwrap()?;
        Some((answer.status, String::from_utf8(answer.body).unwrap()))
    }

    #[test]
    fn a_body_is_read_however_its_end_is_told() {
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(read(whole, false), Some((200, "{}".to_owned())));
        assert_eq!(read(&whole[..whole.len() - 1], false), None);
        let parts = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        assert_eq!(read(parts, false), Some((201, "abcde".to_owned())));
        assert_eq!(read(&parts[..parts.len() - 8], false), None);
        let open = "HTTP/1.0 400 Bad Request\r\n\r\nwrong";
        assert_eq!((read(open, false), read(open, true)), (None, Some((400, "wrong".to_owned()))));
        assert!(understood(b"nonsense\r\n\r\n", true, true).is_err());
    }
}
