//! A mail server that takes everything and remembers the Message-IDs.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Takes letters until the test ends.
pub(crate) struct Mailbox {
    address: SocketAddr,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Mailbox {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, taken) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let kept = taken.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                thread::spawn(move || converse(&stream, &kept));
            }
        });
        Self { address, taken }
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The Message-IDs of everything that came, in order.
    pub(crate) fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

fn converse(stream: &TcpStream, taken: &Mutex<Vec<String>>) -> Option<()> {
    let say = |line: &str| (&mut &*stream).write_all(format!("{line}\r\n").as_bytes()).ok();
    say("220 mailbox")?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(line)) = lines.next() {
        match line.split_whitespace().next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" | "HELO" => say("250 mailbox")?,
            "DATA" => {
                say("354 go on")?;
                let letter: Vec<_> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                let named = letter.iter().find_map(|line| line.strip_prefix("Message-ID: "));
                taken.lock().unwrap().push(named.unwrap_or("none").to_owned());
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 fine")?,
        }
    }
    Some(())
}
