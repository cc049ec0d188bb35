//! A telephone line to a server that can go dead, so that connections stay open and nothing comes through any more, or be cut.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often a dead line looks whether it lives again.
const LOOK: Duration = Duration::from_millis(20);

/// A line; its threads end with the connections.
pub struct Line {
    port: u16,
    dead: Arc<AtomicBool>,
    /// Both ends of every connection that was made since the last cut.
    ends: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    /// A line to a server of this machine that listens on `port`.
    ///
    /// # Panics
    /// Where there is no port for it.
    #[must_use]
    pub fn to(port: u16) -> Self {
        let listener = match TcpListener::bind(("127.0.0.1", 0)) {
            Ok(listener) => listener,
            Err(error) => panic!("no port for the line: {error}"),
        };
        let own = listener.local_addr().map(|address| address.port()).unwrap_or_default();
        let (dead, ends) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (state, all) = (Arc::clone(&dead), Arc::clone(&ends));
        std::thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))) else { continue };
                let (Ok(answers), Ok(back)) = (server.try_clone(), caller.try_clone()) else { continue };
                let mut held = all.lock().unwrap_or_else(PoisonError::into_inner);
                // Those that are over have nobody at their other end.
                held.retain(|end: &TcpStream| end.peer_addr().is_ok());
                held.extend([server.try_clone(), caller.try_clone()].into_iter().flatten());
                drop(held);
                for (from, to) in [(caller, server), (answers, back)] {
                    let state = Arc::clone(&state);
                    std::thread::spawn(move || carry(from, to, &state));
                }
            }
        });
        Self { port: own, dead, ends }
    }

    /// Where it is called.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Lets it go dead, or live again.
    pub fn set_dead(&self, dead: bool) {
        self.dead.store(dead, Ordering::SeqCst);
    }

    /// Breaks every connection off, wherever it is; who calls again is put through.
    pub fn cut(&self) {
        for end in self.ends.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, dead: &AtomicBool) {
    let mut buffer = [0_u8; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        while dead.load(Ordering::SeqCst) {
            std::thread::sleep(LOOK);
        }
        if to.write_all(buffer.get(..length).unwrap_or_default()).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
