//! What expressions mean, and what is refused.

use std::time::Instant;

use super::{Expression, Operand, Path, Root, Scene, Template, walk};
use crate::json;
use crate::json::Value;
use crate::live::vocabulary::Vocabulary;

/// A request with a body.
struct Asked(Value);

impl Scene for Asked {
    fn look<'a>(&'a self, path: &'a Path) -> Operand<'a> {
        match path.root {
            Root::Elapsed => Operand::Float(250.0),
            root => match self.0.get(root.name()) {
                Some(value) => walk(value, &path.steps, false),
                None => Operand::Null,
            },
        }
    }
}

fn vocabulary() -> Vocabulary {
    let text = json!({"type": "string"});
    Vocabulary::of_schemas(
        json!({
            "body": {"type": "object", "title": "Order", "properties": {
                "name": text,
                "price": {"type": "number"},
                "count": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                "paid": {"type": "boolean"},
                "tags": {"type": "array", "items": text},
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
                "card": {"type": "string", "x-secret": true},
                "pass": {"type": "string", "format": "password"},
                "access_token": text,
                "extra": {"type": "object", "additionalProperties": true},
            }},
            "path": {"type": "object", "properties": {"item_id": {"type": "integer"}}},
            "header": {"type": "object", "properties": {}, "additionalProperties": text},
            "elapsed_ms": {"type": "number"},
        }),
        json!({"Line": {"type": "object", "title": "Line", "properties": {
            "sku": text, "next": {"$ref": "#/components/schemas/Line"},
        }}}),
    )
}

fn asked() -> Asked {
    Asked(json!({
        "body": {
            "name": "blue lamp", "price": 2.5, "paid": true, "tags": ["new", "sale"],
            "lines": [{"sku": "a-1", "next": {"sku": "a-2"}}], "extra": {"n": 7},
        },
        "path": {"item_id": 101},
        "header": {"x-tenant": "acme"},
    }))
}

#[test]
fn expressions_mean_what_they_say() {
    let vocabulary = vocabulary();
    let asked = asked();
    for (source, holds) in [
        (
            "path.item_id > 100 && header[\"x-tenant\"] == \"acme\"",
            true,
        ),
        ("header.x_tenant == 'acme' && !(path.item_id <= 100)", true),
        (
            "body.price * 2 == 5 && body.price + 1 > 3 && -body.price < 0",
            true,
        ),
        ("7 / 2 == 3 && 7 % 2 == 1 && 7.0 / 2 == 3.5", true),
        ("1 / 0 == 0 || 9223372036854775807 + 1 > 0", false),
        (
            "body.name.startsWith(\"blue\") && body.name.endsWith('lamp')",
            true,
        ),
        (
            "body.name.contains(\"e l\") && body.name.matches(\"^b\\w+ l\")",
            true,
        ),
        (
            "path.item_id in [1, 101] && body.name in ['lamp', \"blue lamp\"]",
            true,
        ),
        ("'new' in body.tags && !('old' in body.tags)", true),
        ("size(body.tags) == 2 && size(body.name) == 9", true),
        ("body.lines[0].next.sku == 'a-2'", true),
        ("body.lines[1].sku == 'a-2'", false),
        (
            "elapsed_ms >= 250ms && elapsed_ms < 1s && elapsed_ms < 0.5s",
            true,
        ),
        ("body.paid && body.paid == true", true),
        ("body.extra.n == 7 && body.extra['n'] < 8.5", true),
        // Of what is missing nothing can be said but that it is missing.
        ("body.count > 1", false),
        ("body.count <= 1", false),
        ("body.count != 1", false),
        ("!(body.count > 1)", true),
        ("body.count == null && body.price != null", true),
        ("has(body.count)", false),
        ("has(body.price)", true),
        ("body.extra.no.such || body.paid", true),
        ("body.extra.no.such && body.paid", false),
    ] {
        let expression = Expression::condition(source, &vocabulary);
        let expression = expression.unwrap_or_else(|mistake| panic!("{source}: {mistake}"));
        assert_eq!(expression.holds(&asked), holds, "{source}");
    }
}

