//! Answers that leave out what their model does not have.

use aplomb::prelude::*;

#[derive(Model)]
struct UserBase {
    email: String,
}

#[derive(Model)]
struct UserCreate {
    email: String,
    password: String,
}

#[derive(Model)]
struct UserDB {
    email: String,
    hashed_password: String,
}

#[derive(Model)]
struct PetDB {
    name: String,
    owner: UserDB,
}

#[derive(Model)]
struct PetOut {
    name: String,
    owner: UserBase,
}

fn pet(name: &str) -> PetDB {
    PetDB {
        name: name.to_owned(),
        owner: UserDB {
            email: "johndoe@example.com".to_owned(),
            hashed_password: "secrethashed".to_owned(),
        },
    }
}

#[post("/users/", response_model = UserBase)]
async fn create_user(user: UserCreate) -> UserCreate {
    user
}

#[get("/pets/{pet_id}", response_model = PetOut)]
async fn read_pet(pet_id: i64) -> PetDB {
    let _ = pet_id;
    pet("Nibbler")
}

#[get("/pets/", response_model = Vec<PetOut>)]
async fn read_pets() -> Vec<PetDB> {
    vec![pet("Nibbler"), pet("Zoidberg")]
}

pub fn app() -> App {
    App::new().routes(routes![create_user, read_pet, read_pets])
}
