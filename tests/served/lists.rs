//! The mailing-list API, call by call: results, codes, what is refused, and that nothing is changed by it.

use cardfile::api::{Caller, Options, Session};
use cardfile::book::{Book, Mode};
use cardfile::serve::gate::Gate;
use cardfile::serve::jsonrpc::Dispatcher;
use serde_json::{Value, json};

use super::common::desk::Desk;
use super::server::{ALL, Served, exchange, key};

const CONTACTS: &str = r#"{"name": "Amber Powell", "firstName": "Amber", "lastName": "Powell", "emails": ["amber@one.example"], "addresses": [{"city": "Brisbane"}]}
{"name": "Ben Stone", "firstName": "Ben", "lastName": "Stone", "emails": ["ben@one.example"], "company": "Acme"}
{"name": "Cy Hill", "firstName": "Cy", "lastName": "Hill", "emails": ["cy@two.example"], "member": {"status": "ACTIVE", "role": "NONE"}}
{"name": "Dora Reed", "firstName": "Dora", "lastName": "Reed", "emails": ["dora@two.example"], "custom": {"Points": 12}}
{"name": "Eli Ford", "firstName": "Eli", "lastName": "Ford", "emails": ["eli@two.example"], "subscriptionStatus": "UNSUBSCRIBED"}
"#;

/// A dispatcher over a book, with a key that may do everything.
struct Lists {
    desk: Desk,
    dispatcher: Dispatcher,
    key: String,
}

impl Lists {
    fn new() -> Self {
        let desk = Desk::with(CONTACTS);
        desk.done(0, &["list", "create", "Staff", "--kind", "account"]);
        desk.done(0, &["list", "create", "Empty"]);
        let key = key(&desk, "shop", ALL);
        let session = Session::open(Options::new(desk.path("book.db")), Caller::owner("amber")).unwrap();
        session.wait_until_loaded().unwrap();
        Self { desk, dispatcher: Dispatcher::new(std::sync::Arc::new(Gate::new(session))), key }
    }

    fn raw(&self, request: &str) -> Option<Value> {
        self.dispatcher.answer(request.replace("KEY", &self.key).as_bytes())
    }

    /// A result, or an error's code.
    fn call(&self, method: &str, params: Value) -> Result<Value, i64> {
        self.said(method, params).map_err(|(code, _)| code)
    }

    fn said(&self, method: &str, params: Value) -> Result<Value, (i64, String)> {
        let Value::Array(params) = params else { panic!("{params}") };
        let params: Vec<Value> = std::iter::once(json!(self.key)).chain(params).collect();
        let request = json!({"id": 7, "method": method, "params": params}).to_string();
        let answer = self.raw(&request).unwrap();
        assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "result", "error"]);
        assert_eq!(answer["id"], 7);
        match &answer["error"] {
            Value::Null => Ok(answer["result"].clone()),
            error => {
                let message = error["message"].as_str().unwrap().to_owned();
                assert!(!message.contains(['[', ']', '\n']) && answer["result"].is_null(), "{answer}");
                Err((error["code"].as_i64().unwrap(), message))
            }
        }
    }

    fn count(&self) -> Value {
        self.call("countContacts", json!([1])).unwrap()
    }
}

