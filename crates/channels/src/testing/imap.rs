//! A real IMAP server on loopback: Dovecot of the Debian package `dovecot-imapd`, in a folder of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::there;

const SCRIPT: &str = include_str!("imap.sh");

/// Runs until dropped, or until this process ends in whatever way. Whoever signs in has the password `secret`.
#[derive(Debug)]
pub struct ImapServer {
    /// In the clear, and by STARTTLS.
    pub port: u16,
    /// Under TLS from the start.
    pub tls: u16,
    /// The certificate in PEM, of `localhost`.
    pub certificate: String,
    folder: PathBuf,
    letters: AtomicU32,
    /// Closing it asks the server to end.
    lifeline: Option<ChildStdin>,
    process: Child,
}

impl ImapServer {
    /// Starts it.
    ///
    /// # Panics
    /// Where Dovecot is not installed or does not start: tests are never skipped.
    #[must_use]
    pub fn start() -> Self {
        let (port, tls) = (free_port(), free_port());
        let mut process = there(
            shell()
                .args(["-c", SCRIPT, "plenary-imap", &port.to_string(), &tls.to_string()])
                .current_dir("/")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn(),
            "no shell for the IMAP server",
        );
        let lifeline = process.stdin.take();
        let Some(output) = process.stdout.take() else { panic!("the shell of the IMAP server says nothing") };
        let (mut output, mut line) = (BufReader::new(output), String::new());
        there(output.read_line(&mut line), "the IMAP server says nothing");
        let Some(folder) = line.trim_end().strip_prefix("ready ").map(PathBuf::from) else {
            let _ = output.read_to_string(&mut line);
            panic!("the IMAP server does not start ({line}): install the package `dovecot-imapd`");
        };
        let certificate = there(fs::read_to_string(folder.join("certificate.pem")), "the server's certificate");
        Self { port, tls, certificate, folder, letters: AtomicU32::new(0), lifeline, process }
    }

    fn inbox(&self) -> PathBuf {
        self.folder.join("mail")
    }

    /// Lays a letter into the inbox; lines end as they do on the wire. Answers the name of its file.
    ///
    /// # Panics
    /// Where the disk refuses; so for the others.
    pub fn receive(&self, letter: &str) -> String {
        self.lay(&self.inbox(), letter)
    }

    /// The same into the folder `Other`, once letters were moved there.
    ///
    /// # Panics
    /// As [`ImapServer::receive`].
    pub fn receive_elsewhere(&self, letter: &str) -> String {
        self.lay(&self.inbox().join(".Other"), letter)
    }

    fn lay(&self, folder: &Path, letter: &str) -> String {
        let letter = letter.replace("\r\n", "\n").replace('\n', "\r\n");
        let name = format!("{:06}.plenary.test", self.letters.fetch_add(1, Ordering::Relaxed));
        let (whole, new) = (folder.join("tmp").join(&name), folder.join("new").join(&name));
        // Whole at once: the server may look at any moment.
        there(fs::write(&whole, letter), "a letter is not written");
        there(fs::rename(&whole, &new), "a letter is not laid into the folder");
        name
    }

    /// Forgets which numbers letters have: they get others, under another UIDVALIDITY.
    ///
    /// # Panics
    /// As [`ImapServer::receive`].
    pub fn renumber(&self) {
        // Two that are made within a second would have one.
        std::thread::sleep(Duration::from_millis(1_100));
        for entry in there(fs::read_dir(self.inbox()), "the inbox").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("dovecot.") || name == "dovecot-uidlist" {
                there(fs::remove_file(entry.path()), "the numbers of letters");
            }
        }
    }

    /// Moves all letters of the inbox to the folder `Other`, or back from there.
    ///
    /// # Panics
    /// As [`ImapServer::receive`].
    pub fn move_all(&self, is_back: bool) {
        let (inbox, other) = (self.inbox(), self.inbox().join(".Other"));
        for part in ["cur", "new", "tmp"] {
            there(fs::create_dir_all(other.join(part)), "the folder `Other`");
        }
        for folder in [other.clone(), other.join("cur"), other.join("new"), other.join("tmp")] {
            open_to_all(&folder);
        }
        let (from, to) = if is_back { (other, inbox) } else { (inbox, other) };
        for part in ["cur", "new"] {
            for entry in there(fs::read_dir(from.join(part)), "a folder").flatten() {
                // A letter that comes into a folder gets a new name there, by which the server knows that it came.
                let name = format!("{:06}.plenary.moved", self.letters.fetch_add(1, Ordering::Relaxed));
                there(fs::rename(entry.path(), to.join("new").join(name)), "a letter is not moved");
            }
        }
    }
}

impl Drop for ImapServer {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.process.wait();
    }
}

/// A port that is free now; nobody else takes it in the moment until the server does, or its start fails and says so.
fn free_port() -> u16 {
    let listener = there(TcpListener::bind(("127.0.0.1", 0)), "no free port");
    there(listener.local_addr(), "no free port").port()
}

fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    there(fs::set_permissions(folder, fs::Permissions::from_mode(0o777)), "a folder of the server");
}

/// A shell, as nobody where we are root, whose letters the server does not read.
fn shell() -> Command {
    let told = |arguments: &[&str]| {
        let output = there(Command::new("id").args(arguments).output(), "no `id`");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    if told(&["-u"]) != "0" {
        return Command::new("sh");
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody".to_owned(), format!("--regid={}", told(&["-g", "nobody"]))]);
    command.args(["--clear-groups", "sh"]);
    command
}
