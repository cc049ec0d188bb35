//! A real IMAP server for a test, on loopback: Dovecot of the Debian package `dovecot-imapd`, in a folder of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

const SCRIPT: &str = include_str!("server.sh");

/// Runs until dropped.
pub(crate) struct ImapServer {
    /// In the clear, and by STARTTLS.
    pub(crate) port: u16,
    /// Under TLS from the start.
    pub(crate) tls: u16,
    /// The certificate in PEM.
    pub(crate) certificate: String,
    folder: PathBuf,
    letters: AtomicU32,
    process: Child,
}

impl ImapServer {
    pub(crate) fn start() -> Self {
        let free = || TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let (port, tls) = (free(), free());
        let mut process = shell()
            .args(["-c", SCRIPT, "plenary-imap", &port.to_string(), &tls.to_string()])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut output, mut line) = (BufReader::new(process.stdout.take().unwrap()), String::new());
        output.read_line(&mut line).unwrap();
        let Some(folder) = line.trim_end().strip_prefix("ready ").map(PathBuf::from) else {
            let _ = output.read_to_string(&mut line);
            panic!("the IMAP server does not start ({line}): install the package `dovecot-imapd`");
        };
        let certificate = fs::read_to_string(folder.join("certificate.pem")).unwrap();
        Self { port, tls, certificate, folder, letters: AtomicU32::new(0), process }
    }

    fn inbox(&self) -> PathBuf {
        self.folder.join("mail")
    }

    /// Lays a letter into the inbox; lines end as they do on the wire.
    pub(crate) fn receive(&self, letter: &str) -> String {
        let name = format!("{:06}.plenary.test", self.letters.fetch_add(1, Ordering::Relaxed));
        let letter = letter.replace("\r\n", "\n").replace('\n', "\r\n");
        // Whole at once: the server may look at any moment.
        fs::write(self.inbox().join("tmp").join(&name), letter).unwrap();
        fs::rename(self.inbox().join("tmp").join(&name), self.inbox().join("new").join(&name)).unwrap();
        name
    }

    /// Forgets which numbers letters have: they get others, under another UIDVALIDITY.
    pub(crate) fn renumber(&self) {
        // Two that are made within a second would have one.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        for entry in fs::read_dir(self.inbox()).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("dovecot.") || name == "dovecot-uidlist" {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }

    /// Moves all letters of the inbox to the folder `Other`, or back from there.
    pub(crate) fn move_all(&self, is_back: bool) {
        let (inbox, other) = (self.inbox(), self.inbox().join(".Other"));
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(other.join(part)).unwrap();
        }
        for folder in [other.clone(), other.join("cur"), other.join("new"), other.join("tmp")] {
            open_to_all(&folder);
        }
        let (from, to) = if is_back { (other, inbox) } else { (inbox, other) };
        for part in ["cur", "new"] {
            for entry in fs::read_dir(from.join(part)).unwrap().flatten() {
                // A letter that comes into a folder gets a new name there, by which the server knows that it came.
                let name = format!("{:06}.plenary.moved", self.letters.fetch_add(1, Ordering::Relaxed));
                fs::rename(entry.path(), to.join("new").join(name)).unwrap();
            }
        }
    }
}

impl Drop for ImapServer {
    fn drop(&mut self) {
        // Closing its input asks it to end.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
}

/// A shell, as nobody where we are root, whose letters the server does not read.
fn shell() -> Command {
    let told = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
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
