//! The query line: what it means, where it is wrong, and that it comes back as it was.

use proptest::prelude::*;

use super::*;
use crate::domain::contact::Timestamp;
use crate::domain::criteria::describe::sentence;
use crate::domain::criteria::strategies::{tree, vocabulary};
use crate::domain::criteria::{Clause, DateSpec, DateTest, EvalTime, Fact, TextOp, Unit};
use crate::domain::field::Field;

fn read(line: &str) -> Criteria {
    parse(line, &vocabulary()).unwrap_or_else(|why| panic!("{line}: {why}")).criteria
}

fn text(field: Field, op: TextOp, value: &str) -> Criteria {
    Criteria::Clause(Clause::Text { field, op, values: vec![value.to_owned()] })
}

fn word(word: &str) -> Criteria {
    Criteria::Clause(Clause::Word(word.to_owned()))
}

fn not(inner: Criteria) -> Criteria {
    Criteria::Not(Box::new(inner))
}

#[test]
fn the_examples_of_the_contract_are_read() {
    let label = |names: &[&str]| {
        Criteria::Clause(Clause::Set { field: Field::Label, values: names.iter().map(ToString::to_string).collect() })
    };
    let two_years = DateSpec::FromToday { offset: -2, unit: Unit::Years };
    let active = Criteria::Clause(Clause::Date { field: Field::Active, test: DateTest::Before(two_years) });
    assert_eq!(
        read("email$=@oldcorp.com active<today-2y -label:vip"),
        Criteria::And(vec![text(Field::Email, TextOp::EndsWith, "@oldcorp.com"), active, not(label(&["vip"]))])
    );
    assert_eq!(
        read("(company:acme or domain=acme.com) and not is:member"),
        Criteria::And(vec![
            Criteria::Or(vec![
                text(Field::Company, TextOp::Contains, "acme"),
                text(Field::Domain, TextOp::Exactly, "acme.com")
            ]),
            not(Criteria::Clause(Clause::Fact(Fact::Member)))
        ])
    );
    assert_eq!(read("label:(a, b c)"), label(&["a", "b c"]));
    assert_eq!(read("city=\"New York\""), text(Field::City, TextOp::Exactly, "New York"));
    assert_eq!(read("smith"), word("smith"));
    assert_eq!(read("\"all\""), word("all"));
    assert_eq!(read("ALL"), Criteria::All);
    for line in
        ["list:Newsletter has:phone created:2019-01-01..2019-12-31", "redundant:email", "x.score>5", "id:(1, 2)"]
    {
        read(line);
    }
}

#[test]
fn and_binds_tighter_than_or_and_brackets_stay() {
    let (a, b, c) = (word("a"), word("b"), word("c"));
    assert_eq!(read("a b or c"), Criteria::Or(vec![Criteria::And(vec![a.clone(), b.clone()]), c.clone()]));
    assert_eq!(read("a (b or c)"), Criteria::And(vec![a.clone(), Criteria::Or(vec![b.clone(), c.clone()])]));
    assert_eq!(read("(a b) c"), Criteria::And(vec![Criteria::And(vec![a.clone(), b.clone()]), c]));
    assert_eq!(read("-(a or b)"), not(Criteria::Or(vec![a.clone(), b])));
    assert_eq!(read("not -a"), not(not(a.clone())));
    assert_eq!(read("email!=x"), not(text(Field::Email, TextOp::Exactly, "x")));
    assert_eq!(read("(a)"), a);
}

