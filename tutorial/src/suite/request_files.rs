//! Files, alone or several, as bytes or uploads, under every alias.

use crate::apps::MakeApp;

/// Pairs of operations: the sizes of bytes, and of uploads.
macro_rules! files {
    ($bytes:ty, $upload:ty, $bytes_size:expr, $upload_size:expr;
     $($path:literal $id:literal $name:ident, $upload_path:literal $upload_id:literal $upload_name:ident [$($keys:tt)*];)*) => {
        $(
            #[post($path, operation_id = $id)]
            async fn $name(#[file($($keys)*)] p: $bytes) -> Value {
                json!({"file_size": $bytes_size(&p)})
            }

            #[post($upload_path, operation_id = $upload_id)]
            async fn $upload_name(#[file($($keys)*)] p: $upload) -> Value {
                json!({"file_size": $upload_size(&p)})
            }
        )*

        pub fn app() -> App {
            App::new()$(.routes(routes![$name, $upload_name]))*
        }
    };
}

/// FastAPI's `test_request_params/test_file/test_required.py`.
pub mod required {
    use aplomb::prelude::*;

    files! {
        Vec<u8>, UploadFile, Vec::<u8>::len, UploadFile::size;
        "/required-bytes" "required_bytes" read_required_bytes,
        "/required-uploadfile" "required_uploadfile" read_required_uploadfile [];
        "/required-bytes-alias" "required_bytes_alias" read_required_bytes_alias,
        "/required-uploadfile-alias" "required_uploadfile_alias" read_required_uploadfile_alias [alias = "p_alias"];
        "/required-bytes-validation-alias" "required_bytes_validation_alias" read_required_bytes_validation_alias,
        "/required-uploadfile-validation-alias" "required_uploadfile_validation_alias" read_required_uploadfile_validation_alias [alias = "p_val_alias"];
        "/required-bytes-alias-and-validation-alias" "required_bytes_alias_and_validation_alias" read_required_bytes_alias_and_validation_alias,
        "/required-uploadfile-alias-and-validation-alias" "required_uploadfile_alias_and_validation_alias" read_required_uploadfile_alias_and_validation_alias [alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_file/test_list.py`.
pub mod list {
    use aplomb::prelude::*;

    fn lengths(files: &[Vec<u8>]) -> Vec<usize> {
        files.iter().map(Vec::len).collect()
    }

    fn sizes(files: &[UploadFile]) -> Value {
        json!(files.iter().map(UploadFile::size).collect::<Vec<_>>())
    }

    files! {
        Vec<Vec<u8>>, Vec<UploadFile>, lengths, sizes;
        "/list-bytes" "list_bytes" read_list_bytes,
        "/list-uploadfile" "list_uploadfile" read_list_uploadfile [];
        "/list-bytes-alias" "list_bytes_alias" read_list_bytes_alias,
        "/list-uploadfile-alias" "list_uploadfile_alias" read_list_uploadfile_alias [alias = "p_alias"];
        "/list-bytes-validation-alias" "list_bytes_validation_alias" read_list_bytes_validation_alias,
        "/list-uploadfile-validation-alias" "list_uploadfile_validation_alias" read_list_uploadfile_validation_alias [alias = "p_val_alias"];
        "/list-bytes-alias-and-validation-alias" "list_bytes_alias_and_validation_alias" read_list_bytes_alias_and_validation_alias,
        "/list-uploadfile-alias-and-validation-alias" "list_uploadfile_alias_and_validation_alias" read_list_uploadfile_alias_and_validation_alias [alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_file/test_optional.py`.
pub mod optional {
    use aplomb::prelude::*;

    fn length(file: &Option<Vec<u8>>) -> Option<usize> {
        file.as_ref().map(Vec::len)
    }

    fn size(file: &Option<UploadFile>) -> Value {
        json!(file.as_ref().map(UploadFile::size))
    }

    files! {
        Option<Vec<u8>>, Option<UploadFile>, length, size;
        "/optional-bytes" "optional_bytes" read_optional_bytes,
        "/optional-uploadfile" "optional_uploadfile" read_optional_uploadfile [];
        "/optional-bytes-alias" "optional_bytes_alias" read_optional_bytes_alias,
        "/optional-uploadfile-alias" "optional_uploadfile_alias" read_optional_uploadfile_alias [alias = "p_alias"];
        "/optional-bytes-validation-alias" "optional_bytes_validation_alias" read_optional_bytes_validation_alias,
        "/optional-uploadfile-validation-alias" "optional_uploadfile_validation_alias" read_optional_uploadfile_validation_alias [alias = "p_val_alias"];
        "/optional-bytes-alias-and-validation-alias" "optional_bytes_alias_and_validation_alias" read_optional_bytes_alias_and_validation_alias,
        "/optional-uploadfile-alias-and-validation-alias" "optional_uploadfile_alias_and_validation_alias" read_optional_uploadfile_alias_and_validation_alias [alias = "p_val_alias"];
    }
}

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("tests.test_request_params.test_file.test_required", required::app),
    ("tests.test_request_params.test_file.test_list", list::app),
    ("tests.test_request_params.test_file.test_optional", optional::app),
];
