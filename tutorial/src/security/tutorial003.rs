//! A log-in whose tokens are the users' names.

use aplomb::prelude::*;
use aplomb::security::{OAuth2PasswordBearer, OAuth2PasswordRequestForm};

#[derive(Clone, Model)]
struct User {
    username: String,
    full_name: String,
    email: String,
    hashed_password: String,
    disabled: bool,
}

#[security]
fn oauth2_scheme() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

fn hash(password: &str) -> String {
    format!("fakehashed{password}")
}

fn get_user(name: &str) -> Option<User> {
    let (full_name, password, disabled) = match name {
        "johndoe" => ("John Doe", "secret", false),
        "alice" => ("Alice Wonderson", "secret2", true),
        _ => return None,
    };
    Some(User {
        username: name.to_owned(),
        full_name: full_name.to_owned(),
        email: format!("{name}@example.com"),
        hashed_password: hash(password),
        disabled,
    })
}

#[dependency]
async fn get_current_user(token: Depends<oauth2_scheme>) -> Result<User> {
    get_user(&token).ok_or_else(|| {
        HttpException::unauthorized("Not authenticated")
            .header("www-authenticate", "Bearer")
            .into()
    })
}

#[dependency]
async fn get_current_active_user(current_user: Depends<get_current_user>) -> Result<User> {
    if current_user.disabled {
        return Err(HttpException::bad_request("Inactive user").into());
    }
    Ok(current_user.into_inner())
}

#[post("/token")]
async fn login(form: Depends<OAuth2PasswordRequestForm>) -> Result<Value> {
    match get_user(&form.username) {
        Some(user) if hash(&form.password) == user.hashed_password => {
            Ok(json!({"access_token": user.username, "token_type": "bearer"}))
        }
        _ => Err(HttpException::bad_request("Incorrect username or password").into()),
    }
}

#[get("/users/me")]
async fn read_users_me(current_user: Depends<get_current_active_user>) -> Value {
    json!(*current_user)
}

pub fn app() -> App {
    App::new().routes(routes![login, read_users_me])
}
