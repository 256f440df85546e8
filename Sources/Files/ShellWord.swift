/// A text as one word of a command line that a person may copy into a shell.
///
///     ShellWord.text("my run")                        // 'my run'
///     "revsweep run \(shell: "sweeps/a b.yaml")"      // revsweep run 'sweeps/a b.yaml'
public enum ShellWord {
    /// In quotes if it has anything but letters, digits and a few signs.
    public static func text(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                true
            default: "_./-=:,+@%".utf8.contains(byte)
            }
        }
        if isPlain && !word.isEmpty { return word }
        return "'" + word.replacing("'", with: "'\\''") + "'"
    }
}

extension DefaultStringInterpolation {
    /// Adds a word as a shell reads it.
    public mutating func appendInterpolation(shell word: String) { appendLiteral(ShellWord.text(word)) }
}
