pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
