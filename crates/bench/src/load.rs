//! Load over HTTP/1.1: clients with one kept connection each, as fast as answers come, every answer's time kept.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Failure;

/// A request, ready to be sent.
pub(crate) struct Request(Vec<u8>);

impl Request {
    /// A request without a body.
    pub(crate) fn get(path: &str, token: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes())
    }

    /// A page as a browser with this cookie asks for it.
    pub(crate) fn page(path: &str, cookie: &str) -> Self {
        Self(
            format!("GET {path} HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n").into_bytes(),
        )
    }

    /// A form as a browser sends it.
    pub(crate) fn form(path: &str, body: &str) -> Self {
        let length = body.len();
        Self(
            format!(
                "POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                 sec-fetch-site: same-origin\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .into_bytes(),
        )
    }

    /// A request that brings a new record.
    pub(crate) fn post(path: &str, token: &str, body: &str) -> Self {
        Self::with_json("POST", path, token, body)
    }

    /// A request that brings JSON.
    pub(crate) fn with_json(method: &str, path: &str, token: &str, body: &str) -> Self {
        let length = body.len();
        Self(
            format!(
                "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
                 content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .into_bytes(),
        )
    }
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// The cookies that it sets, as they are sent back.
    pub(crate) cookie: String,
}

/// One kept connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects to `127.0.0.1:PORT`.
    pub(crate) async fn connect(address: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Reply, Failure> {
        self.stream.write_all(&request.0).await?;
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            if read == 0 {
                return Err(Failure::from("the server closed the connection"));
            }
            if let Some(reply) = self.complete()? {
                return Ok(reply);
            }
        }
    }

    fn complete(&self) -> Result<Option<Reply>, Failure> {
        let mut headers = [httparse::EMPTY_HEADER; 48];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(begin) = response.parse(&self.buffer)? else { return Ok(None) };
        let named = |name: &'static str| {
            let of_name = response.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
            of_name.filter_map(|header| std::str::from_utf8(header.value).ok())
        };
        let length = named("content-length").find_map(|text| text.parse::<usize>().ok());
        let length = length.ok_or("an answer without a length")?;
        let cookies: Vec<_> = named("set-cookie").filter_map(|cookie| cookie.split(';').next()).collect();
        let (status, cookie) = (response.code.unwrap_or_default(), cookies.join("; "));
        Ok(self.buffer.get(begin..begin + length).map(|body| Reply { status, body: body.to_vec(), cookie }))
    }
}

/// What a run of load showed.
pub(crate) struct Run {
    /// Answers a second.
    pub(crate) rate: f64,
    /// Times of all answers, shortest first.
    times: Vec<Duration>,
}

impl Run {
    /// The times of requests that were sent one after the other.
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        let all: Duration = times.iter().sum();
        let rate = times.len() as f64 / all.as_secs_f64();
        times.sort_unstable();
        Self { rate, times }
    }

    /// The time within which `share` of the answers came.
    pub(crate) fn within(&self, share: f64) -> Duration {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
        let at = ((self.times.len() as f64 * share) as usize).min(self.times.len().saturating_sub(1));
        self.times.get(at).copied().unwrap_or_default()
    }
}

/// Lets `clients` ask for `lasting` what `request` makes for their number and count; all must answer `expected`.
pub(crate) async fn run(
    address: &str,
    clients: u64,
    lasting: Duration,
    expected: u16,
    request: impl Fn(u64, u64) -> Request + Clone + Send + 'static,
) -> Result<Run, Failure> {
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..clients {
        let (address, request) = (address.to_owned(), request.clone());
        tasks.push(tokio::spawn(async move {
            let mut client = Client::connect(&address).await?;
            let mut times = Vec::new();
            let mut count = 0;
            while begin.elapsed() < lasting {
                let sent = Instant::now();
                let reply = client.send(&request(number, count)).await?;
                if reply.status != expected {
                    return Err(Failure::from(format!("{}: {}", reply.status, String::from_utf8_lossy(&reply.body))));
                }
                times.push(sent.elapsed());
                count += 1;
            }
            Ok::<_, Failure>(times)
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let rate = times.len() as f64 / begin.elapsed().as_secs_f64();
    times.sort_unstable();
    Ok(Run { rate, times })
}
