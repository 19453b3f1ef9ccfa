//! The titles Pydantic makes of names.

/// A name as a title: `item_id` becomes `Item Id`.
pub(crate) fn title(name: &str) -> String {
    let mut title = String::with_capacity(name.len());
    let mut inside = false;
    for character in name.chars() {
        if !character.is_alphabetic() {
            title.push(if character == '_' { ' ' } else { character });
        } else if inside {
            title.extend(character.to_lowercase());
        } else {
            title.extend(character.to_uppercase());
        }
        inside = character.is_alphabetic();
    }
    title.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn names_become_titles_as_in_python() {
        for (name, expected) in [
            ("item_id", "Item Id"),
            ("fullName", "Fullname"),
            ("HTTPCode2x", "Httpcode2X"),
            ("x-token", "X-Token"),
            ("_private_", "Private"),
        ] {
            assert_eq!(title(name), expected);
        }
    }
}