#[test]
fn contacts_are_found_counted_and_told_as_maps() {
    let lists = Lists::new();
    let found =
        lists.call("searchContacts", json!([1, [["Email", "ends_with", "two.example"]], 2, 1, "Last Name", "ASC"]));
    let names: Vec<Value> = found.unwrap().as_array().unwrap().iter().map(|row| row["Last Name"].clone()).collect();
    assert_eq!(names, ["Hill", "Reed"]);
    let all = lists.call("searchContacts", json!([1])).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 5);
    let amber = &all[0];
    assert_eq!(
        (&amber["id"], &amber["Email"], &amber["City"]),
        (&json!(1), &json!("amber@one.example"), &json!("Brisbane"))
    );
    assert!(amber["creation_time"].is_i64() && amber["is_active"] == json!(true) && amber["Mobile Phone"] == json!(""));
    assert_eq!(all[4]["is_unsubscribed"], json!(true));
    assert_eq!(all[3]["Points"], json!(12.0));
    let one = lists.call("getContactById", json!([1, 2, ["Email"]])).unwrap();
    assert_eq!(one, json!([{"id": 2, "Email": "ben@one.example"}]));
    for (criteria, count) in [
        (json!([]), 5),
        (json!({}), 5),
        (json!(["Email", "exactly", "ben@one.example"]), 1),
        (json!({"field": "Company", "modifier": "exactly", "value": "Acme"}), 1),
        (json!([["is_unsubscribed", "exactly", "1"]]), 1),
        (json!([["id", "in", "1,2,99"]]), 2),
        (json!([["Points", "greater_than", 11]]), 1),
        (json!([["Email", "contains", "one"], ["First Name", "starts_with", "A"]]), 1),
    ] {
        assert_eq!(lists.call("countContacts", json!([1, criteria])), Ok(json!(count)), "{criteria}");
    }
    let numbers = lists.call("searchContacts", json!(["1", null, "", "0", "", "", "all"])).unwrap();
    assert_eq!(numbers.as_array().unwrap().len(), 5);
}

#[test]
fn what_the_service_takes_loosely_is_refused_and_nothing_changes() {
    let lists = Lists::new();
    let before = lists.call("searchContacts", json!([1])).unwrap();
    for (method, params, code) in [
        ("deleteContacts", json!([1, []]), 310),
        ("deleteContacts", json!([1, [], [], 0, 0, null, null]), 310),
        ("deleteContacts", json!([1]), 310),
        ("deleteContacts", json!([1, [1], [], 5]), 310),
        ("deleteContacts", json!([9, [1]]), 303),
        ("deleteContacts", json!(["x", [1]]), 310),
        ("deleteContacts", json!([2, [1]]), 313),
        ("deleteContacts", json!([2, [], [["Email", "exactly", "x"]]]), 313),
        ("deleteContacts", json!([1, [], [["Email", "equal", "x"]]]), 311),
        ("deleteContacts", json!([1, [], [["Email", "exactly", "x"], "OR", ["Email", "exactly", "y"]]]), 311),
        ("deleteContacts", json!([1, [], [["email", "exactly", "x"]]]), 315),
        ("deleteContacts", json!([1, [], "everybody"]), 311),
        ("deleteContacts", json!([1, [], [["Email", "exactly", null]]]), 311),
        ("deleteContacts", json!([1, [], [["Points", "greater_than", "many"]]]), 311),
        ("deleteContacts", json!([1, ["a"]]), 310),
        ("deleteContacts", json!([1, [1.5]]), 310),
        ("deleteContacts", json!([1, [1], [], -1]), 310),
        ("deleteContacts", json!([1, [], [["Email", "contains", "e"]], 1, 0, "Nothing"]), 315),
        ("deleteContacts", json!([1, [], [["Email", "contains", "e"]], 1, 0, "Email", "UP"]), 310),
        ("deleteContacts", json!([1, [1], [], 0, 0, "", "", "too", "many"]), 310),
        ("clearList", json!([9]), 303),
        ("clearList", json!([2]), 313),
        ("addContacts", json!([1, []]), 310),
        ("addContacts", json!([1, [{"Email": "no address"}]]), 310),
        ("addContacts", json!([1, [{"Email": "ok@one.example"}, {"Nothing": "x"}]]), 315),
        ("addContacts", json!([1, [{"Email": "ok@one.example"}, {"Email": ["x"]}]]), 311),
        ("addContacts", json!([1, [{"Email": "ok@one.example", "is_active": 1}]]), 315),
        ("addContacts", json!([2, [{"Email": "ok@one.example"}]]), 313),
        ("addContacts", json!([9, [{"Email": "ok@one.example"}]]), 303),
        ("addContacts", json!([1, [{"Email": "ok@one.example"}], 0, 3]), 310),
        ("editContacts", json!([1, [{"State": "QLD"}]]), 380),
        ("editContacts", json!([1, [{"id": 99, "State": "QLD"}]]), 320),
        ("editContacts", json!([1, [{"id": 1, "creation_time": 0}]]), 325),
        ("editContacts", json!([1, [{"id": 1, "Email": "broken"}]]), 310),
        ("unsubscribeContact", json!([1, "nobody"]), 317),
        ("unsubscribeContactById", json!([1, 99]), 304),
        ("resubscribeContact", json!([1, 99, "gdpr", ""]), 304),
        ("resubscribeContact", json!([1, 1, "perhaps"]), 310),
        ("resubscribeContact", json!([1, 1, "gdpr", "x".repeat(256)]), 310),
        ("deactivateContact", json!([3, 1]), 304),
        ("getContactById", json!([1, 99]), 304),
        ("getContactById", json!([9, 1]), 303),
        ("getContactById", json!([1, 1, ["Nothing"]]), 315),
        ("getListById", json!([9]), 303),
        ("searchLists", json!([[["name", "like", "x"]]]), 311),
        ("searchLists", json!([[["colour", "exactly", "x"]]]), 315),
        ("addList", json!([{"name": "newsletter"}]), 310),
        ("addList", json!([{"name": ""}]), 310),
        ("addList", json!([{"name": "x", "colour": "red"}]), 310),
        ("editList", json!([{"id": 9, "name": "x"}]), 303),
        ("deleteList", json!([1]), 310),
        ("nothing", json!([]), 104),
        ("searchContacts", json!([1, [], 0, 0, "", "", "", "more"]), 310),
    ] {
        let error = lists.said(method, params.clone()).expect_err(&format!("{method} {params}"));
        assert_eq!(error.0, code, "{method} {params}: {error:?}");
    }
    assert_eq!(lists.call("searchContacts", json!([1])).unwrap(), before);
    assert_eq!(lists.call("searchLists", json!([])).unwrap().as_array().unwrap().len(), 3);
    assert_eq!(lists.call("countPreviousUnsubscribers", json!([0])), Ok(json!(1)), "as the import brought it");
}

