//! A real hub process, which can be killed and started again.

use anyhow::{Context, Result, bail};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// How long a hub may take to answer after its start, in tries of 200 ms.
const START_TRIES_MAX: u32 = 150;

/// A hub between counters and site.
pub(crate) struct Hub {
    program: PathBuf,
    data: PathBuf,
    port: u16,
    site: String,
    key: String,
    secret: String,
    child: Option<Child>,
}

impl Hub {
    /// A hub that is not running yet, with a data directory of its own.
    pub(crate) fn new(program: &Path, data: PathBuf, site: String, key: &str, secret: &str) -> Result<Self> {
        std::fs::create_dir_all(&data)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let (key, secret) = (key.to_owned(), secret.to_owned());
        Ok(Self { program: program.to_owned(), data, port, site, key, secret, child: None })
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its log.
    pub(crate) fn log(&self) -> PathBuf {
        self.data.join("hub.log")
    }

    /// Starts it and waits until it answers.
    pub(crate) async fn start(&mut self) -> Result<()> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log())?;
        let child = Command::new(&self.program)
            .args(["serve", "--data"])
            .arg(&self.data)
            .args(["--listen", &format!("127.0.0.1:{}", self.port), "--erpnext", &self.site, "--key", &self.key])
            .env("HOLDFAST_ERPNEXT_SECRET", &self.secret)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.display()))?;
        self.child = Some(child);
        for _ in 0..START_TRIES_MAX {
            if reqwest::get(format!("{}/health", self.url())).await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        bail!("the hub does not answer; its log is {}", self.log().display())
    }

    /// Kills it without a warning.
    pub(crate) fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// What the hub can prove of its journals, in its own words, and whether it proves it.
    pub(crate) fn audit(&self) -> Result<(bool, String)> {
        let output = Command::new(&self.program).arg("audit").arg("--data").arg(&self.data).output()?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.success(), String::from_utf8_lossy(&said).trim().to_owned()))
    }

    /// The memory that it has, in megabytes, as Linux says.
    pub(crate) fn resident_mb(&self) -> Option<f64> {
        let id = self.child.as_ref()?.id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kilobytes / 1000.0)
    }

    /// Removes its data directory.
    pub(crate) fn forget(&self) -> Result<()> {
        Ok(std::fs::remove_dir_all(&self.data)?)
    }
}

/// Whatever ends the run ends the hub.
impl Drop for Hub {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("the hub may still be running: {error:#}");
        }
    }
}
