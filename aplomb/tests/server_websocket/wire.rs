//! Frames as a client sends and reads them.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub(crate) const TEXT: u8 = 1;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

pub(crate) fn read_head(mut stream: &TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8(head).expect("text"))
}

/// A frame, masked with zeros.
pub(crate) fn frame(opcode: u8, content: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match u8::try_from(content.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            let length = u16::try_from(content.len()).expect("a short message");
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(content);
    frame
}

pub(crate) fn send(mut stream: &TcpStream, opcode: u8, content: &[u8]) {
    stream.write_all(&frame(opcode, content)).expect("sent");
}

/// The next frame: opcode and content.
pub(crate) fn receive(mut stream: &TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    stream.read_exact(&mut head)?;
    let length = match head[1] {
        126 => {
            let mut length = [0; 2];
            stream.read_exact(&mut length)?;
            usize::from(u16::from_be_bytes(length))
        }
        127 => {
            let mut length = [0; 8];
            stream.read_exact(&mut length)?;
            usize::try_from(u64::from_be_bytes(length)).expect("a length")
        }
        length => usize::from(length),
    };
    let mut content = vec![0; length];
    stream.read_exact(&mut content)?;
    Ok((head[0] & 15, content))
}

/// Reads until a frame of this kind comes.
pub(crate) fn receive_until(stream: &TcpStream, opcode: u8) -> Vec<u8> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        let (came, content) = receive(stream).expect("a frame");
        if came == opcode {
            return content;
        }
        assert!(came != CLOSE, "closed: {content:?}");
    }
    panic!("no frame with opcode {opcode} comes");
}

pub(crate) fn is_closed(mut stream: &TcpStream) -> bool {
    match stream.read(&mut [0; 16]) {
        Ok(count) => count == 0,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

pub(crate) fn code(close: &[u8]) -> u16 {
    u16::from_be_bytes([close[0], close[1]])
}
