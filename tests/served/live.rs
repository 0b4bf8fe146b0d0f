//! Programs at a live list: what is written there first for a person is so for a program, and what can't be done there
//! is refused by both APIs, with nothing changed.

use serde_json::{Value, json};

use super::common::desk::Desk;
use super::server::{ALL, Served, key};

#[test]
fn a_live_list_is_edited_and_deleted_from_at_its_files_and_takes_no_new_cards() {
    let desk = Desk::with("{\"name\": \"Amber Powell\", \"emails\": [\"amber@one.example\"]}\n");
    let folder = desk.path("cards");
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["eva", "leo"] {
        let card = format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{name}-1\r\nFN:{name} Lake\r\nN:Lake;{name};;;\r\nEMAIL:{name}@two.example\r\nEND:VCARD\r\n"
        );
        std::fs::write(folder.join(format!("{name}.vcf")), card).unwrap();
    }
    desk.done(0, &["account", "add", "khard", "--folder", folder.to_str().unwrap()]);
    let shop = key(&desk, "shop", ALL);
    let served = Served::new(&desk, &[]);
    let lists = served.call(&shop, "searchLists", &[]).unwrap();
    let live = lists.as_array().unwrap().iter().find(|list| list["contact_count"] == 2).unwrap()["id"].clone();
    let rows = served.call(&shop, "searchContacts", std::slice::from_ref(&live)).unwrap();
    let eva = rows.as_array().unwrap().iter().find(|row| row["Email"] == "eva@two.example").unwrap()["id"].clone();

    assert!(served.call(&shop, "addContacts", &[live.clone(), json!([{"Email": "new@two.example"}])]).is_err());
    assert!(served.call(&shop, "editContacts", &[live.clone(), json!([{"id": eva, "Company": "Acme"}])]).is_err());
    assert_eq!(served.call(&shop, "countContacts", std::slice::from_ref(&live)), Ok(json!(2)));
    assert!(!std::fs::read_to_string(folder.join("eva.vcf")).unwrap().contains("Acme"));

    let path = format!("/v4/contacts/{eva}");
    let (_, shown) = served.json("GET", &path, &shop, &Value::Null);
    let body = json!({"revision": shown["contact"]["revision"], "info": {"company": "Acme"}});
    let (status, answer) = served.json("PATCH", &path, &shop, &body);
    assert_eq!(status, 200, "{answer}");
    assert!(std::fs::read_to_string(folder.join("eva.vcf")).unwrap().contains("ORG:Acme"), "written there first");
    let gone = served.call(&shop, "deleteContacts", &[live, json!([eva])]).unwrap();
    assert_eq!(gone, json!({eva.to_string(): true}));
    assert!(!folder.join("eva.vcf").exists() && folder.join("leo.vcf").exists());
    served.end();
    desk.healthy();
}
