//! One HTTP request as exact bytes, so that a test can send what no well-behaved client would.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

/// Longer than anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Sends `METHOD PATH` with these headers and this body over a connection of its own.
///
/// # Errors
/// When the program is not there, or goes before it has answered.
pub(crate) fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Response> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n").into_bytes();
    for (name, value) in headers {
        head.extend(format!("{name}: {value}\r\n").as_bytes());
    }
    if !body.is_empty() || matches!(method, "POST" | "PATCH" | "PUT") {
        head.extend(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    head.extend(b"\r\n");
    let mut answer = Vec::new();
    if body.len() < 64 * 1024 {
        head.extend(body);
        stream.write_all(&head)?;
        stream.read_to_end(&mut answer)?;
    } else {
        // A program that refuses a large body does so before it has read it: whoever only writes sees a broken pipe.
        let mut reader = stream.try_clone()?;
        thread::scope(|scope| {
            let reading = scope.spawn(move || {
                let mut answer = Vec::new();
                let ended = reader.read_to_end(&mut answer);
                if answer.is_empty() { ended.map(|_| answer) } else { Ok(answer) }
            });
            let _ = stream.write_all(&head).and_then(|()| stream.write_all(body));
            answer = reading.join().map_err(|_| io::Error::other("the reading thread panicked"))??;
            io::Result::Ok(())
        })?;
    }
    parse(&answer)
}

fn parse(answer: &[u8]) -> io::Result<Response> {
    let cut = |what: &str| io::Error::new(io::ErrorKind::UnexpectedEof, format!("{what} in {} bytes", answer.len()));
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or_else(|| cut("no end of the head"))?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &answer[end + 4..];
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let body = match (header("transfer-encoding"), header("content-length").and_then(|length| length.parse().ok())) {
        (Some("chunked"), _) => chunks(rest).ok_or_else(|| cut("no last chunk"))?,
        (_, Some(length)) => rest.get(..length).ok_or_else(|| cut("a cut body"))?.to_vec(),
        _ => rest.to_vec(),
    };
    Ok(Response { status: status.ok_or_else(|| cut("no status"))?, headers, body })
}

fn chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|bytes| bytes == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

/// Text as it stands in a query or path.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
