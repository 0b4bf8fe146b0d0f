//! The server itself: who may ask, how much, how long, how many at once, and how it ends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::common::desk::Desk;
use super::server::{Served, key, parts};
use cardfile::api::{Caller, Options, Session};
use cardfile::domain::job::JobType;
use cardfile::serve::http::{Server, Settings};

const CONTACTS: &str = "{\"name\": \"Amber Powell\", \"emails\": [\"amber@one.example\"]}\n";

fn post(host: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /api/jsonrpcserver HTTP/1.1\r\n{host}Connection: close\r\n{more}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[test]
fn another_host_a_page_and_what_is_no_request_are_refused() {
    let desk = Desk::with(CONTACTS);
    let shop = key(&desk, "shop", "contacts.read");
    let served = Served::new(&desk, &["--host-name", "book.example"]);
    let body = json!({"id": 1, "method": "countContacts", "params": [shop, 1]}).to_string();
    let status = |request: &[u8]| parts(&served.raw(request)).0;
    for host in ["Host: localhost\r\n", "Host: 127.0.0.1:1\r\n", "Host: book.example:7345\r\n"] {
        let (status, answer) = parts(&served.raw(&post(host, "Sec-Fetch-Mode: cors\r\n", &body)));
        assert_eq!((status, answer.as_str()), (200, r#"{"id":1,"result":1,"error":null}"#), "{host}");
    }
    for host in ["Host: evil.example\r\n", "Host: \r\n", "Host: :7345\r\n", "Host: localhost\r\nHost: localhost\r\n"] {
        assert_eq!(status(&post(host, "", &body)), 403, "{host}");
    }
    assert_eq!(status(&post("Host: localhost\r\n", "Origin: null\r\n", &body)), 403);
    assert_eq!(status(&post("Host: localhost\r\n", "Origin: http://127.0.0.1\r\n", &body)), 403);
    assert_eq!(status(b"GET /healthz HTTP/1.0\r\n\r\n"), 403, "no Host at all");
    assert_eq!(status(b"nonsense\r\n\r\n"), 400);
    let smuggled =
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(matches!(status(smuggled), 200 | 400), "one of the two lengths counts and the connection ends");
    let fields = "X: y\r\n".repeat(100);
    assert_eq!(status(format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n").as_bytes()), 431);
    assert_eq!(served.send("GET", "/api/jsonrpcserver", "", "").0, 405);
    assert_eq!(served.send("GET", "/nothing", "", "").0, 404);
    assert_eq!(served.send("GET", "/healthz", "", "").0, 200);
}

#[test]
fn what_is_too_long_or_cut_off_changes_nothing() {
    let desk = Desk::with(CONTACTS);
    let shop = key(&desk, "shop", "contacts.read,contacts.modify");
    let served = Served::new(&desk, &[]);
    let long = format!("{{\"id\": 1, \"method\": \"ping\", \"params\": [\"{}\"]}}", "x".repeat(11 * 1024 * 1024));
    let answer = served.raw(&post("Host: localhost\r\n", "", &long));
    assert!(answer.is_empty() || parts(&answer).0 == 413, "{}", &answer[..answer.len().min(200)]);
    let chunked = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"id\r\n2\r\n\":\r\n";
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.write_all(chunked).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.is_empty() || parts(&answer).0 == 400, "{answer}");
    assert_eq!(served.call(&shop, "countContacts", &[json!(1)]), Ok(json!(1)));
}

/// What a server with short times says to who sends this and then nothing, and whether it closed by itself.
fn slow(address: std::net::SocketAddr, sent: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    let mut out = String::new();
    stream.read_to_string(&mut out).expect("the other side closes");
    out
}

#[test]
fn a_slow_head_and_a_slow_body_are_given_up_and_change_nothing() {
    let desk = Desk::with(CONTACTS);
    let all = key(&desk, "all", super::server::ALL);
    let book = Session::open(Options::new(desk.path("book.db")), Caller::owner("amber")).unwrap();
    let short = Duration::from_millis(200);
    let settings = Settings { head_time: short, body_time: short, ..Settings::local(0) };
    let server = Server::bind(&settings, book.clone(), None).unwrap();
    let address = server.address().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let running = std::thread::spawn(move || server.run(async { drop(ended.await) }));

    assert_eq!(slow(address, "POST / HTTP/1.1\r\nHost: loc"), "", "a head that never ends");
    assert_eq!(slow(address, ""), "", "a connection that says nothing");
    let head = format!(
        "POST /v4/bulk/contacts/delete HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {all}\r\n"
    );
    let body = r#"{"search": "amber@one.example""#;
    for framing in [
        format!("Content-Length: {}\r\n\r\n{body}", body.len() + 1),
        format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n", body.len()),
    ] {
        let (status, answer) = parts(&slow(address, &format!("{head}{framing}")));
        assert!(status == 408 && answer.contains("REQUEST_TIMEOUT"), "{status} {answer}");
    }
    // Whoever is quick is answered by the same server.
    assert!(slow(address, &format!("{head}Content-Length: 2\r\n\r\n{{}}")).contains("NEITHER_FILTER_NOR_SEARCH"));
    end.send(()).unwrap();
    assert!(running.join().unwrap().unwrap().is_empty());
    assert!(book.jobs(10).unwrap().iter().all(|job| job.job.kind != JobType::Delete), "no delete was begun");
}

#[test]
fn a_call_that_waits_for_its_job_does_not_hold_the_end_up_and_is_told_that_it_rests() {
    let lines: Vec<String> = (0..40_000).map(|n| format!("{{\"name\": \"N{n}\"}}")).collect();
    let desk = Desk::with(&lines.join("\n"));
    let all = key(&desk, "all", super::server::ALL);
    let served = Served::new(&desk, &[]);
    // A slow job of the same key is at work; the call that comes behind it waits for its turn.
    let slow = json!({"filter": {"id": {"$exists": true}}, "rate": 5});
    let (status, job) = served.json("POST", "/v4/bulk/contacts/delete", &all, &slow);
    assert_eq!(status, 200, "{job}");
    let address = served.address;
    let waits = std::thread::spawn(move || {
        let call = json!({"id": 1, "method": "deleteContacts", "params": [all, 1, [5]]}).to_string();
        slow_call(address, &call)
    });
    let begun = Instant::now();
    while served.json("GET", "/healthz", "", &serde_json::Value::Null).0 != 200 {
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
    std::thread::sleep(Duration::from_millis(500));
    let begun = Instant::now();
    let said = served.end();
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(6), "it took {took:?}");
    assert!(said.contains("left for the next start: 2 jobs"), "{said}");
    let answer = waits.join().unwrap();
    assert!(answer.contains("rests before its end"), "{answer}");
}

fn slow_call(address: std::net::SocketAddr, body: &str) -> String {
    slow(address, &String::from_utf8(post("Host: localhost\r\n", "", body)).unwrap())
}

#[test]
fn a_token_stands_for_a_key_for_a_while_and_what_the_key_lacks_is_given_on_a_terminal() {
    let desk = Desk::with(CONTACTS);
    let shop = key(&desk, "shop", "contacts.read,contacts.modify");
    let served = Served::new(&desk, &[]);
    let ask = |body: serde_json::Value| served.json("POST", "/oauth2/token", "", &body);
    let grant = json!({"grant_type": "client_credentials", "client_id": "shop", "client_secret": shop});
    let (status, given) = ask(grant.clone());
    assert_eq!((status, &given["expires_in"], &given["token_type"]), (200, &json!(900), &json!("Bearer")));
    let token = given["access_token"].as_str().unwrap().to_owned();
    assert_ne!(token, shop);
    let query = json!({"query": {}});
    assert_eq!(served.json("POST", "/v4/contacts/query", &format!("Bearer {token}"), &query).0, 200);
    assert_eq!(served.call(&token, "countContacts", &[json!(1)]), Ok(json!(1)));
    let info = served.json("POST", "/oauth2/token-info", "", &json!({"token": token})).1;
    assert_eq!((&info["active"], &info["subjectId"]), (&json!(true), &json!("shop")));

    // Less than the key has, as a form; the rest is refused.
    let form = format!("grant_type=client_credentials&client_id=shop&client_secret={shop}&scope=contacts.read");
    let (status, less) = served.send("POST", "/oauth2/token", "", &form);
    assert_eq!(status, 200, "{less}");
    let less: serde_json::Value = serde_json::from_str(&less).unwrap();
    let less = less["access_token"].as_str().unwrap().to_owned();
    let delete = json!({"search": "amber@one.example"});
    assert_eq!(served.json("POST", "/v4/contacts/query", &less, &query).0, 200);
    assert_eq!(served.json("POST", "/v4/bulk/contacts/delete", &less, &delete).0, 403);

    // More than it has: a person gives it, and a token that is asked for then has it.
    let members = json!({"grant_type": "client_credentials", "client_id": "shop", "client_secret": shop,
        "scope": "contacts.read contacts.modify members.delete"});
    let (status, refused) = ask(members.clone());
    assert_eq!((status, &refused["error"]), (403, &json!("invalid_scope")));
    assert!(refused["error_description"].as_str().unwrap().contains("key elevate 'shop' --scope members.delete"));
    let owner = Session::open(Options::new(desk.path("book.db")), Caller::owner("amber")).unwrap();
    owner.elevate_key("shop", "members.delete", "10m").unwrap();
    let (status, more) = ask(members);
    assert_eq!(status, 200, "{more}");
    let more = more["access_token"].as_str().unwrap().to_owned();
    let both = json!({"filter": {"info.name.first": "Nobody"}, "deleteMember": true});
    assert_eq!(served.json("POST", "/v4/bulk/contacts/delete", &more, &both).0, 200);

    for (wrong, status) in [
        (json!({}), 400),
        (json!({"grant_type": "anonymous", "clientId": "x"}), 400),
        (json!({"grant_type": "client_credentials", "client_id": "shop"}), 400),
        (json!({"grant_type": "client_credentials", "client_id": "other", "client_secret": shop}), 401),
        (json!({"grant_type": "client_credentials", "client_id": "shop", "client_secret": token}), 401),
    ] {
        assert_eq!(ask(wrong.clone()).0, status, "{wrong}");
    }
    assert_eq!(served.send("GET", "/oauth2/token", "", "").0, 405);

    // What is done to the key is done to its tokens.
    let log = desk.done(0, &["log"]);
    assert!(log.contains("a token for 900 s given to the key shop") && !log.contains(&token), "{log}");
    owner.rotate_key("shop").unwrap();
    assert_eq!(served.json("POST", "/v4/contacts/query", &token, &query).0, 401);
    assert_eq!(served.json("POST", "/oauth2/token-info", "", &json!({"token": token})).1, json!({"active": false}));
}

#[test]
fn a_flood_of_connections_is_told_to_come_again_and_those_that_are_in_are_answered() {
    let desk = Desk::with(CONTACTS);
    let shop = key(&desk, "shop", "contacts.read");
    let served = Served::new(&desk, &["--connections", "8"]);
    let held: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(served.address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(100));
    let (status, body) = parts(&served.raw(b""));
    assert!(status == 429 && body.ends_with("}}}"), "{body}");
    drop(held);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(served.call(&shop, "countContacts", &[json!(1)]), Ok(json!(1)));
}

#[test]
fn a_key_that_comes_too_often_is_399_and_requests_are_told_of_without_their_content() {
    let desk = Desk::with(CONTACTS);
    let few = desk.done(0, &["key", "add", "few", "--rate", "3/min"]).trim().to_owned();
    let served = Served::new(&desk, &["--requests", "json"]);
    let calls: Vec<_> = (0..5).map(|_| served.call(&few, "countContacts", &[json!(1)])).collect();
    assert_eq!(calls, [Ok(json!(1)), Ok(json!(1)), Ok(json!(1)), Err(399), Err(399)]);
    let said = served.end();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(lines.len(), 5, "{said}");
    let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(
        (&line["method"], &line["path"], &line["status"]),
        (&json!("POST"), &json!("/api/jsonrpcserver"), &json!(200))
    );
    assert!(!said.contains(&few) && !said.contains("countContacts"), "{said}");
}

#[test]
fn it_listens_elsewhere_with_tls_alone_and_a_socket_is_for_the_user() {
    let desk = Desk::with(CONTACTS);
    let said = desk.done(2, &["serve", "--listen", "0.0.0.0:0"]);
    assert!(said.contains("TLS"), "{said}");
    let nothing = desk.file("empty.pem", "");
    desk.done(2, &["serve", "--listen", "127.0.0.1:0", "--tls", &nothing, &nothing]);
    let socket = desk.name("book.sock");
    let served = Served::new(&desk, &["--unix", &socket]);
    let mut stream = std::os::unix::net::UnixStream::connect(&socket).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(parts(&answer).0, 200);
    served.end();
    assert!(!desk.path("book.sock").exists());
    desk.done(4, &["--book", &desk.name("none.db"), "serve"]);
    assert!(!desk.path("none.db").exists());
}