#[test]
fn a_delete_answers_for_each_contact_and_is_a_job_like_any_other() {
    let lists = Lists::new();
    // 3 is a member, 99 isn't there, 2 is named twice.
    let gone = lists.call("deleteContacts", json!([1, [2, "3", 99, 2]])).unwrap();
    assert_eq!(gone, json!({"2": true, "3": false, "99": false}));
    assert_eq!(lists.count(), json!(4));
    let none = lists.call("deleteContacts", json!([1, [3, 99]])).unwrap();
    assert_eq!(none, json!({"3": false, "99": false}));
    let none = lists.call("deleteContacts", json!([1, [], [["Email", "exactly", "nobody@one.example"]]])).unwrap();
    assert_eq!(none, json!({}));
    // Criteria count where ids are given as well; the limit takes the first by the order.
    let one = lists
        .call("deleteContacts", json!([1, [1], [["Email", "ends_with", "two.example"]], 1, 0, "Last Name", "DESC"]));
    assert_eq!(one.unwrap(), json!({"4": true}));
    drop(lists.dispatcher);
    let jobs = lists.desk.json(0, &["job", "list"]);
    assert_eq!((&jobs[0]["type"], &jobs[0]["successTotal"]), (&json!("DELETE"), &json!(1)));
    assert!(lists.desk.done(0, &["log"]).contains("shop"));
    lists.desk.done(0, &["job", "undo", &jobs[0]["id"].to_string()]);
    assert_eq!(lists.desk.count("list:Newsletter"), 4);
    lists.desk.healthy();
}

