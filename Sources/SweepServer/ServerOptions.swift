import Foundation
import SweepReport

/// What is served, to whom, and where.
///
///     var options = ServerOptions(sweeps: .all(in: "/data/results"), program: "revsweep 0.1.0")
///     options.port = 0                                     // any that is free
///     options.token = try AccessToken.stored(in: "token")
public struct ServerOptions: Sendable {
    public var sweeps: SweepFolders
    /// The name and version of the program, which pages show.
    public var program: String
    /// An address of this machine, or a name that stands for one.
    public var address = "127.0.0.1"
    /// 0 for any that is free.
    public var port = Self.usualPort
    /// Nil where everybody on this machine may look.
    public var token: AccessToken?
    /// Further names by which browsers call this server, with a port or without.
    public var allowedHosts: [String] = []
    public var limits = ServerLimits()

    public static let usualPort = 8080

    public init(sweeps: SweepFolders, program: String) {
        self.sweeps = sweeps
        self.program = program
    }

    /// The address without the brackets that IPv6 has before a port.
    var bareAddress: String {
        address.hasPrefix("[") && address.hasSuffix("]") ? String(address.dropFirst().dropLast()) : address
    }

    func served(at port: Int) -> ServedAddress {
        let name = HostRules.isWildcard(address) ? HostRules.ownName ?? "localhost" : HostRules.bracketed(bareAddress)
        return ServedAddress(text: "http://\(name):\(port)/" + (token.map { "?token=\($0.text)" } ?? ""))
    }
}

/// Where the server can be reached.
public struct ServedAddress: Sendable, Hashable {
    /// With the token, if there is one.
    public let text: String
}
