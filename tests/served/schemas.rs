//! The description against the server: every real answer is what its schema says, and what a strict body doesn't name is
//! refused.

use cardfile::serve::contacts::routes::{ROUTES, Route};
use cardfile::serve::openapi;
use serde_json::{Value, json};

use super::contacts::Book;
use super::permissions;
use super::server::{ALL, key};

/// What of a value is not as the schema says; its place and why.
fn wrong(value: &Value, schema: &Value, all: &Value, place: &str, out: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let named = &all[name.rsplit('/').next().unwrap()];
        assert!(named.is_object(), "there is no schema {name}");
        return wrong(value, named, all, place, out);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => vec![kind],
    };
    if !kinds.contains(&kind) {
        out.push(format!("{place}: {kind} instead of {kinds:?}"));
    }
    if let Some(known) = schema["enum"].as_array()
        && !known.contains(value)
    {
        out.push(format!("{place}: {value} is none of {known:?}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            out.push(format!("{place}.{name} is missing"));
        }
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        match &schema["properties"][name] {
            Value::Null if schema["maxProperties"] == 0 => out.push(format!("{place}.{name} should not be there")),
            Value::Null => {}
            schema => wrong(value, schema, all, &format!("{place}.{name}"), out),
        }
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        wrong(item, &schema["items"], all, &format!("{place}[{at}]"), out);
    }
}

fn route(method: &str, path: &str) -> &'static Route {
    let path = path.split('?').next().unwrap();
    let fits = |route: &&Route| {
        let (wanted, given) = (route.path.split('/'), path.split('/'));
        route.method == method
            && wanted.clone().count() == given.clone().count()
            && wanted.zip(given).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    ROUTES.iter().find(fits).unwrap_or_else(|| panic!("{method} {path}"))
}

#[test]
fn every_answer_is_what_the_description_says() {
    let book = Book::new();
    let document = openapi::document();
    let all = &document["components"]["schemas"];
    let everything = key(&book.desk, "everything", ALL);
    let (mut said, mut answered) = (Vec::new(), 0);
    for (method, path, body, _) in permissions::routes(&book) {
        let (status, answer) = book.ask_as(&everything, method, &path, &body);
        // What an earlier call of the table took away is not there any more.
        if status != 200 {
            continue;
        }
        answered += 1;
        let route = route(method, &path);
        wrong(&answer, &json!({ "$ref": route.answers }), all, &format!("{method} {}", route.path), &mut said);
        if !route.asks.is_empty() && !body.is_null() {
            wrong(&body, &json!({ "$ref": route.asks }), all, &format!("body of {method} {}", route.path), &mut said);
        }
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
    assert!(answered > 35, "{answered} calls were answered");
}

#[test]
fn bodies_hold_what_is_taken_and_nothing_else() {
    let book = Book::new();
    let document = openapi::document();
    let everything = key(&book.desk, "everything", ALL);
    for (method, path, mut body, _) in permissions::routes(&book) {
        let schema = &document["components"]["schemas"][route(method, &path).asks];
        if schema["additionalProperties"] != json!(false) {
            continue;
        }
        if body.is_null() {
            body = json!({});
        }
        body["shoe"] = json!(42);
        let (status, answer) = book.ask_as(&everything, method, &path, &body);
        let field = &answer["details"]["validationError"]["fieldViolations"][0]["field"];
        assert_eq!((status, field), (400, &json!("shoe")), "{method} {path}: {answer}");
        // What the description names is not what is refused.
        for name in schema["properties"].as_object().unwrap().keys() {
            let body = json!({ name: [[]], "shoe": 42 });
            let (_, answer) = book.ask_as(&everything, method, &path, &body);
            let field = &answer["details"]["validationError"]["fieldViolations"][0]["field"];
            assert_eq!(field, "shoe", "{method} {path} refuses {name}");
        }
    }
}
