//! Tokens that are not good.

use super::*;

/// Every token that must be refused, and why it is.
pub(crate) fn refused() -> Vec<(&'static str, String, JwtError)> {
    use JwtError::{
        Algorithm as OtherAlgorithm, Audience, Claim, Critical, Expired, Issuer, Malformed,
        NotYetValid, Signature, TooLong,
    };
    let end = now() + 600;
    let fine = json!({"sub": "anna", "exp": end, "iss": "shop", "aud": "web"});
    let token = good(fine.clone());
    let [header, payload, signature]: [&str; 3] = token
        .split('.')
        .collect::<Vec<_>>()
        .try_into()
        .expect("three parts");
    let few = || Malformed("it has fewer than three parts");
    let many = || Malformed("it has more than three parts");
    let base64 = || Malformed("a part is not base64url");
    let no_header = || Malformed("the header is not a JSON object");
    let no_claims = || Malformed("the claims are not a JSON object");
    let with_header = |header: &str| signed(header, fine.to_string(), SECRET);
    let with_text = |payload: &str| signed(HS256, payload, SECRET);
    let duplicate =
        format!(r#"{{"sub":"anna","sub":"root","exp":{end},"iss":"shop","aud":"web"}}"#);
    let two_ends = format!(r#"{{"sub":"anna","exp":1,"exp":{end},"iss":"shop","aud":"web"}}"#);
    let not_utf8 = [
        br#"{"sub":""#.as_slice(),
        b"\xff\xfe",
        format!(r#"","exp":{end},"iss":"shop","aud":"web"}}"#).as_bytes(),
    ]
    .concat();
    let changed =
        encode(json!({"sub": "root", "exp": end, "iss": "shop", "aud": "web"}).to_string());
    let deep = format!(r#"{{"exp":{}1{}}}"#, "[".repeat(3000), "]".repeat(3000));
    vec![
        ("empty", String::new(), few()),
        ("a word", "token".to_owned(), few()),
        ("one dot", format!("{header}.{payload}"), few()),
        ("two dots alone", "..".to_owned(), no_header()),
        ("three dots", format!("{token}."), many()),
        ("a dot before", format!(".{token}"), many()),
        ("many dots", ".".repeat(500), many()),
        ("no header", format!(".{payload}.{signature}"), no_header()),
        ("no payload", format!("{header}..{signature}"), Signature),
        ("no signature", format!("{header}.{payload}."), Signature),
        ("cut short", token[..token.len() - 4].to_owned(), Signature),
        (
            "another signature",
            format!("{header}.{payload}.{}", encode([7; 32])),
            Signature,
        ),
        (
            "another payload",
            format!("{header}.{changed}.{signature}"),
            Signature,
        ),
        (
            "another secret",
            signed(HS256, fine.to_string(), "another secret of thirty-two byte"),
            Signature,
        ),
        (
            "an empty secret",
            signed(HS256, fine.to_string(), ""),
            Signature,
        ),
        ("a blank before", format!(" {token}"), base64()),
        ("a line break behind", format!("{token}\n"), Signature),
        (
            "padding",
            format!("{header}==.{payload}.{signature}"),
            base64(),
        ),
        (
            "plain base64",
            format!("+/{header}.{payload}.{signature}"),
            base64(),
        ),
        (
            "a header that is not base64",
            format!("!!.{payload}.{signature}"),
            base64(),
        ),
        (
            "a header that is not JSON",
            with_header("HS256"),
            no_header(),
        ),
        (
            "a header that is a list",
            with_header(r#"["HS256"]"#),
            no_header(),
        ),
        (
            "a header with two algorithms",
            with_header(r#"{"alg":"none","alg":"HS256"}"#),
            no_header(),
        ),
        (
            "no algorithm",
            with_header(r#"{"typ":"JWT"}"#),
            OtherAlgorithm,
        ),
        (
            "none",
            format!("{}.{payload}.", encode(r#"{"alg":"none"}"#)),
            OtherAlgorithm,
        ),
        ("NONE", with_header(r#"{"alg":"nOnE"}"#), OtherAlgorithm),
        ("HS512", with_header(r#"{"alg":"HS512"}"#), OtherAlgorithm),
        (
            "lower case",
            with_header(r#"{"alg":"hs256"}"#),
            OtherAlgorithm,
        ),
        ("RS256", with_header(r#"{"alg":"RS256"}"#), OtherAlgorithm),
        (
            "an algorithm that is a list",
            with_header(r#"{"alg":["HS256"]}"#),
            OtherAlgorithm,
        ),
        (
            "an unknown extension",
            with_header(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#),
            Critical,
        ),
        ("a payload that is not JSON", with_text("anna"), no_claims()),
        ("a payload that is a list", with_text("[]"), no_claims()),
        ("a payload that is too deep", with_text(&deep), no_claims()),
        (
            "a payload that is not UTF-8",
            signed(HS256, not_utf8, SECRET),
            no_claims(),
        ),
        ("two subjects", with_text(&duplicate), no_claims()),
        ("two ends", with_text(&two_ends), no_claims()),
        (
            "no end",
            good(json!({"sub": "anna", "iss": "shop", "aud": "web"})),
            Claim("exp"),
        ),
        (
            "an end that is null",
            good(json!({"sub": "anna", "exp": null})),
            Claim("exp"),
        ),
        (
            "an end that is a text",
            good(json!({"sub": "anna", "exp": end.to_string()})),
            Claim("exp"),
        ),
        (
            "an end that is true",
            good(json!({"sub": "anna", "exp": true})),
            Claim("exp"),
        ),
        (
            "an end beyond numbers",
            with_text(r#"{"sub":"anna","exp":1e999}"#),
            no_claims(),
        ),
        (
            "an end long ago",
            good(json!({"sub": "anna", "exp": 0})),
            Expired,
        ),
        (
            "an end before 1970",
            good(json!({"sub": "anna", "exp": -1})),
            Expired,
        ),
        (
            "an end just now",
            good(json!({"sub": "anna", "exp": now()})),
            Expired,
        ),
        (
            "a begin to come",
            good(json!({"sub": "anna", "exp": end, "nbf": end - 300})),
            NotYetValid,
        ),
        (
            "a begin that is a text",
            good(json!({"sub": "anna", "exp": end, "nbf": "0"})),
            Claim("nbf"),
        ),
        (
            "no issuer",
            good(json!({"sub": "anna", "exp": end, "aud": "web"})),
            Claim("iss"),
        ),
        (
            "another issuer",
            good(json!({"sub": "anna", "exp": end, "iss": "Shop", "aud": "web"})),
            Issuer,
        ),
        (
            "an issuer that is a list",
            good(json!({"sub": "anna", "exp": end, "iss": ["shop"], "aud": "web"})),
            Claim("iss"),
        ),
        (
            "no audience",
            good(json!({"sub": "anna", "exp": end, "iss": "shop"})),
            Claim("aud"),
        ),
        (
            "another audience",
            good(json!({"sub": "anna", "exp": end, "iss": "shop", "aud": "app"})),
            Audience,
        ),
        (
            "other audiences",
            good(json!({"sub": "anna", "exp": end, "iss": "shop", "aud": ["app", "tv"]})),
            Audience,
        ),
        (
            "no audience in a list",
            good(json!({"sub": "anna", "exp": end, "iss": "shop", "aud": []})),
            Audience,
        ),
        (
            "an audience that is a number",
            good(json!({"sub": "anna", "exp": end, "iss": "shop", "aud": 7})),
            Claim("aud"),
        ),
        (
            "huge",
            format!("{header}.{}.{signature}", "A".repeat(1 << 20)),
            TooLong,
        ),
    ]
}
