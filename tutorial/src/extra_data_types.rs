pub mod tutorial001;
