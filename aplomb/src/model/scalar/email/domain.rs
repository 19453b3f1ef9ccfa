//! The part behind the `@`.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::letters;

const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Domains that no mail can reach.
const RESERVED: [&str; 6] = ["arpa", "invalid", "local", "localhost", "onion", "test"];

fn allowed(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '.' || !letter.is_ascii()
}

fn excess(length: usize, limit: usize) -> String {
    let excess = length - limit;
    let plural = if excess > 1 { "s" } else { "" };
    format!("({excess} character{plural} too many)")
}

/// Two letters and two dashes mean an encoded name, of which only Punycode exists.
fn has_reserved_prefix(label: &str) -> bool {
    let mut letters = label.chars();
    let prefix: String = letters.by_ref().take(2).collect();
    prefix.chars().count() == 2
        && !prefix.eq_ignore_ascii_case("xn")
        && letters.as_str().starts_with("--")
}

/// The normal form of the part behind the `@`, as people write it and as the wire does.
pub(super) fn normalize(domain: &str) -> Result<(String, String), String> {
    if domain.is_empty() {
        return Err("There must be something after the @-sign.".to_owned());
    }
    if let Some(literal) = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return Err(literal_reason(literal));
    }
    let length = domain.chars().count();
    if length > LONGEST {
        let excess = excess(length, LONGEST);
        return Err(format!(
            "The email address is too long after the @-sign {excess}."
        ));
    }
    let bad = letters::unlike(domain, allowed);
    if !bad.is_empty() {
        return Err(format!(
            "The part after the @-sign contains invalid characters: {bad}."
        ));
    }
    letters::check_safe(domain)?;
    let (mapped, _) = idna::domain_to_unicode(domain);
    letters::check_dots(
        &mapped,
        true,
        |what| format!("An email address cannot have a {what} immediately after the @-sign."),
        |what| format!("An email address cannot end with a {what}."),
    )?;
    if mapped.split('.').any(has_reserved_prefix) {
        return Err(
            "An email address cannot have two letters followed by two dashes immediately after \
             the @-sign or after a period, except Punycode."
                .to_owned(),
        );
    }
    let ascii = idna::domain_to_ascii(domain)
        .map_err(|error| format!("The part after the @-sign is invalid ({error})."))?;
    check_reachable(&ascii)?;
    let (shown, _) = idna::domain_to_unicode(&ascii);
    Ok((shown, ascii))
}

fn check_reachable(ascii: &str) -> Result<(), String> {
    if ascii.len() > LONGEST {
        let excess = excess(ascii.len(), LONGEST);
        return Err(format!(
            "The email address is too long after the @-sign {excess}."
        ));
    }
    if let Some(label) = ascii.split('.').find(|label| label.len() > LONGEST_LABEL) {
        let excess = excess(label.len(), LONGEST_LABEL);
        return Err(format!(
            "After the @-sign, periods cannot be separated by so many characters {excess}."
        ));
    }
    if !ascii.contains('.') {
        return Err("The part after the @-sign is not valid. It should have a period.".to_owned());
    }
    if !ascii.ends_with(|letter: char| letter.is_ascii_alphabetic()) {
        return Err(
            "The part after the @-sign is not valid. It is not within a valid top-level domain."
                .to_owned(),
        );
    }
    let last = ascii.rsplit('.').next().unwrap_or(ascii);
    if RESERVED.contains(&last) {
        return Err(
            "The part after the @-sign is a special-use or reserved name that cannot be used \
             with email."
                .to_owned(),
        );
    }
    Ok(())
}

fn literal_reason(literal: &str) -> String {
    let is_v4 = !literal.is_empty()
        && literal
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    match literal.split_once(':') {
        _ if is_v4 && literal.parse::<Ipv4Addr>().is_err() => {
            "The address in brackets after the @-sign is not valid: It is not an IPv4 address or \
             is missing an address literal tag."
        }
        Some((tag, address))
            if tag.eq_ignore_ascii_case("ipv6") && address.parse::<Ipv6Addr>().is_err() =>
        {
            "The IPv6 address in brackets after the @-sign is not valid."
        }
        Some((tag, _)) if !tag.eq_ignore_ascii_case("ipv6") => {
            "The part after the @-sign contains an invalid address literal tag in brackets."
        }
        None if !is_v4 => {
            "The part after the @-sign in brackets is not an IPv4 address and has no address \
             literal tag."
        }
        _ => "A bracketed IP address after the @-sign is not allowed here.",
    }
    .to_owned()
}
