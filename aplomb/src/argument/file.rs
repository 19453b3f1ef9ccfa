//! [`FileArgument`]: what an argument with `#[file]` can be.

use bytes::Bytes;

use crate::http::UploadFile;
use crate::model::Model;

/// A type that an argument with `#[file]` can have: [`UploadFile`], its content as [`Bytes`] or
/// `Vec<u8>`, and an `Option` or a list of one of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an uploaded file",
    label = "a file is an `UploadFile`, or its content as `Bytes` or `Vec<u8>`",
    note = "it may be absent as `Option<UploadFile>`, and there may be several as `Vec<UploadFile>`",
    note = "a field of the form that is no file is `#[form]`"
)]
pub trait FileArgument: Sized + Send + 'static {
    /// What is read from the form.
    type Form: Model;
    /// Whether the content is wanted, and not a handle on the file.
    const CONTENT: bool;

    /// The argument as what is read from the form.
    fn into_form(self) -> Self::Form;

    /// The argument from what is read from the form.
    fn from_form(form: Self::Form) -> Self;
}

impl FileArgument for UploadFile {
    type Form = Self;
    const CONTENT: bool = false;

    fn into_form(self) -> Self {
        self
    }

    fn from_form(form: Self) -> Self {
        form
    }
}

impl FileArgument for Bytes {
    type Form = Self;
    const CONTENT: bool = true;

    fn into_form(self) -> Self {
        self
    }

    fn from_form(form: Self) -> Self {
        form
    }
}

impl FileArgument for Vec<u8> {
    type Form = Bytes;
    const CONTENT: bool = true;

    fn into_form(self) -> Bytes {
        self.into()
    }

    fn from_form(form: Bytes) -> Self {
        form.into()
    }
}

impl<T: FileArgument> FileArgument for Vec<T> {
    type Form = Vec<T::Form>;
    const CONTENT: bool = T::CONTENT;

    fn into_form(self) -> Self::Form {
        self.into_iter().map(T::into_form).collect()
    }

    fn from_form(form: Self::Form) -> Self {
        form.into_iter().map(T::from_form).collect()
    }
}

impl<T: FileArgument> FileArgument for Option<T> {
    type Form = Option<T::Form>;
    const CONTENT: bool = T::CONTENT;

    fn into_form(self) -> Self::Form {
        self.map(T::into_form)
    }

    fn from_form(form: Self::Form) -> Self {
        form.map(T::from_form)
    }
}
