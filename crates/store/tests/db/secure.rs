//! Connections to PostgreSQL under TLS, with a server that has a certificate.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use store::db::{Db, DbError, DbOptions};
use store::testing::{Durability, PostgresServer};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server whose certificate is for `localhost` and signed by an authority.
fn server(authority: &Authority) -> PostgresServer {
    let server = PostgresServer::start(Durability::None);
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let db = Db::open(&DbOptions::postgres(server.url("postgres"), "public")).unwrap();
    // The server writes its own files: a key must be nobody else's.
    let put = |name: &str, text: &str| {
        format!("copy (select unnest(string_to_array('{}', E'\\n'))) to program 'umask 077; cat > {name}'", text.trim())
    };
    for statement in [
        put("server.crt", &certificate.pem()),
        put("server.key", &key.serialize_pem()),
        "alter system set ssl = on".to_owned(),
        "select pg_reload_conf()".to_owned(),
    ] {
        db.standalone_blocking(statement).unwrap();
    }
    server
}

/// Whether a connection to this host is encrypted.
fn encrypted(server: &PostgresServer, host: &str, parameters: &str) -> Result<bool, DbError> {
    is_encrypted(server.tcp_url("postgres").replace("127.0.0.1", host) + parameters)
}

fn is_encrypted(url: String) -> Result<bool, DbError> {
    let question = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    Db::open(&DbOptions::postgres(url, "public"))?.read_blocking(move |tx| tx.one(&question.into())?.bool(0))
}

fn file(folder: &Path, authority: &Authority) -> String {
    let path = folder.join("the roots.pem");
    std::fs::write(&path, authority.pem()).unwrap();
    path.display().to_string().replace(' ', "%20")
}

#[test]
fn a_connection_is_encrypted_and_the_server_believed_as_the_address_says() {
    let (ours, other) = (authority(), authority());
    let server = server(&ours);
    let folders = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ours, other) = (file(folders.0.path(), &ours), file(folders.1.path(), &other));
    // The settings are read again in the server's own time.
    let mut tries = 0;
    while encrypted(&server, "localhost", "?sslmode=require").is_err() && tries < 100 {
        std::thread::sleep(std::time::Duration::from_millis(50));
        tries += 1;
    }
    let ask = |host: &str, parameters: &str| encrypted(&server, host, parameters);
    assert_eq!(ask("localhost", ""), Ok(true));
    assert_eq!(ask("localhost", "?sslmode=disable"), Ok(false));
    assert_eq!(ask("127.0.0.1", "?sslmode=require"), Ok(true));
    assert_eq!(ask("localhost", &format!("?sslmode=verify-full&application_name=x&sslrootcert={ours}")), Ok(true));
    // A password may look like parameters, an address without a name may not get round the check.
    let odd = server.tcp_url("postgres").replace("postgres@127.0.0.1", "postgres:a?sslmode=disable&b@localhost");
    assert_eq!(is_encrypted(format!("{odd}?sslmode=require")), Ok(true));
    let nameless =
        format!("postgres://postgres@/postgres?hostaddr=127.0.0.1&port={}&sslmode=verify-full", server.port());
    assert!(is_encrypted(nameless).is_err());
    // Another host's certificate, another authority, a public one.
    for (host, parameters) in [
        ("127.0.0.1", format!("?sslmode=verify-full&sslrootcert={ours}")),
        ("localhost", format!("?sslmode=verify-full&sslrootcert={other}")),
        ("localhost", "?sslmode=verify-full".to_owned()),
    ] {
        let refused = ask(host, &parameters);
        assert!(refused.is_err(), "{host}{parameters}: {refused:?}");
        assert!(format!("{refused:?}").contains("certificate"), "{refused:?}");
    }
}

#[test]
fn an_address_that_asks_for_what_there_is_not_says_so() {
    for (parameters, told) in [
        ("?sslmode=verify-ca", "sslmode is disable, prefer, require or verify-full, not “verify-ca”"),
        ("?sslrootcert=/etc/ca.pem", "sslrootcert goes with sslmode=verify-full"),
        ("?sslmode=verify-full&sslrootcert=/no/such.pem", "/no/such.pem"),
        ("?sslmode=verify-full&sslrootcert=/dev/zero", "/dev/zero is no file"),
    ] {
        let url = format!("postgres://postgres@127.0.0.1:1/none{parameters}");
        let refused = Db::open(&DbOptions::postgres(url, "public")).map(drop).unwrap_err();
        assert!(refused.to_string().contains(told), "{refused}");
    }
}