#[test]
fn contacts_join_change_and_leave() {
    let lists = Lists::new();
    let added = lists
        .call(
            "addContacts",
            json!([1, [
        {"Email": "fay@three.example", "First Name": "Fay", "Points": 3, "field_3": "Lane"},
        {"Email": "Amber@One.example", "State": "QLD"},
        {"Email": "eli@two.example"},
    ], true, 2]),
        )
        .unwrap();
    assert_eq!(added, json!({"0": 6, "1": 1}), "who unsubscribed stays out, who is there is changed");
    let fay = lists.call("getContactById", json!([1, 6])).unwrap()[0].clone();
    assert_eq!((&fay["Last Name"], &fay["Points"]), (&json!("Lane"), &json!(3.0)));
    let amber = lists.call("getContactById", json!([1, 1])).unwrap()[0].clone();
    assert_eq!((&amber["State"], &amber["City"]), (&json!("QLD"), &json!("Brisbane")));
    let edited =
        lists.call("editContacts", json!([1, [{"id": "6", "Company": "Acme"}, {"id": 99, "Company": "x"}]])).unwrap();
    assert_eq!(edited, json!({"6": true, "99": false}));

    assert_eq!(lists.call("unsubscribeContact", json!([1, "FAY@three.example"])), Ok(json!(1)));
    assert_eq!(lists.call("unsubscribeContact", json!([0, "gil@three.example"])), Ok(json!(0)));
    assert_eq!(lists.call("unsubscribeContactById", json!([1, 2])), Ok(json!(1)));
    let all = lists.call("searchPreviousUnsubscribers", json!([0, [], 0, 0, "address", "ASC"])).unwrap();
    let addresses: Vec<&str> = all.as_array().unwrap().iter().map(|row| row["address"].as_str().unwrap()).collect();
    assert_eq!(addresses, ["ben@one.example", "eli@two.example", "fay@three.example", "gil@three.example"]);
    let of_list = lists.call(
        "searchPreviousUnsubscribers",
        json!([1, [{"field": "address", "modifier": "contains", "value": "three"}]]),
    );
    assert_eq!(of_list.unwrap().as_array().unwrap().len(), 1);

    assert_eq!(lists.call("resubscribeContact", json!([1, 6, "gdpr", "said yes", [], "192.0.2.1"])), Ok(json!(6)));
    let fay = lists.call("getContactById", json!([1, 6])).unwrap()[0].clone();
    assert!(fay["Consent"].as_str().unwrap().ends_with("from 192.0.2.1: said yes"), "{fay}");
    assert_eq!(fay["is_unsubscribed"], json!(true), "it stays on the Unsubscribers");
    assert_eq!(lists.call("deactivateContact", json!([1, 6])), Ok(json!(6)));
    assert_eq!(lists.call("getContactById", json!([1, 6])).unwrap()[0]["is_active"], json!(false));
    assert_eq!(lists.call("reactivateContact", json!([1, 6])), Ok(json!(6)));
    assert_eq!(lists.call("countContacts", json!([1, [["is_active", "exactly", true]]])), Ok(json!(6)));
    let id = lists.call("subscribeContact", json!([1, {"Email": "hal@three.example"}, "direct", "by phone"])).unwrap();
    assert_eq!(id, json!(7));
    drop(lists.dispatcher);
    lists.desk.healthy();
}

#[test]
fn lists_and_fields_are_made_renamed_cleared_and_dropped() {
    let lists = Lists::new();
    let all = lists.call("searchLists", json!([[], 0, 0, "contact_count", "DESC"])).unwrap();
    assert_eq!((&all[0]["name"], &all[0]["contact_count"]), (&json!("Newsletter"), &json!(5)));
    assert_eq!(lists.call("countLists", json!([[["contact_count", "greater_than", 0]]])), Ok(json!(1)));
    assert_eq!(lists.call("addList", json!([{"name": "Trade fair"}])), Ok(json!(4)));
    assert_eq!(lists.call("editList", json!([{"id": 4, "name": "Fair"}])), Ok(json!(4)));
    assert_eq!(lists.call("getListById", json!([4])).unwrap()[0]["name"], json!("Fair"));
    assert_eq!(lists.call("deleteList", json!([4])), Ok(json!(true)));
    assert_eq!(lists.call("getListById", json!([4])), Err(303));
    let field = lists.call("addField", json!([1, {"name": "Seat", "type": "number"}])).unwrap();
    assert_eq!(lists.call("addField", json!([1, {"name": "Email", "type": "text"}])), Err(325));
    let fields = lists.call("searchFields", json!([1, [["name", "exactly", "seat"]]])).unwrap();
    assert_eq!((&fields[0]["id"], &fields[0]["type"]), (&field, &json!("number")));
    // A member stays, which is said.
    let (code, why) = lists.said("clearList", json!([1])).unwrap_err();
    assert!(code == 302 && why.contains("1 contacts of the list stay"), "{code} {why}");
    assert_eq!(lists.count(), json!(1));
    assert_eq!(lists.call("clearList", json!([3])), Ok(json!(true)), "an empty list is clear");
    for (method, params) in [("isApiAvailable", json!([])), ("ping", json!([]))] {
        assert_eq!(lists.call(method, params), Ok(json!(true)));
    }
    let methods = lists.call("listMethods", json!([])).unwrap();
    assert!(methods.as_array().unwrap().len() >= 28);
    assert_eq!(lists.call("getSessionInfo", json!([])).unwrap()["username"], json!("shop"));
}

