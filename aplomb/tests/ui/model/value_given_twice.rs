use aplomb::Model;

#[derive(Model)]
enum Color {
    #[model(value = "red")]
    Red,
    #[model(value = "red")]
    Blue,
    #[model(value = 1.5)]
    Green,
    #[model(colour = "x")]
    Black,
}

fn main() {}
