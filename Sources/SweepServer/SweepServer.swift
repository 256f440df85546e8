import Foundation
import Hummingbird
import HummingbirdCore
import SweepPage
import SweepReport
import Synchronization

/// Shows sweeps to browsers: the list of them, a page for each that follows it live, and the logs of its trials.
///
/// It only reads. What it needs of the machine is limited, whatever clients do, and nothing is kept for one of them.
///
///     let server = try SweepServer(options)
///     try await server.run { address in print(address.text) }
public struct SweepServer: Sendable {
    private let options: ServerOptions
    private let pages: ServedPages

    /// - Throws: `ServerError` if the options would let strangers in; `PageResourceError` if the program was copied
    ///   without its files.
    public init(_ options: ServerOptions) throws {
        if options.token == nil, !HostRules.isLoopback(options.address) {
            throw ServerError.needsToken(address: options.address)
        }
        for host in options.allowedHosts where HostRules.parts(host.lowercased()) == nil {
            throw ServerError.notAHost(host)
        }
        self.options = options
        pages = try ServedPages()
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter announce: called once, when clients can connect.
    /// - Throws: `ServerError` if the address or port cannot be used.
    public func run(announce: @escaping @Sendable (ServedAddress) -> Void) async throws {
        try ListeningPlace.check(options.bareAddress, options.port)
        let port = BoundPort(options.port)
        let limits = options.limits
        let table = SweepTable(options.sweeps)
        let responder = Responder(
            rules: AccessRules(
                hosts: HostRules(address: options.address, allowed: options.allowedHosts),
                token: options.token, port: port),
            routes: Routes(
                table: table, index: SweepIndex(table), documents: DocumentCache(program: options.program),
                pages: pages),
            limits: limits, streams: StreamCount(limit: limits.streams))
        var application = Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    idleTimeout: .nanoseconds(Int64(limits.idle / .nanoseconds(1))),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: ServerLimits.headerSize, maxHeaderListSize: ServerLimits.headersSize,
                        maxHeaderFieldCount: ServerLimits.headersCount))),
            configuration: ApplicationConfiguration(
                address: .hostname(options.bareAddress, port: options.port),
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            onServerRunning: { channel in
                port.set(channel.localAddress?.port ?? options.port)
                announce(options.served(at: port.number))
            })
        application.logger.logLevel = .critical
        try await application.run()
    }
}
