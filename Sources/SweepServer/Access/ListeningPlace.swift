import Foundation
import Synchronization

/// The address and port that a server is to listen on.
enum ListeningPlace {
    /// Finds out why it cannot be used, in words for people: what the library says of it is for programmers.
    ///
    /// - Throws: `ServerError`.
    static func check(_ address: String, _ port: Int) throws(ServerError) {
        guard (0...65535).contains(port) else { throw .notAPort(port) }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address, "\(port)", &hints, &found)
        guard code == 0, let place = found?.pointee else {
            throw .unknownAddress(address, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(place.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ServerError(errno, address, port) }
        defer { close(descriptor) }
        // As the server itself does: a port that was closed a moment ago can be used again.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, place.ai_addr, place.ai_addrlen) == 0 else { throw ServerError(errno, address, port) }
        // Two sockets that listen nowhere yet may have one port; only listening tells.
        guard port == 0 || listen(descriptor, 1) == 0 else { throw ServerError(errno, address, port) }
    }
}

/// The port that the server has, which is known once it listens.
final class BoundPort: Sendable {
    private let value: Atomic<Int>

    init(_ port: Int) { value = Atomic(port) }

    var number: Int { value.load(ordering: .relaxed) }

    func set(_ port: Int) { value.store(port, ordering: .relaxed) }
}

/// Why nothing can be served.
public enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    case needsToken(address: String)
    case notAHost(String)
    case notAPort(Int)
    case unknownAddress(String, reason: String)
    case portInUse(Int, address: String)
    case notAllowed(Int)
    case unusable(address: String, port: Int, reason: String)

    init(_ code: Int32, _ address: String, _ port: Int) {
        self =
            switch code {
            case EADDRINUSE: .portInUse(port, address: address)
            case EACCES: .notAllowed(port)
            default: .unusable(address: address, port: port, reason: String(cString: strerror(code)))
            }
    }

    public var description: String {
        switch self {
        case .needsToken(let address):
            "others can reach \(address), so a token has to keep them out\n"
                + "  = help: add --token-file FILE, which makes one; or serve on 127.0.0.1 and use ssh -L"
        case .notAHost(let host):
            "'\(host)' is no name of a host\n  = help: such as sweeps.example or sweeps.example:443"
        case .notAPort(let port): "there is no port \(port)\n  = help: 1 to 65535, or 0 for any that is free"
        case .unknownAddress(let address, let reason):
            "the address '\(address)' is not known: \(reason)\n  = help: 127.0.0.1 is for this machine alone"
        case .portInUse(let port, let address):
            "another program uses port \(port) of \(address)\n"
                + "  = help: choose another one with --port; --port 0 takes any that is free"
        case .notAllowed(let port):
            "only the superuser may use port \(port)\n  = help: choose one above 1023 with --port"
        case .unusable(let address, let port, let reason):
            "port \(port) of \(address) cannot be used: \(reason)\n  = help: --address takes an address of this machine"
        }
    }
}
