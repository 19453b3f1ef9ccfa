use bytes::Bytes;

use super::{Event, Malformed, Parser};

/// The parts of a body that comes in pieces of this size, with their contents joined, and what is
/// left of a part that does not end.
fn parts(body: &[u8], size: usize) -> Result<(Vec<String>, bool), Malformed> {
    let mut parser = Parser::new(b"X")?;
    let (mut parts, mut open) = (Vec::new(), None);
    for piece in body.chunks(size) {
        parser.feed(Bytes::copy_from_slice(piece));
        while let Some(event) = parser.next()? {
            match event {
                Event::Begin(headers) => {
                    assert!(open.is_none(), "a part begins in another");
                    open = Some(format!("{}:", headers.len()));
                }
                Event::Data(data) => {
                    assert!(!data.is_empty());
                    let text: String = data.iter().copied().map(char::from).collect();
                    *open.as_mut().expect("a part") += &text;
                }
                Event::End => parts.extend(open.take()),
            }
        }
    }
    Ok((parts, open.is_some()))
}

#[track_caller]
fn check(body: &str, wanted: Result<(&[&str], bool), Malformed>) {
    let wanted =
        wanted.map(|(parts, open)| (parts.iter().map(ToString::to_string).collect(), open));
    for size in [1, 2, 3, 5, 7, body.len().max(1)] {
        assert_eq!(
            parts(body.as_bytes(), size),
            wanted,
            "{body:?} in pieces of {size}"
        );
    }
}

const BAD: Result<(&[&str], bool), Malformed> = Err(Malformed);

#[test]
fn parts_are_found_however_the_body_is_cut() {
    check(
        "--X\r\nA: b\r\n\r\nhello\r\n--X--\r\n",
        Ok((&["1:hello"], false)),
    );
    check(
        "--X\r\nA: b\r\nC:d\r\n\r\n\r\n--X\r\n\r\n2\r\n--X--",
        Ok((&["2:", "0:2"], false)),
    );
    check("--X--", Ok((&[], false)));
    check("", Ok((&[], false)));
    check(
        "\r\n\n--X\r\n\r\na\r\n--X--epilogue --X\r\n",
        Ok((&["0:a"], false)),
    );
}

#[test]
fn what_resembles_a_boundary_is_content() {
    for content in [
        "\r\n--",
        "\r\n--Y",
        "\r\n--Xy",
        "\r\n-\r\n--",
        "\r\n\r\n--x",
        "\r",
        "\r\n",
        "--X",
        "\n--X",
        "\r\n--X\n",
        "\r\r\n--",
        "\r\n--XX",
    ] {
        let body = format!("--X\r\n\r\n{content}\r\n--X--");
        check(&body, Ok((&[&format!("0:{content}")], false)));
    }
}

#[test]
fn blanks_may_follow_a_boundary_but_the_first() {
    check(
        "--X\r\n\r\na\r\n--X \t\r\n\r\nb\r\n--X--",
        Ok((&["0:a", "0:b"], false)),
    );
    check("--X \r\n\r\na\r\n--X--", BAD);
    check("--X\r\n\r\na\r\n--X z\r\n", BAD);
}

#[test]
fn a_part_without_an_end_stays_open() {
    check("--X\r\n\r\nhello", Ok((&[], true)));
    check("--X\r\n\r\na\r\n--X\r\nA: b", Ok((&["0:a"], false)));
    check("--X\r\n\r\nhello\r\n--X", Ok((&[], true)));
    check("--X\r\n\r\nhello\r\n--X-", Ok((&[], true)));
}

#[test]
fn other_bodies_are_refused() {
    for body in [
        "garbage",
        "preamble\r\n--X\r\n\r\n\r\n--X--",
        "--Y\r\n",
        "--X\n\nhello\n--X--\n",
        "--X-y",
        "--X\r\nA b: c\r\n\r\n",
        "--X\r\nA\r\n\r\n",
        "--X\r\n: c\r\n\r\n",
        "--X\r\nA : c\r\n\r\n",
        "--X\r\nA: b\rc\r\n\r\n",
        "--X\r\n\rx",
    ] {
        check(body, BAD);
    }
}

#[test]
fn headers_are_few_and_short() {
    let headers = |count: usize, length: usize| {
        let header = format!("A:{}\r\n", "b".repeat(length - 2));
        format!("--X\r\n{}\r\nc\r\n--X--", header.repeat(count))
    };
    check(&headers(8, 10), Ok((&["8:c"], false)));
    check(&headers(9, 10), BAD);
    check(&headers(1, 4224), Ok((&["1:c"], false)));
    check(&headers(1, 4225), BAD);
    check(&format!("--X\r\n{}", "A".repeat(5000)), BAD);
    assert!(Parser::new(&[b'X'; 256]).is_ok());
    assert_eq!(Parser::new(&[b'X'; 257]).err(), Some(Malformed));
}
