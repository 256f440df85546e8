import Files
import Foundation

/// The secret that a browser or a script shows to be let in.
///
///     try AccessToken("correct-horse-battery")        // 16 characters at least, of those that need no escape
///     try AccessToken.stored(in: "token.txt")         // made, if there is none, so that only its owner reads it
public struct AccessToken: Sendable, Hashable {
    public let text: String

    /// A shorter one could be guessed.
    static let minLength = 16
    /// A longer one would not fit into an address.
    static let maxLength = 256
    private static let marks: Set<Character> = ["-", ".", "_", "~"]

    /// - Throws: `AccessTokenError` if it is too short, too long, or has characters that an address or a cookie cannot
    ///   carry.
    public init(_ text: String) throws(AccessTokenError) {
        for character in text
        where !(character.isASCII && (character.isLetter || character.isNumber) || Self.marks.contains(character)) {
            throw .character(character)
        }
        guard (Self.minLength...Self.maxLength).contains(text.utf8.count) else { throw .length(text.utf8.count) }
        self.text = text
    }

    /// 32 characters that nobody can guess.
    public static func random() -> AccessToken {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return AccessToken(
            unchecked: String((0..<32).map { _ in digits[Int.random(in: 0..<digits.count, using: &generator)] }))
    }

    private init(unchecked text: String) { self.text = text }

    /// The token in a file, which is made with a random one if it is not there. Nobody else may read it.
    ///
    /// - Throws: `AccessTokenError` if what it holds is no token, or others may read the file; `FileError` if it cannot
    ///   be read or made.
    public static func stored(in path: String) throws -> AccessToken {
        let made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if made >= 0 {
            defer { close(made) }
            let token = random()
            do { try writeAll((token.text + "\n").utf8, to: made, path: path) } catch {
                // An empty file would be no token for the next start either.
                unlink(path)
                throw error
            }
            return token
        }
        guard errno == EEXIST else { throw FileError(.write, path: path, code: errno) }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
            throw AccessTokenError.readable(path: path)
        }
        let text = String(decoding: try readAll(path) ?? [], as: UTF8.self)
        return try AccessToken(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Whether this is the token, in a time that does not tell how much of it is right.
    func equals(_ other: some StringProtocol) -> Bool {
        let (mine, given) = (Array(text.utf8), Array(other.utf8))
        var difference = mine.count ^ given.count
        for index in mine.indices {
            difference |= Int(mine[index] ^ (given.isEmpty ? 0 : given[index % given.count]))
        }
        return difference == 0
    }
}

/// Why a text is not used as a token.
public enum AccessTokenError: Error, Sendable, Hashable, CustomStringConvertible {
    case length(Int)
    case character(Character)
    case readable(path: String)

    public var description: String {
        switch self {
        case .length(let count):
            "a token has \(AccessToken.minLength) to \(AccessToken.maxLength) characters, and this one has \(count)"
        case .character(let character):
            "a token has letters, digits, '-', '.', '_' and '~' only, and this one has '\(character)'"
        case .readable(let path):
            "others may read the token in \(path); keep them out: chmod 600 \(shell: path)"
        }
    }
}
