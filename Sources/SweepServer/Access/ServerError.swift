import Foundation

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
