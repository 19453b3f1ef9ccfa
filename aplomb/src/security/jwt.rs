//! JSON Web Tokens: issued and verified with one algorithm for each key.
//!
//! ```
//! use std::time::Duration;
//!
//! use aplomb::prelude::*;
//! use aplomb::security::OAuth2PasswordBearer;
//! use aplomb::security::jwt::{Claims, Key, Verifier};
//! use aplomb::testing::TestClient;
//!
//! #[security]
//! fn oauth2() -> OAuth2PasswordBearer {
//!     OAuth2PasswordBearer::new("token")
//! }
//!
//! #[get("/me")]
//! async fn read_me(token: Depends<oauth2>, verifier: State<Verifier>) -> Result<String> {
//!     let claims: Claims = verifier.verify(&token)?;
//!     Ok(claims.sub)
//! }
//!
//! let key = Key::hs256("a secret of 32 bytes or more, kept").unwrap();
//! let token = key.issue(&Claims::new("anna", Duration::from_secs(1800))).unwrap();
//!
//! let app = App::new().state(Verifier::new(key)).routes(routes![read_me]);
//! let client = TestClient::new(app);
//! client.get("/me").bearer_auth(&token).send().assert_json(200, "anna");
//! let refused = client.get("/me").bearer_auth("not.a.token").send();
//! refused.assert_json(401, json!({"detail": "Could not validate credentials"}));
//! refused.assert_header("www-authenticate", "Bearer");
//! ```

mod algorithm;
mod claims;
mod error;
mod key;
mod token;
mod verifier;

pub use algorithm::Algorithm;
pub use claims::Claims;
pub use error::{JwtError, KeyError};
pub use key::Key;
pub use verifier::Verifier;
