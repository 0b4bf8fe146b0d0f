//! The dialects: what they say, what they can't, and that nothing changes its meaning on the way.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{DialectError, filter, triples};
use crate::domain::contact::Timestamp;
use crate::domain::criteria::matches::matches;
use crate::domain::criteria::strategies::{contact, tree, vocabulary};
use crate::domain::criteria::{Criteria, EvalTime, MatchContext, Resolved};
use crate::domain::syntax::{parse, print};

fn today() -> EvalTime {
    EvalTime { now: Timestamp(1_795_305_600_000), zone: TimeZone::UTC }
}

fn line(line: &str) -> Criteria {
    parse(line, &vocabulary()).unwrap().criteria
}

fn from_filter(value: &Value) -> Result<String, DialectError> {
    filter::read(Some(value), None, &vocabulary()).map(|criteria| print(&criteria.unwrap()))
}

fn from_triples(value: &Value) -> Result<String, DialectError> {
    triples::read(value, &vocabulary()).map(|criteria| print(&criteria))
}

#[test]
fn days_of_any_year_are_the_query_line_s_alone() {
    for text in ["birthday:05", "birthday:05-12", "birthday:today", "-birthday:next30d"] {
        let said = "no days that come every year";
        let refused =
            triples::write(&line(text), &today()).map_err(|why| why.message.contains(said) || text.starts_with('-'));
        assert_eq!(refused, Err(true), "{text}");
        assert!(filter::write(&line(text), &today()).is_err_and(|why| why.message.contains(said)), "{text}");
    }
    assert!(
        from_filter(&json!({"info.birthdate": "05"})).is_err()
            && from_triples(&json!([["Birthday", "exactly", "05"]])).is_err()
    );
    let born = from_triples(&json!([["Birthday", "exactly", "today"]]));
    assert_eq!(born.as_deref(), Ok("birthday:today-0d"), "there it is the day of birth");
}

#[test]
fn filters_say_what_the_query_line_says() {
    for (value, expected) in [
        (json!({}), "all"),
        (json!({"info.name.last": {"$startsWith": "Sm"}}), "last^=Sm"),
        (json!({"info.name.first": "Ann", "info.company": {"$ne": "Acme"}}), "first=Ann company!=Acme"),
        (
            json!({"$or": [{"info.labelKeys": {"$hasSome": ["a", "b c"]}}, {"id": {"$in": ["1", 2]}}]}),
            "label:(a, \"b c\") or id=(1, 2)",
        ),
        (json!({"info.labelKeys": {"$hasAll": ["a", "b"]}}), "label:a label:b"),
        (json!({"$not": {"primaryInfo.email": {"$exists": true}}}), "-has:email"),
        (
            json!({"lastActivity.activityDate": {"$gte": "2020-01-01", "$lt": "2021-01-01T00:00:00Z"}}),
            "active>=2020-01-01 active<2021-01-01T00:00:00Z",
        ),
        (
            json!({"primaryEmail.subscriptionStatus": {"$nin": ["UNSUBSCRIBED", "PENDING"]}}),
            "-subscription:(unsubscribed, pending)",
        ),
        (json!({"info.extendedFields.custom.score": {"$gt": 5}}), "x.Score>5"),
        (json!({"info.phones.e164Phone": "+442079460958"}), "e164=+442079460958"),
        (json!({"info.phones.e164Phone": {"$in": ["+4930", "+4940"]}}), "e164=(+4930, +4940)"),
        (json!({"primaryPhone.e164Phone": {"$startsWith": "+44"}}), "e164^=+44"),
        (json!({"info.phones.e164Phone": {"$exists": false}}), "-has:e164"),
        (json!({"info.phones.e164Phone": {"$ne": "+442079460958"}}), "e164!=+442079460958"),
    ] {
        assert_eq!(from_filter(&value).as_deref(), Ok(expected), "{value}");
    }
    let both = filter::read(Some(&json!({"info.company": "Acme"})), Some("Ann"), &vocabulary()).unwrap().unwrap();
    assert_eq!(print(&both), "company=Acme (first=Ann or last=Ann or email=Ann)");
    assert_eq!(filter::read(None, None, &vocabulary()), Ok(None));
}

#[test]
fn filter_errors_have_the_apis_codes_and_a_place() {
    for (value, code, place) in [
        (json!([]), "MALFORMED_FILTER", ""),
        (json!({"$and": []}), "MALFORMED_FILTER", "$and"),
        (json!({"info.name.lst": "x"}), "UNSUPPORTED_FILTER_FIELD_UNKNOWN", "info.name.lst"),
        (
            json!({"$and": [{"info.company": {"$contains": "x"}}]}),
            "UNSUPPORTED_FILTER_OPERATOR",
            "$and[0].info.company.$contains",
        ),
        (json!({"createdDate": {"$startsWith": "2020"}}), "UNSUPPORTED_FILTER_OPERATOR", "createdDate.$startsWith"),
        (json!({"createdDate": {"$gt": "soon"}}), "UNSUPPORTED_FILTER_VALUE", "createdDate.$gt"),
        (json!({"createdDate": {"$gt": 5}}), "UNSUPPORTED_FILTER_VALUE_TYPE", "createdDate.$gt"),
        (json!({"info.company": null}), "UNSUPPORTED_FILTER_VALUE_TYPE", "info.company"),
        (json!({"info.company": ""}), "UNSUPPORTED_FILTER_VALUE", "info.company"),
        (json!({"info.company": {}}), "MALFORMED_FILTER", "info.company"),
        (json!({"$nor": []}), "UNSUPPORTED_FILTER_OPERATOR", "$nor"),
        (
            json!({"primaryEmail.subscriptionStatus": "subscribed"}),
            "UNSUPPORTED_FILTER_VALUE",
            "primaryEmail.subscriptionStatus",
        ),
    ] {
        let why = from_filter(&value).unwrap_err();
        assert_eq!((why.code, why.place.as_str()), (code, place), "{value}: {why}");
    }
    let deep = (0..500).fold(json!({}), |inner, _| json!({"$not": inner}));
    assert_eq!(from_filter(&deep).unwrap_err().code, "MALFORMED_FILTER");
    assert!(filter::read(None, Some(" "), &vocabulary()).is_err());
    assert!(filter::read(None, Some(&"x".repeat(101)), &vocabulary()).is_err());
}

