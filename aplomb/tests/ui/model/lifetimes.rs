use aplomb::Model;

#[derive(Model)]
struct Item<'a, const N: usize> {
    name: &'a str,
}

fn main() {}
