//! [`FormLimits`]: how much a form may hold.

/// How much a form may hold; what is not said here is said further out, or the default.
///
/// Both encodings obey all of them; only multipart forms have files.
///
/// ```
/// use aplomb::http::FormLimits;
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[post("/notes", form_limits(max_part_size = 10))]
/// async fn create_note(#[form] text: String) -> String {
///     text
/// }
///
/// let app = App::new().form_limits(FormLimits::new().max_fields(1)).routes(routes![create_note]);
/// let client = TestClient::new(app);
/// client.post("/notes").form([("text", "short")]).send().assert_json(200, json!("short"));
/// let refused = client.post("/notes").form([("text", "a"), ("more", "b")]).send();
/// refused.assert_json(
///     400,
///     json!({"detail": "Too many fields. Maximum number of fields is 1."}),
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FormLimits {
    fields: Option<usize>,
    files: Option<usize>,
    part_size: Option<usize>,
}

impl FormLimits {
    /// Nothing said.
    pub const fn new() -> Self {
        Self {
            fields: None,
            files: None,
            part_size: None,
        }
    }

    /// How many fields that are no files; 1000 unless said otherwise.
    #[must_use]
    pub const fn max_fields(mut self, fields: usize) -> Self {
        self.fields = Some(fields);
        self
    }

    /// How many files; 1000 unless said otherwise.
    #[must_use]
    pub const fn max_files(mut self, files: usize) -> Self {
        self.files = Some(files);
        self
    }

    /// How many bytes one field that is no file may have; 1 MiB unless said otherwise. Files are
    /// bounded by the size of the body.
    #[must_use]
    pub const fn max_part_size(mut self, bytes: usize) -> Self {
        self.part_size = Some(bytes);
        self
    }

    /// What is said here, and for the rest what is said further out.
    pub(crate) fn below(self, outer: Self) -> Self {
        Self {
            fields: self.fields.or(outer.fields),
            files: self.files.or(outer.files),
            part_size: self.part_size.or(outer.part_size),
        }
    }

    pub(crate) fn fields(self) -> usize {
        self.fields.unwrap_or(1000)
    }

    pub(crate) fn files(self) -> usize {
        self.files.unwrap_or(1000)
    }

    pub(crate) fn part_size(self) -> usize {
        self.part_size.unwrap_or(1 << 20)
    }
}
