//! What may go to a terminal: text of clients and services must not move the cursor or lie.

use std::fmt::Write as _;

/// Text on one line in which nothing commands a terminal.
pub(crate) fn line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            letter if is_command(letter) => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(letter));
            }
            letter => safe.push(letter),
        }
    }
    safe
}

/// The same of several lines, which stay lines.
pub(crate) fn lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n")
}

/// JSON that means the same and in which nothing commands a terminal.
pub(crate) fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match is_command(letter) {
            // JSON has them in strings alone.
            true => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    let _ = write!(safe, "\\u{unit:04x}");
                }
            }
            false => safe.push(letter),
        }
    }
    safe
}

/// Whether a character is a control, or changes the order or the look of those around it.
fn is_command(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                // Tags, which are text that nobody sees.
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Text that is cut when it has more characters than this.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(most.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_commands_the_terminal() {
        let hostile = "a\u{1b}[2Jb\nc\u{9b}31m\u{202e}d\u{7f}\u{61c}\u{e0041}";
        let shown = "a\\u{1b}[2Jb\\nc\\u{9b}31m\\u{202e}d\\u{7f}\\u{61c}\\u{e0041}";
        assert_eq!(line(hostile), shown);
        let written = serde_json::Value::from(hostile).to_string();
        let safe = json(&written);
        assert!(!safe.chars().any(is_command), "{safe}");
        let read: serde_json::Value = serde_json::from_str(&safe).expect("JSON");
        assert_eq!(read, hostile);
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
    }
}
