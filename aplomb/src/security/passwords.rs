//! [`Passwords`]: hashes of passwords, made and checked where they keep nobody waiting.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::error::{Error, HttpException, Result};

/// How many may wait for their turn before the next are turned away.
const WAITING: usize = 256;

/// Makes hashes of passwords with argon2id, and checks passwords against hashes of argon2 or bcrypt.
///
/// A hash is slow and large on purpose: 19 MiB and some 20 ms of a processor, as OWASP advises. So
/// it is made on a thread of its own, one for each processor at most; more wait their turn, and when
/// 256 wait already the next is answered with 503.
///
/// Give the service one with [`App::state`](crate::App::state) and take it as `State<Passwords>`.
///
/// ```
/// use aplomb::security::passwords::Passwords;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let passwords = Passwords::new();
/// let hash = passwords.hash("correct horse").await.unwrap();
/// assert!(hash.starts_with("$argon2id$"));
/// assert!(passwords.verify("correct horse", &*hash).await.unwrap());
/// assert!(!passwords.verify("battery staple", &*hash).await.unwrap());
///
/// // Of a user there is none of: nobody's password is right, and it takes as long.
/// assert!(!passwords.verify("correct horse", None).await.unwrap());
/// # });
/// ```
#[derive(Clone)]
pub struct Passwords {
    params: Params,
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Passwords {
    /// With the cost OWASP advises: 19 MiB, two passes, one lane.
    pub fn new() -> Self {
        Self::of(Params::DEFAULT)
    }

    /// With another cost: memory in KiB, passes over it, and lanes.
    ///
    /// # Errors
    /// When argon2 does not allow these numbers.
    pub fn with_cost(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self> {
        Ok(Self::of(Params::new(memory_kib, passes, lanes, None)?))
    }

    /// How many hashes are made at once, at most; as many as there are processors otherwise.
    #[must_use]
    pub fn at_once(mut self, hashes: usize) -> Self {
        self.turns = Arc::new(Semaphore::new(hashes.max(1)));
        self
    }

    fn of(params: Params) -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self {
            params,
            turns: Arc::new(Semaphore::new(processors)),
            waiting: Arc::default(),
        }
    }

    /// The hash of a password, with a salt of its own, as a PHC string.
    ///
    /// # Errors
    /// When the system has no randomness to give, or too many wait for their turn.
    pub async fn hash(&self, password: impl Into<String>) -> Result<String> {
        let password = password.into();
        let argon2 = self.argon2();
        self.in_turn(move || Ok(argon2.hash_password(password.as_bytes())?.to_string()))
            .await
    }

    /// Whether a password is the one that a hash was made from; without a hash, as of a user there is
    /// none of, it is not, and that takes as long as a hash of this cost.
    ///
    /// Hashes of argon2 with any cost and of bcrypt are known; everything else is nobody's.
    ///
    /// # Errors
    /// When too many wait for their turn.
    pub async fn verify<'a>(
        &self,
        password: impl Into<String>,
        hash: impl Into<Option<&'a str>>,
    ) -> Result<bool> {
        let password = password.into();
        let hash = hash.into();
        let known = hash.is_some();
        let hash = hash.map_or_else(|| self.hash_of_nobody(), str::to_owned);
        let right = self.in_turn(move || Ok(is_right(&password, &hash))).await?;
        Ok(right && known)
    }

    /// Whether a hash should be made anew at the next log-in, while the password is at hand: it is of
    /// bcrypt, of another argon2 than argon2id, or of another cost.
    ///
    /// ```
    /// use aplomb::security::passwords::Passwords;
    ///
    /// let old = "$2b$12$4TKfqnXwgSWOQMxbDxkgWuFbzmGdbiAxnuFCSHxyQW8Y3LUm3pcL2";
    /// assert!(Passwords::new().needs_rehash(old));
    /// ```
    pub fn needs_rehash(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else {
            return true;
        };
        let params = Params::try_from(&hash);
        hash.algorithm.as_str() != "argon2id"
            || hash.version != Some(Version::V0x13.into())
            || !params.is_ok_and(|params| {
                let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
                cost(&params) == cost(&self.params)
            })
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    /// A hash of this cost that no password has, since its bytes were not made of one.
    fn hash_of_nobody(&self) -> String {
        let (memory, passes, lanes) = (
            self.params.m_cost(),
            self.params.t_cost(),
            self.params.p_cost(),
        );
        format!(
            "$argon2id$v=19$m={memory},t={passes},p={lanes}$bm9ib2R5IGhhcyB0aGlz${}",
            "A".repeat(43)
        )
    }

    /// Does slow work on a thread where that hurts nobody, when it is its turn.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let waits = Waits::begin(&self.waiting)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await?;
        drop(waits);
        // The turn goes with the work, which goes on when nobody waits for it any more.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await?
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Passwords")
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}

/// One that waits for its turn, until it is dropped.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn begin(waiting: &'a AtomicUsize) -> Result<Self> {
        if waiting.fetch_add(1, Ordering::Relaxed) >= WAITING {
            waiting.fetch_sub(1, Ordering::Relaxed);
            let busy = HttpException::status_only(503).header("Retry-After", "1");
            return Err(Error::from(busy));
        }
        Ok(Self(waiting))
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn is_right(password: &str, hash: &str) -> bool {
    if ["$2a$", "$2b$", "$2x$", "$2y$"]
        .iter()
        .any(|start| hash.starts_with(start))
    {
        // Those who made these hashes left out what is behind the 72nd byte.
        return bcrypt::verify(password, hash).unwrap_or(false);
    }
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}