#[test]
fn envelopes_are_mirrored_and_bad_ones_are_told() {
    let lists = Lists::new();
    let text = |request: &str| lists.raw(request).map(|answer| answer.to_string());
    let is = |request: &str, answer: &str| assert_eq!(text(request).as_deref(), Some(answer), "{request}");
    is(r#"{"id":null,"method":"countContacts","params":["KEY",1]}"#, r#"{"id":null,"result":5,"error":null}"#);
    is(r#"{"method":"ping","params":["KEY"]}"#, r#"{"id":null,"result":true,"error":null}"#);
    is(r#"{"jsonrpc":"2.0","id":"a","method":"ping","params":["KEY"]}"#, r#"{"jsonrpc":"2.0","id":"a","result":true}"#);
    assert_eq!(text(r#"{"jsonrpc":"2.0","method":"ping","params":["KEY"]}"#), None, "a notification");
    assert_eq!(text(r#"[{"jsonrpc":"2.0","method":"ping","params":["KEY"]}]"#), None);
    is(
        r#"[{"id":1,"method":"ping","params":["KEY"]},{"jsonrpc":"2.0","id":2,"method":"nosuch","params":["KEY"]}]"#,
        r#"[{"id":1,"result":true,"error":null},{"jsonrpc":"2.0","id":2,"error":{"code":104,"message":"Method Not Found: nosuch; nothing was done"}}]"#,
    );
    let code = |request: &str| lists.raw(request).unwrap()["error"]["code"].as_i64();
    for (request, wanted) in [
        ("", 310),
        ("{", 310),
        ("[]", 310),
        ("7", 310),
        ("[1]", 310),
        (r#"{"id":1}"#, 107),
        (r#"{"id":1,"method":7}"#, 107),
        (r#"{"id":1,"method":"ping","params":{"key":"KEY"}}"#, 310),
        (r#"{"id":1,"method":"countContacts","params":[]}"#, 300),
        (r#"{"id":1,"method":"countContacts","params":[7,1]}"#, 300),
        (r#"{"id":1,"method":"countContacts","params":["0000",1]}"#, 300),
        (r#"{"id":1,"method":"countContacts","params":["KEY",1e400]}"#, 310),
        (r#"{"id":1,"method":"countContacts","params":["KEY",99999999999999999999]}"#, 310),
    ] {
        let answer = lists.raw(request).unwrap();
        let found = answer.get(0).unwrap_or(&answer)["error"]["code"].as_i64();
        assert_eq!(found, Some(wanted), "{request}: {answer}");
    }
    assert_eq!(code(&format!(r#"{{"id":1,"method":"ping","params":{}"#, "[".repeat(100_000))), Some(310));
    assert_eq!(lists.dispatcher.answer(&[0xff, b'{']).unwrap()["error"]["code"], json!(310));
    let deep =
        format!(r#"{{"id":1,"method":"countContacts","params":["KEY",1,{}1{}]}}"#, "[".repeat(90), "]".repeat(90));
    assert_eq!(code(&deep), Some(311));
}

#[test]
fn over_a_pipe_the_caller_is_the_user_and_no_key_is_needed() {
    let desk = Desk::with(CONTACTS);
    let body = r#"{"id": 2, "method": "countContacts", "params": ["", 1]}"#;
    let input = format!(
        "{{\"id\": 1, \"method\": \"ping\", \"params\": [\"\"]}}\nContent-Length: {}\r\n\r\n{body}nonsense\n",
        body.len()
    );
    let said = desk.fed(0, &["rpc"], input.as_bytes());
    let (first, rest) = said.split_once('\n').unwrap();
    assert_eq!(first, r#"{"id":1,"result":true,"error":null}"#);
    let (framed, last) = rest.split_at(rest.find("\r\n\r\n").unwrap() + 4 + 32);
    assert_eq!(framed, "Content-Length: 32\r\n\r\n{\"id\":2,\"result\":5,\"error\":null}");
    assert!(last.contains("310"), "{last}");
}

#[test]
fn equal_deletes_over_http_are_one_and_their_answers_are_the_same() {
    let desk =
        Desk::with(&(0..400).fold(String::new(), |all, n| {
            format!("{all}{{\"name\": \"N{n}\", \"emails\": [\"n{n}@one.example\"]}}\n")
        }));
    let shop = key(&desk, "shop", ALL);
    let served = Served::new(&desk, &[]);
    let delete = || {
        served.call(&shop, "deleteContacts", &[json!(1), json!([]), json!([["Email", "contains", "one"]]), json!(100)])
    };
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(delete)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
    });
    let count = served.call(&shop, "countContacts", &[json!(1)]).unwrap().as_u64().unwrap();
    let mut sets: Vec<String> = answers.iter().map(ToString::to_string).collect();
    sets.sort();
    sets.dedup();
    // Whoever came while the job was at work got its answer; whoever came afterwards asked anew.
    assert_eq!(400 - count, sets.len() as u64 * 100);
    assert!(answers.iter().all(|answer| answer.as_object().unwrap().len() == 100));
    let said = served.end();
    assert!(said.contains("all that was asked is answered") && !said.contains(&shop), "{said}");
    desk.healthy();
}

#[test]
fn a_delete_with_a_limit_whose_server_is_killed_is_the_same_one_after_the_restart() {
    const CONTACTS: usize = 3_000;
    const LIMIT: usize = 500;
    let lines: Vec<String> =
        (0..CONTACTS).map(|n| format!("{{\"name\": \"N{n}\", \"emails\": [\"n{n}@one.example\"]}}")).collect();
    let desk = Desk::with(&lines.join("\n"));
    let shop = key(&desk, "shop", ALL);
    let said = json!(shop);
    let params = [json!(1), json!([]), json!([["Email", "ends_with", "one.example"]]), json!(LIMIT)];
    let book = Book::open(&desk.path("book.db"), Mode::ReadOnly).unwrap();
    // Where the answer comes before the kill, an equal call is another one: then once more.
    for _ in 0..4 {
        let (before, known) = (desk.count("all"), book.last_change().unwrap());
        let mut served = Served::new(&desk, &[]);
        let address = served.address;
        let with_key: Vec<&Value> = std::iter::once(&said).chain(&params).collect();
        let body = json!({"id": 1, "method": "deleteContacts", "params": with_key}).to_string();
        let request = format!(
            "POST /api/jsonrpcserver?version=3.0 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let call = std::thread::spawn(move || exchange(address, request.as_bytes()));
        while book.last_change().unwrap() == known && !call.is_finished() {}
        served.child.kill().unwrap();
        served.child.wait().unwrap();
        if !call.join().unwrap().is_empty() {
            continue;
        }
        // What was accepted goes on at the next start, once the runner that was killed counts as gone.
        let served = Served::new(&desk, &[]);
        let begun = std::time::Instant::now();
        while desk.json(0, &["job", "list"])[0]["status"] != "COMPLETED" {
            assert!(begun.elapsed() < std::time::Duration::from_secs(60), "the job does not end");
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
        let gone = served.call(&shop, "deleteContacts", &params).unwrap();
        assert_eq!(gone.as_object().unwrap().len(), LIMIT);
        assert_eq!(before - desk.count("all"), LIMIT as u64, "the next ones are not taken");
        // Told once, an equal call takes the next ones.
        served.call(&shop, "deleteContacts", &params).unwrap();
        assert_eq!(before - desk.count("all"), 2 * LIMIT as u64);
        served.end();
        return desk.healthy();
    }
    panic!("the server answered before it was killed, each time");
}
