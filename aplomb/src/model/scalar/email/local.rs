//! The part in front of the `@`.

use super::letters;

/// Mailboxes whose names have no case (RFC 2142).
const WITHOUT_CASE: [&str; 15] = [
    "info",
    "marketing",
    "sales",
    "support",
    "abuse",
    "noc",
    "security",
    "postmaster",
    "hostmaster",
    "usenet",
    "news",
    "webmaster",
    "www",
    "uucp",
    "ftp",
];

/// Whether a character needs no quotes in a plain ASCII address.
pub(super) fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_!#$%&'*+-/=?^`{|}~".contains(letter)
}

/// Takes the quotes off, if there are any.
fn unquoted(local: &str) -> Result<(String, bool), String> {
    let Some(inner) = local.strip_prefix('"') else {
        return Ok((local.to_owned(), false));
    };
    let mut text = String::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next().map(|(_, escaped)| escaped)),
            '"' => {
                let rest = &inner[at + 1..];
                if !rest.is_empty() {
                    let named = letters::unlike(rest, |_| false);
                    return Err(format!(
                        "Extra character(s) found after close quote: {named}"
                    ));
                }
                break;
            }
            letter => text.push(letter),
        }
    }
    Ok((text, true))
}

/// The normal form of the part in front of the `@`.
pub(super) fn normalize(local: &str) -> Result<String, String> {
    let (text, quoted) = unquoted(local)?;
    if text.is_empty() {
        return Err("There must be something before the @-sign.".to_owned());
    }
    let allowed = |letter: char| is_plain(letter) || !letter.is_ascii();
    let has_atoms = text
        .split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(allowed));
    if has_atoms {
        if !text.is_ascii() {
            letters::check_safe(&text)?;
        }
    } else if quoted {
        let bad = letters::unlike(&text, |letter| !letter.is_ascii_control());
        if !bad.is_empty() {
            return Err(format!(
                "The email address contains invalid characters in quotes before the @-sign: {bad}."
            ));
        }
    } else {
        let bad = letters::unlike(&text, |letter| letter == '.' || allowed(letter));
        if !bad.is_empty() {
            return Err(format!(
                "The email address contains invalid characters before the @-sign: {bad}."
            ));
        }
        letters::check_dots(
            &text,
            false,
            |what| format!("An email address cannot start with a {what}."),
            |what| format!("An email address cannot have a {what} immediately before the @-sign."),
        )?;
    }
    if quoted {
        return Err("Quoting the part before the @-sign is not allowed here.".to_owned());
    }
    let lower = text.to_ascii_lowercase();
    Ok(if WITHOUT_CASE.contains(&&*lower) {
        lower
    } else {
        text
    })
}
