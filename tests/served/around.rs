//! What stands around the APIs: health, figures, events, the description, the contract itself; and a server that was killed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::common::desk::Desk;
use super::server::{ALL, Served, key};

fn many(n: usize) -> String {
    (0..n).fold(String::new(), |all, n| format!("{all}{{\"name\": \"N{n}\", \"emails\": [\"n{n}@one.example\"]}}\n"))
}

#[test]
fn the_description_is_made_of_the_table_of_routes() {
    let made = format!("{:#}\n", cardfile::serve::openapi::document());
    if std::env::var_os("CARDFILE_UPDATE").is_some() {
        std::fs::write("assets/openapi.json", &made).unwrap();
    }
    assert!(made == cardfile::serve::openapi::DOCUMENT, "assets/openapi.json: make it anew with CARDFILE_UPDATE=1");
}

#[test]
fn health_figures_events_and_the_contract_are_served() {
    let desk = Desk::with(&many(30));
    let (all, few) = (key(&desk, "all", ALL), key(&desk, "few", "contacts.read"));
    let served = Served::new(&desk, &[]);
    assert_eq!(served.json("GET", "/healthz", "", &Value::Null).1["status"], "ok");
    assert_eq!(served.json("GET", "/openapi.json", "", &Value::Null).1["openapi"], "3.1.0");
    assert_eq!(served.send("GET", "/metrics", "", "").0, 401);
    assert!(served.send("GET", "/metrics", &few, "").1.contains("cardfile_requests_total{status=\"4xx\"} 1"));
    assert_eq!(served.send("GET", "/events", &few, "").0, 403);

    let mut listening = TcpStream::connect(served.address).unwrap();
    listening.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(listening, "GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {all}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(listening).lines();
    assert!(lines.next().unwrap().unwrap().contains("200"));

    let (status, plan) = served.json("POST", "/api", &all, &json!({"plan": "delete", "which": {"line": "all"}}));
    assert_eq!((status, &plan["plan"]["expected"]), (200, &json!(30)));
    let start = json!({"do": "start", "plan": plan["plan"]["plan"], "expected": 29});
    let (status, error) = served.json("POST", "/api", &all, &start);
    assert_eq!((status, &error["error"]["code"]["code"]), (409, &json!("WRONG_COUNT")));
    let start = json!({"do": "start", "plan": plan["plan"]["plan"], "expected": 30});
    assert_eq!(served.json("POST", "/api", &few, &start).0, 409, "a plan is its maker's");
    assert_eq!(served.json("POST", "/api", &all, &start).0, 200);
    let told = lines.map_while(Result::ok).find(|line| line.starts_with("data:") && line.contains("COMPLETED"));
    assert!(told.unwrap().contains("\"successTotal\":30"));
    for (body, status) in [("", 400), ("{", 400), ("{\"ask\": \"everything\"}", 400), ("{\"ask\": \"overview\"}", 200)]
    {
        assert_eq!(served.send("POST", "/api", &all, body).0, status, "{body}");
    }
    assert_eq!(served.send("POST", "/api", "nobody", "{\"ask\": \"about\"}").0, 401);
    let begun = Instant::now();
    served.end();
    assert!(begun.elapsed() < Duration::from_secs(8), "a listener does not hold the end up");
}

/// What a job of the contacts API comes to.
fn ended(served: &Served, key: &str, job: &str) -> Value {
    let begun = Instant::now();
    loop {
        let (_, answer) = served.json("GET", &format!("/v4/bulk/jobs/{job}"), key, &Value::Null);
        if answer["job"]["status"] == "COMPLETED" {
            return answer["job"].clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(50), "{answer}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_job_of_a_server_that_ended_or_was_killed_goes_on_at_the_next_start() {
    let desk = Desk::with(&many(60));
    let shop = key(&desk, "shop", ALL);
    let delete = |served: &Served, filter: Value| {
        let body = json!({"filter": filter, "rate": 3});
        let (status, answer) = served.json("POST", "/v4/bulk/contacts/delete", &shop, &body);
        assert_eq!(status, 200, "{answer}");
        answer["jobId"].as_str().unwrap().to_owned()
    };
    // Ended in peace: the job rests, and the same job is told by the next server.
    let served = Served::new(&desk, &[]);
    let first = delete(&served, json!({"info.emails.email": {"$startsWith": "n1"}}));
    std::thread::sleep(Duration::from_millis(300));
    assert!(served.end().contains("left for the next start: 1 job"));
    let served = Served::new(&desk, &[]);
    let job = ended(&served, &shop, &first);
    assert_eq!((&job["totalItems"], &job["successTotal"]), (&json!(11), &json!(11)), "{job}");
    // Killed in the middle: its account is exact, and the next server goes on with it once it is known to be gone.
    let second = delete(&served, json!({"info.emails.email": {"$startsWith": "n2"}}));
    std::thread::sleep(Duration::from_millis(300));
    drop(served);
    let served = Served::new(&desk, &[]);
    let (_, answer) = served.json("GET", &format!("/v4/bulk/jobs/{second}"), &shop, &Value::Null);
    let job = &answer["job"];
    let sum =
        ["successTotal", "failedTotal", "notReached"].into_iter().map(|name| job[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!(job["totalItems"], json!(sum), "{job}");
    assert_eq!(ended(&served, &shop, &second)["successTotal"], 11);
    served.end();
    assert_eq!(desk.count("all"), 60 - 22);
    desk.healthy();
}

#[test]
fn many_clients_at_once_lose_and_double_nothing() {
    let desk = Desk::with(&many(400));
    let shop = key(&desk, "shop", ALL);
    let served = Served::new(&desk, &["--connections", "200"]);
    let deleted: Vec<u64> = std::thread::scope(|scope| {
        let client = |n: u64| {
            let (served, shop) = (&served, &shop);
            move || {
                let mut deleted = 0;
                for round in 0..5_u64 {
                    let id = n * 5 + round + 1;
                    let answer = served.call(shop, "deleteContacts", &[json!(1), json!([id])]);
                    match answer {
                        Ok(result) => deleted += u64::from(result[id.to_string()] == json!(true)),
                        Err(code) => assert_eq!(code, 399),
                    }
                    let count = served.call(shop, "countContacts", &[json!(1)]);
                    assert!(matches!(count, Ok(_) | Err(399)), "{count:?}");
                }
                deleted
            }
        };
        let threads: Vec<_> = (0..50).map(|n| scope.spawn(client(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let gone: u64 = deleted.iter().sum();
    served.end();
    assert_eq!(desk.count("all"), 400 - gone);
    desk.healthy();
}