#[test]
fn mistakes_are_told_with_their_place() {
    let vocabulary = vocabulary();
    for (source, at, length, wanted) in [
        (
            "path.itemid > 1",
            4,
            7,
            "no field itemid; path has: item_id (integer)",
        ),
        (
            "paht.item_id > 1",
            0,
            4,
            "nothing is called `paht`; known here: body, path, header",
        ),
        (
            "body.card == 'x'",
            4,
            5,
            "`body.card` is secret: it is declared so in Order",
        ),
        (
            "body.pass == 'x'",
            4,
            5,
            "`body.pass` is secret: it is declared so in Order",
        ),
        (
            "has(body.access_token)",
            8,
            13,
            "`body.access_token` is secret: its name says so",
        ),
        (
            "body.extra.password == 1",
            10,
            9,
            "`body.extra.password` is secret",
        ),
        (
            "header['Authorization'] != ''",
            7,
            15,
            "`header.authorization` is secret",
        ),
        ("header.cookie == ''", 6, 7, "`header.cookie` is secret"),
        (
            "path.item_id > 'a'",
            0,
            18,
            "integer and text cannot be compared with each other",
        ),
        (
            "path.item_id",
            0,
            12,
            "a condition is true or false, and this is integer",
        ),
        ("body.name = 'a'", 10, 1, "equality is `==`"),
        ("body.paid & body.paid", 10, 1, "write `&&`"),
        ("(body.paid", 10, 0, "`)` is missing"),
        ("body.paid)", 9, 1, "the expression ended before this"),
        ("body. == 1", 6, 2, "a name belongs here"),
        (
            "'ä' == body.name + 1",
            7,
            9,
            "arithmetic needs number, and this is text",
        ),
        (
            "body.name == 'ab",
            13,
            3,
            "the text that begins here has no end",
        ),
        ("len(body.name) > 1", 0, 14, "no function is called `len`"),
        (
            "body.tags[-1] == ''",
            10,
            2,
            "between these brackets stands a number or a text",
        ),
        (
            "body.name[0] == ''",
            10,
            1,
            "this is text, and only a list has items",
        ),
        (
            "size(path.item_id) == 1",
            5,
            12,
            "size needs text or list or object",
        ),
        (
            "body.name.matches(body.name)",
            18,
            9,
            "the pattern is a text between quotes",
        ),
        (
            "body.name.matches('(a{200}){200}')",
            18,
            15,
            "this pattern is too large",
        ),
        ("300kg < 1", 0, 5, "this unit is not known"),
        ("", 0, 0, "a value is missing here"),
    ] {
        let mistake = Expression::condition(source, &vocabulary).expect_err(source);
        assert!(mistake.message.contains(wanted), "{source}: {mistake}");
        assert_eq!(
            (mistake.at(), mistake.length()),
            (at, length),
            "{source}: {mistake}"
        );
    }
}

#[test]
fn templates_are_texts_with_expressions() {
    let vocabulary = vocabulary();
    let template = "{body.name}: {{{path.item_id + 1}}} {body.tags} {body.count} '}' {'}'}";
    let read = Template::read(template, &vocabulary);
    let mistake = read.expect_err("a single brace");
    assert_eq!((mistake.at(), mistake.length()), (62, 1), "{mistake}");
    let template = Template::read(&template.replace(" '}'", ""), &vocabulary).expect("a template");
    let values = template.values(&asked());
    let text = template.text(&values);
    assert_eq!(text, "blue lamp: {102} [\"new\",\"sale\"] null }");
    let mistake = Template::read("ä {body.nam}", &vocabulary).expect_err("no field");
    assert_eq!((mistake.at(), mistake.length()), (7, 4), "{mistake}");
    assert!(Template::read("{body.name", &vocabulary).is_err());
    assert!(Template::read(&"{1}".repeat(33), &vocabulary).is_err());
}