#[test]
fn what_a_dialect_cant_say_is_an_error_that_names_the_clause() {
    for (text, place) in [
        ("first=a email:gmail", "email:gmail"),
        ("smith", "smith"),
        ("list:A", "list:A"),
        ("is:member", "is:member"),
        ("country^=G", "country^=G"),
    ] {
        let why = filter::write(&line(text), &today()).unwrap_err();
        assert_eq!(why.place, place, "{why}");
    }
    for (text, place) in [
        ("a or b", "a or b"),
        ("first=a -last^=b", "-last^=b"),
        ("active<2020", "active<2020"),
        ("has:phone", "has:phone"),
        ("all", "all"),
    ] {
        let why = triples::write(&line(text), &today()).unwrap_err();
        assert_eq!(why.place, place, "{why}");
    }
}

#[test]
fn triples_say_what_the_query_line_says() {
    for (value, expected) in [
        (json!([["Email", "exactly", "alice@example.com"]]), "email=alice@example.com"),
        (json!([["First Name", "not", "Ann"], ["id", "in", "1, 2,3"]]), "first!=Ann id=(1, 2, 3)"),
        (
            json!([["creation_time", "less_than", "2020-01-01"], ["Score", "greater_than", 5]]),
            "created<2020-01-01 x.Score>5",
        ),
        (json!([["is_unsubscribed", "exactly", true]]), "is:unsubscribed"),
        (json!([["is_active", "exactly", 1]]), "-deliverability:inactive"),
    ] {
        assert_eq!(from_triples(&value).as_deref(), Ok(expected), "{value}");
    }
    for (value, code, place) in [
        (json!([]), "311", ""),
        (json!({}), "311", ""),
        (json!([["Email", "exactly"]]), "311", "[0]"),
        (json!([["Email", "exactly", "a"], ["Email", "exactli", "a"]]), "311", "[1][1]"),
        (json!([["email", "exactly", "a"]]), "315", "[0][0]"),
        (json!([["Email", "greater_than", "a"]]), "311", "[0][2]"),
        (json!([["id", "contains", "1"]]), "311", "[0][1]"),
        (json!([["Email", "exactly", ["a"]]]), "311", "[0]"),
    ] {
        let why = from_triples(&value).unwrap_err();
        assert_eq!((why.code, why.place.as_str()), (code, place), "{value}: {why}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn nothing_changes_its_meaning_on_the_way(criteria in tree(), contacts in prop::collection::vec(contact(), 1..6)) {
        let around = MatchContext::default();
        let same = |back: &Criteria, form: &Value| -> Result<(), TestCaseError> {
            let (here, there) = (Resolved::new(&criteria, &today()), Resolved::new(back, &today()));
            for contact in &contacts {
                prop_assert_eq!(matches(&here, contact, &around), matches(&there, contact, &around),
                    "{} became {} became {}", print(&criteria), form, print(back));
            }
            Ok(())
        };
        if let Ok(form) = filter::write(&criteria, &today()) {
            let back = filter::read(Some(&form), None, &vocabulary())
                .map_err(|why| TestCaseError::fail(format!("{form}: {why}")))?;
            same(&back.unwrap_or(Criteria::All), &form)?;
            // What was written once is written the same again: no drift.
            prop_assert_eq!(filter::write(&filter::read(Some(&form), None, &vocabulary()).unwrap().unwrap(), &today()).is_ok(), true);
        }
        if let Ok(form) = triples::write(&criteria, &today()) {
            let back = triples::read(&form, &vocabulary())
                .map_err(|why| TestCaseError::fail(format!("{form}: {why}")))?;
            same(&back, &form)?;
            prop_assert_eq!(triples::write(&back, &today()), Ok(form));
        }
    }
}

#[test]
fn a_month_is_said_in_triples_where_a_day_says_the_same() {
    let said = |text: &str| triples::write(&line(text), &today()).map(|value| value.to_string());
    assert_eq!(said("birthday<1980-02").as_deref(), Ok(r#"[["Birthday","less_than","1980-02-01"]]"#));
    assert_eq!(said("birthday>1980-02").as_deref(), Ok(r#"[["Birthday","greater_than","1980-02-29"]]"#));
    assert_eq!(said("birthday:1980-02").map_err(|why| why.code), Err("311"));
    let error = from_triples(&json!([["Birthday", "exactly", "1980"]])).unwrap_err();
    assert_eq!((error.code, error.place.as_str()), ("311", "[0][2]"));
}
