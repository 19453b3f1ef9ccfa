use aplomb::Model;

#[derive(Model)]
struct Unit;

#[derive(Model)]
struct Tuple();

#[derive(Model)]
enum Never {}

#[derive(Model)]
union Either {
    a: i64,
    b: f64,
}

fn main() {}
