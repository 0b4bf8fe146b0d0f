//! A CardDAV server over TLS: trusted by the certificate that the account names, refused by any other before a word of
//! the password is said.
//!
//! The certificates and the key beside this file were made for these tests, for the loopback alone; nobody else trusts
//! them.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cardfile::api::{Caller, Cancel, Code, Options, Session};
use cardfile::domain::account::{Account, Secret};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::dav_server::DavServer;
use super::desk::{assert_healthy, card, plan, run, undo};

/// How long one side is listened to before the other.
const TURN: Duration = Duration::from_millis(5);

fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/remote/tls").join(name)
}

/// What stands before a server and speaks TLS; it ends with its value.
struct Front {
    address: String,
    ends: Arc<AtomicBool>,
}

impl Drop for Front {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(&self.address);
    }
}

impl Front {
    fn of(server: &DavServer) -> Self {
        let certificates = CertificateDer::pem_file_iter(beside("server.pem")).unwrap().map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_file(beside("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_no_client_auth().with_single_cert(certificates, key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let behind = server.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
        let ends = Arc::new(AtomicBool::new(false));
        let ending = Arc::clone(&ends);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ending.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (config, behind, ending) = (Arc::clone(&config), behind.clone(), Arc::clone(&ending));
                std::thread::spawn(move || pass_on(stream, config, &behind, &ending));
            }
        });
        Self { address, ends }
    }

    fn url(&self) -> String {
        format!("https://{}/", self.address)
    }
}

/// Hands what comes on one side to the other, until either ends.
fn pass_on(stream: TcpStream, config: Arc<ServerConfig>, behind: &str, ends: &AtomicBool) {
    let mut plain = TcpStream::connect(behind).unwrap();
    for side in [&stream, &plain] {
        side.set_read_timeout(Some(TURN)).unwrap();
        side.set_nodelay(true).unwrap();
    }
    let mut secret = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    while !ends.load(Ordering::Relaxed) {
        let goes_on = hand_over(&mut secret, &mut plain) && hand_over(&mut plain, &mut secret);
        if !goes_on {
            return;
        }
    }
}

/// Whether there may be more.
fn hand_over(from: &mut impl Read, to: &mut impl Write) -> bool {
    let mut bytes = [0; 1 << 14];
    match from.read(&mut bytes) {
        Ok(0) => false,
        Ok(n) => to.write_all(&bytes[..n]).and_then(|()| to.flush()).is_ok(),
        Err(why) => matches!(why.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

fn account(front: &Front, folder: &Path, ca: Option<&str>) -> Account {
    fs::write(folder.join("password"), "secret\n").unwrap();
    Account {
        name: "cloud".into(),
        url: Some(front.url()),
        user: Some("anna".into()),
        password: Some(Secret::File(folder.join("password"))),
        ca: ca.map(beside),
        ..Account::default()
    }
}

#[test]
fn an_own_certificate_is_trusted_where_the_account_says_so_and_nowhere_else() {
    let (server, folder) = (DavServer::start(), tempfile::tempdir().unwrap());
    let front = Front::of(&server);
    for nth in 0..12 {
        let host = if nth % 3 == 0 { "old" } else { "new" };
        let card = card(&format!("Name{nth}"), &format!("n{nth}@{host}.example"), "");
        server.by_hand(&format!("c{nth:04}.vcf"), Some(card.as_bytes()));
    }
    let session =
        Session::open(Options::new(folder.path().join("book.db")), Caller::owner("tester".to_owned())).unwrap();
    // Neither the system nor another authority knows it: nothing is asked, and no password is sent.
    for ca in [None, Some("other-ca.pem")] {
        let wrong = account(&front, folder.path(), ca);
        let refused = session.add_account(&wrong, &Cancel::new(), &mut |_, _| ()).unwrap_err();
        assert!(matches!(refused.code, Code::Account { .. }), "{refused:?}");
        assert!(refused.message.contains("can't be reached") && !refused.message.contains("secret"), "{refused}");
        assert_eq!(server.state().asked, Vec::<String>::new());
    }
    let right = account(&front, folder.path(), Some("ca.pem"));
    let added = session.add_account(&right, &Cancel::new(), &mut |_, _| ()).unwrap();
    assert_eq!(added.pulled[0].added, 12);
    let before = server.there();
    let job = run(&session, &plan(&session, "email:old.example"));
    assert_eq!((job.progress.succeeded, server.there().len()), (4, 8));
    assert_eq!((undo(&session, job.id).progress.succeeded, server.there() == before), (4, true));
    assert_healthy(&session);
}