#[test]
fn errors_say_where_why_and_what_instead() {
    let table = [
        ("emial:x", 1, "there is no field \"emial\"", Some("did you mean email?")),
        ("a active:2020", 0, "", None),
        ("a activ<2020", 3, "there is no field \"activ\"", Some("did you mean active?")),
        ("email<5", 6, "< can't be used with email", Some("email has : = != ^= $= ~=")),
        ("active^=2020", 7, "^= can't be used with active", Some("active has : = != < <= > >=")),
        ("active<soon", 8, "\"soon\" is not a date", None),
        ("active<2023-02-30", 8, "there is no day 2023-02-30", None),
        ("email:", 7, "email: needs a value", None),
        ("email:\"\"", 7, "an empty value matches nothing or everything", None),
        ("email:\"  \"", 7, "an empty value matches nothing or everything", None),
        ("email:\"\u{301}\"", 7, "\"\\u{301}\" has no letters to compare", None),
        ("phone:abc", 7, "\"abc\" has no digits to compare", None),
        ("(a", 1, "this bracket is not closed", None),
        ("a)", 2, "this bracket was never opened", None),
        ("()", 1, "these brackets are empty", None),
        ("a \"b", 3, "this quotation mark is not closed", None),
        ("label:(a, b", 7, "this bracket is not closed", None),
        ("label:(a,,b)", 10, "a value is missing here", None),
        ("a or", 5, "a clause is missing here", None),
        ("or a", 1, "a clause is missing before this", None),
        ("a - b", 3, "- stands before what it negates, without a space", None),
        ("is:memebr", 4, "there is no fact \"memebr\"", Some("did you mean member?")),
        ("has:emial", 5, "there is no field \"emial\"", Some("did you mean email?")),
        ("role:boss", 6, "role is never \"boss\"", Some("role is one of none, contributor, owner")),
        ("x.scor>1", 1, "the book has no custom field \"scor\"", Some("did you mean x.Score?")),
        ("x.score>much", 9, "\"much\" is not a number", None),
        ("id=1.5", 4, "\"1.5\" is not a whole number", None),
        ("email~=/(/", 8, "the regular expression is wrong: unclosed group", None),
        ("email~=/a", 8, "the regular expression is not closed by /", None),
        ("company:foo(bar)", 12, "a space is missing before (", None),
        ("", 1, "nothing is said", Some("every contact must be said: all")),
        ("é emial:x", 3, "there is no field \"emial\"", None),
    ];
    for (line, column, message, hint) in table {
        match parse(line, &vocabulary()) {
            Ok(_) => assert_eq!(column, 0, "{line} was read"),
            Err(why) => {
                assert_eq!((why.column, why.message.as_str()), (column, message), "{line}");
                if hint.is_some() {
                    assert_eq!(why.hint.as_deref(), hint, "{line}");
                }
            }
        }
    }
}

#[test]
fn limits_are_errors_not_hangs() {
    let deep = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(parse(&deep, &vocabulary()).unwrap_err().message.contains("at most 64 deep"));
    let many = "a ".repeat(501);
    assert!(parse(&many, &vocabulary()).unwrap_err().message.contains("at most 500 clauses"));
    let long = "a".repeat(30_000);
    assert!(parse(&long, &vocabulary()).unwrap_err().message.contains("more than 20000 characters"));
    let big = "email~=/(((a{90}){90}){90}){90}/";
    assert!(parse(big, &vocabulary()).unwrap_err().message.contains("too large"));
    let not = format!("{}a", "-".repeat(3_000));
    assert!(parse(&not, &vocabulary()).is_err());
}

#[test]
fn tokens_colour_a_line_that_is_still_being_typed() {
    use TokenKind::{Bracket, Field, Keyword, Operator, Value};
    let kinds = |line: &str| -> Vec<(String, TokenKind)> {
        tokens(line).into_iter().map(|token| (line[token.span.clone()].to_owned(), token.kind)).collect()
    };
    let own = |pairs: &[(&str, TokenKind)]| -> Vec<(String, TokenKind)> {
        pairs.iter().map(|(text, kind)| ((*text).to_owned(), *kind)).collect()
    };
    assert_eq!(
        kinds("-label:(a, b) or smith"),
        own(&[
            ("-", Keyword),
            ("label", Field),
            (":", Operator),
            ("(", Bracket),
            ("a", Value),
            (",", Bracket),
            ("b", Value),
            (")", Bracket),
            ("or", Keyword),
            ("smith", Value)
        ])
    );
    assert_eq!(
        kinds("email:x \"unclosed y"),
        own(&[("email", Field), (":", Operator), ("x", Value), ("\"unclosed y", Value)])
    );
}

#[test]
fn criteria_in_words() {
    let today = EvalTime { now: Timestamp(1_795_305_600_000), zone: jiff::tz::TimeZone::UTC };
    assert_eq!(
        sentence(&read("email$=@oldcorp.com active<today-2y -label:vip (is:member or -has:phone)"), &today),
        "email ends with @oldcorp.com and active before 2024-11-22 and not labelled vip \
         and (is a member or has no phone)"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_printed_reads_back_the_same(criteria in tree()) {
        let line = print(&criteria);
        let back = parse(&line, &vocabulary()).map_err(|why| TestCaseError::fail(format!("{line}: {why}")))?;
        prop_assert_eq!(&back.criteria, &criteria, "{}", line);
        prop_assert_eq!(back.spans.len(), criteria.clauses().len());
        prop_assert_eq!(print(&back.criteria), line);
    }

    #[test]
    fn any_line_is_read_or_refused_with_a_place_in_it(line in "\\PC{0,40}|[a-z:=<>()\"/ ,.-]{0,40}") {
        let pieces = tokens(&line);
        prop_assert!(pieces.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
        prop_assert!(pieces.iter().all(|piece| line.get(piece.span.clone()).is_some()));
        if let Err(why) = parse(&line, &vocabulary()) {
            prop_assert!(line.get(why.span.clone()).is_some());
            prop_assert!(!why.message.is_empty());
        }
    }
}
