import Foundation

/// By which names a browser may call this server.
///
/// A page of a stranger can give its own name the address of this machine ("DNS rebinding") and would then read
/// everything as if it came from here. What it cannot do is to call this machine by another name than its own. So only
/// names are answered that can be no stranger's: those that always mean the machine itself, addresses in digits, the
/// host's own name, and those that the user allows.
///
///     let rules = HostRules(address: "127.0.0.1", allowed: ["sweeps.example"])
///     rules.allow("localhost:8080")         // true
///     rules.allow("evil.example:8080")      // false
struct HostRules: Sendable {
    /// Names without a port. Behind a tunnel, such as that of `ssh -L`, a browser uses another port than the server's.
    private var names: Set<String> = ["localhost", "127.0.0.1", "[::1]"]
    /// Names that are allowed with one port only.
    private var exact: Set<String> = []
    private let allowsDigits: Bool

    init(address: String, allowed: [String]) {
        let isWildcard = Self.isWildcard(address)
        allowsDigits = isWildcard
        if isWildcard {
            if let name = Self.ownName {
                names.insert(name)
                if let short = name.split(separator: ".").first { names.insert(String(short)) }
            }
        } else {
            names.insert(Self.bracketed(address).lowercased())
        }
        for host in allowed.map({ $0.lowercased() }) {
            if Self.parts(host)?.port == nil { names.insert(host) } else { exact.insert(host) }
        }
    }

    /// - Parameter host: what the request's `Host` says.
    func allow(_ host: String) -> Bool {
        let host = host.lowercased()
        guard let (name, _) = Self.parts(host) else { return false }
        if names.contains(name) || exact.contains(host) { return true }
        return allowsDigits && Self.isDigits(name)
    }

    /// Whether it stands for all addresses of the machine.
    static func isWildcard(_ address: String) -> Bool { ["0.0.0.0", "::", "[::]"].contains(address) }

    /// Whether only programs on this machine can reach it.
    static func isLoopback(_ address: String) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(address.lowercased()) { return true }
        return isVersion4(address) && address.hasPrefix("127.")
    }

    /// An address as it is written before a port.
    static func bracketed(_ address: String) -> String {
        address.contains(":") && !address.hasPrefix("[") ? "[\(address)]" : address
    }

    /// Name and port; nil if it is no host at all.
    static func parts(_ host: String) -> (name: String, port: Int?)? {
        var name = host[...]
        var port: Int?
        let afterBracket = host.lastIndex(of: "]").map { host[$0...] } ?? host[...]
        if let colon = afterBracket.lastIndex(of: ":") {
            let digits = host[host.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
                (1...65535).contains(number)
            else { return nil }
            port = number
            name = host[..<colon]
        }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), 48...57: true
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
            case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"): host.hasPrefix("[")
            default: false
            }
        }
        return isName && !name.isEmpty ? (String(name), port) : nil
    }

    private static func isDigits(_ name: String) -> Bool {
        if isVersion4(name) { return true }
        guard name.hasPrefix("["), name.hasSuffix("]") else { return false }
        var address = in6_addr()
        return inet_pton(AF_INET6, String(name.dropFirst().dropLast()), &address) == 1
    }

    private static func isVersion4(_ name: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, name, &address) == 1
    }

    /// This machine's name, in small letters.
    static var ownName: String? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return nil }
        let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.isEmpty ? nil : text.lowercased()
    }
}
