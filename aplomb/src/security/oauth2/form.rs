//! The form that logs in for OAuth2.

use std::fmt;

/// The form of a login by user name and password, as OAuth2 has it; take it as
/// `Depends<OAuth2PasswordRequestForm>`.
#[crate::dependency(crate = crate)]
#[derive(Clone)]
pub struct OAuth2PasswordRequestForm {
    /// `password`, where it is given.
    #[form(description = "", pattern = "^password$")]
    pub grant_type: Option<String>,
    /// Who logs in.
    #[form(description = "")]
    pub username: String,
    /// Their password.
    #[form(description = "", schema_extra = {"format": "password"})]
    pub password: String,
    /// The scopes asked for, separated by blanks.
    #[form(description = "", default = "")]
    pub scope: String,
    /// Which client logs them in.
    #[form(description = "")]
    pub client_id: Option<String>,
    /// The client's own password.
    #[form(description = "", schema_extra = {"format": "password"})]
    pub client_secret: Option<String>,
}

/// The same form for clients that keep to RFC 6749: `grant_type` must be given.
#[crate::dependency(crate = crate)]
#[derive(Clone)]
pub struct OAuth2PasswordRequestFormStrict {
    /// `password`.
    #[form(description = "", pattern = "^password$")]
    pub grant_type: String,
    /// Who logs in.
    #[form(description = "")]
    pub username: String,
    /// Their password.
    #[form(description = "")]
    pub password: String,
    /// The scopes asked for, separated by blanks.
    #[form(description = "", default = "")]
    pub scope: String,
    /// Which client logs them in.
    #[form(description = "")]
    pub client_id: Option<String>,
    /// The client's own password.
    #[form(description = "")]
    pub client_secret: Option<String>,
}

macro_rules! forms {
    ($($form:ident)*) => {
        $(
            impl $form {
                /// The scopes asked for.
                pub fn scopes(&self) -> impl Iterator<Item = &str> {
                    self.scope.split_whitespace()
                }
            }

            /// Without passwords, which do not belong in a log.
            impl fmt::Debug for $form {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter
                        .debug_struct(stringify!($form))
                        .field("username", &self.username)
                        .field("scope", &self.scope)
                        .finish_non_exhaustive()
                }
            }
        )*
    };
}

forms! { OAuth2PasswordRequestForm OAuth2PasswordRequestFormStrict }
