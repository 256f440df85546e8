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