/// Sources of all kinds of nonsense: mutations of good ones, deep and long ones.
fn hostile() -> Vec<String> {
    let pieces = [
        "body",
        ".",
        "name",
        "price",
        "(",
        ")",
        "[",
        "]",
        "!",
        "-",
        "&&",
        "||",
        "==",
        "in",
        "'",
        "\"",
        "\\",
        "1",
        "9223372036854775808",
        "1e999",
        "0x",
        "300ms",
        "{",
        "}",
        "ä",
        "\u{0}",
        "😀",
        "size",
        "has",
        "matches",
        "(a*)*",
        ",",
        " ",
        "?",
        "null",
        "true",
        "header",
        "\n",
    ];
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).unwrap_or_default()
    };
    let mut sources: Vec<String> = (0..10_000)
        .map(|_| {
            let length = next(40);
            (0..length).map(|_| pieces[next(pieces.len())]).collect()
        })
        .collect();
    for piece in [
        "!",
        "(",
        "[",
        "-",
        "body.name.",
        "1+",
        "size(",
        "body[",
        "1||",
        "'",
        "{",
        "a.",
    ] {
        for length in [31, 32, 33, 100, 1000, 100_000] {
            sources.push(piece.repeat(length));
            sources.push(piece.repeat(length) + "1" + &")".repeat(length));
        }
    }
    for pattern in [
        "(a*)*b",
        "(x+x+)+y",
        "a{1000}{1000}",
        "(?:.*){50}",
        "[a-z]{900}",
        "((((a",
    ] {
        sources.push(format!("body.name.matches('{pattern}')"));
    }
    sources
}

#[test]
fn no_source_does_harm() {
    let vocabulary = vocabulary();
    let long = Asked(json!({"body": {"name": "x".repeat(100_000), "tags": vec!["y"; 10_000]}}));
    let sources = hostile();
    let begun = Instant::now();
    for source in &sources {
        if let Ok(expression) = Expression::read(source, &vocabulary) {
            let _ = expression.value(&long);
        }
        if let Ok(template) = Template::read(source, &vocabulary) {
            let values = template.values(&long);
            assert!(template.text(&values).len() <= 4096);
        }
    }
    // Far more than all of them take; one that ran away would take longer.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

/// `cargo test --release -p aplomb --lib -- --ignored --nocapture expression`
#[test]
#[ignore = "measures"]
fn how_long_the_worst_source_takes() {
    let vocabulary = vocabulary();
    let long = Asked(json!({"body": {"name": "x".repeat(100_000), "tags": vec!["y"; 10_000]}}));
    let time = |source: &String| {
        // The best of three: others use the processor too.
        let times = (0..3).map(|_| {
            let begun = Instant::now();
            if let Ok(expression) = Expression::read(source, &vocabulary) {
                std::hint::black_box(expression.value(&long));
            }
            begun.elapsed()
        });
        times.min().unwrap_or_default()
    };
    let sources = hostile();
    let mut times: Vec<_> = sources
        .iter()
        .map(|source| (time(source), source))
        .collect();
    times.sort();
    for (time, source) in times.iter().rev().take(8) {
        eprintln!("{time:?} {:?}", source.chars().take(60).collect::<String>());
    }
    // As much as is kept of a request, and as many of the dearest functions as an expression holds.
    let item = "x".repeat(1000);
    let tags = vec![&*item; 256];
    let full = Asked(json!({"body": {"name": item.clone() + "y", "tags": tags}}));
    let text = Asked(json!({"body": {"name": "xä".repeat(87_000)}}));
    for (asked, part, between) in [
        (&text, "size(body.name) == 1", " || "),
        (&text, "size(body.name)", " - "),
        (&text, "body.name.contains('xxxxxxxxy')", " || "),
        (&text, "body.name.matches('(x|.)*y')", " || "),
        (&full, "body.name in body.tags", " || "),
        (&full, "body.name.contains(body.name)", " && "),
    ] {
        let most = (1..128).rev().find_map(|count| {
            let source = vec![part; count].join(between);
            let expression = Expression::read(&source, &vocabulary).ok()?;
            Some((count, expression))
        });
        let Some((count, expression)) = most else {
            continue;
        };
        let times = (0..20).map(|_| {
            let begun = Instant::now();
            std::hint::black_box(expression.value(asked));
            begun.elapsed()
        });
        let best = times.min().unwrap_or_default();
        eprintln!("{best:?} to evaluate {count} times {part}");
    }
    for source in [
        "path.item_id > 100 && header[\"x-tenant\"] == \"acme\"",
        "body.name.matches(\"^b\\w+ l\")",
        "elapsed_ms > 300ms",
    ] {
        let expression = Expression::condition(source, &vocabulary).expect(source);
        let asked = asked();
        let begun = Instant::now();
        for _ in 0..1_000_000 {
            std::hint::black_box(expression.holds(std::hint::black_box(&asked)));
        }
        eprintln!("{source}: {:?} each", begun.elapsed() / 1_000_000);
    }
}
