import Foundation
import GRDB
import TestSupport
import Testing

/// `revsweep serve` as users start it, and a sweep that runs beside it.
@Suite struct ServeTests {
    private static let token = "end-to-end-0123456789"

    private func ask(
        _ path: String, _ serving: Program.Serving, headers: [String] = []
    ) async throws -> HTTPConnection.Answer {
        let connection = try HTTPConnection(port: serving.port)
        let lines = ["GET \(path) HTTP/1.1", "Host: localhost:\(serving.port)"] + headers
        try await connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try await connection.answer()
    }

    @Test func `a sweep that is started later appears, and its trials and logs arrive as they happen`() async throws {
        let place = try Workplace(
            """
            echo "started $1"; until [ -e ../go ]; do sleep 0.01; done; echo "{\\"loss\\": $1}"
            """, budget: "{trials: 4}", settings: "resources: {parallel: 1}")
        try FileManager.default.createDirectory(
            atPath: "\(place.directory.path)/results", withIntermediateDirectories: true)
        let result = try await Program.revsweep.serve(["serve", "--port", "0"], in: place.directory.path) {
            (serving) async throws in
            #expect(serving.address == "http://127.0.0.1:\(serving.port)/")
            let list = try await EventReader(port: serving.port, path: "/events")
            let empty = try await list.next()
            #expect(empty.data.contains("\"sweeps\": []"))
            async let run = place.revsweep("run", "test.yaml", "--quiet")
            _ = try await list.next { $0.data.contains("sweep/test/") && $0.data.contains("running") }
            let events = try await EventReader(port: serving.port, path: "/sweep/test/events")
            _ = try await events.next { $0.name == "sweep" && $0.data.contains("running (process") }
            // The log is there as soon as the trial is.
            let hasTrial = try await eventually(within: .seconds(60)) {
                try await ask("/sweep/test/trial/0", serving).status == 303
            }
            #expect(hasTrial)
            let log = try await EventReader(port: serving.port, path: "/sweep/test/log/0")
            let printed = try await log.next { $0.name == "log" }
            #expect(printed.data.contains("started"))
            try place.directory.write("", to: "results/test/trials/go")
            _ = try await log.next { $0.name == "log" && $0.data.contains("loss") }
            _ = try await log.next { $0.name == "end" }
            #expect(try await run.status == .exited(0))
            _ = try await events.next { $0.name == "sweep" && $0.data.contains("not running") }
            #expect(try await ask("/sweep/test/trial/3", serving).headers["location"] == "/sweep/test/#trial=3")
            _ = try await list.next { $0.data.contains("done") }
        }
        #expect(result.status == .exited(0) && result.errorOutput == "")
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a signal ends it at once, whoever is connected`(signal: CInt) async throws {
        let place = try Workplace(budget: "{trials: 2}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        var held: [Any] = []
        let result = try await Program.revsweep.serve(
            ["serve", "--port", "0"], in: place.directory.path, ending: signal
        ) { (serving) async throws in
            held.append(try await EventReader(port: serving.port, path: "/sweep/test/events"))
            held.append(try HTTPConnection(port: serving.port))
        }
        #expect(result.status == .exited(0) && result.errorOutput == "")
        held = []
    }

    @Test func `a sweep is named in every way that there is`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        for name in ["test", "results/test", "results/test/", "results/test/sweep.sqlite", "test.yaml"] {
            _ = try await Program.revsweep.serve(["serve", name, "--port", "0"], in: place.directory.path) {
                (serving) async throws in
                #expect(try await ask("/", serving).headers["location"] == "/sweep/test/", "\(name)")
                #expect(try await ask("/sweep/test/data.json", serving).status == 200)
            }
        }
        for arguments in [["results"], [], ["--results", "results"]] {
            _ = try await Program.revsweep.serve(["serve", "--port", "0"] + arguments, in: place.directory.path) {
                (serving) async throws in
                #expect(try await ask("/", serving).headers["location"] == "/sweeps", "\(arguments)")
                #expect(try await ask("/sweeps.json", serving).text.contains("sweep/test/"))
            }
        }
    }

    @Test(arguments: [
        (["--address", "0.0.0.0"], "token-file"), (["--token", "short"], "16 to 256"),
        (["--token", token, "--token-file", "t"], "one of them"), (["nowhere"], "nowhere"),
        (["--results", "nowhere"], "no folder 'nowhere'"), (["--port", "70000"], "1 to 65535"),
        (["--port", "-1"], "port"), (["--address", "192.0.2.1", "--token", token], "192.0.2.1"),
        (["--address", "no.such.host.invalid", "--token", token], "not known"),
        (["--allow-host", "a b"], "no name of a host"), (["--token-file", "/nowhere/token"], "/nowhere/token"),
        (["tes"], "did you mean 'test'"),
    ])
    func `what cannot be served is said, with what can`(arguments: [String], words: String) async throws {
        let place = try Workplace(budget: "{trials: 1}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        let result = try await Program.revsweep.run(["serve"] + arguments, in: place.directory.path)
        #expect(!result.status.isSuccess && result.output == "")
        #expect(result.errorOutput.contains(words), "\(result.errorOutput)")
    }

    @Test func `a port that another program has is named`() async throws {
        let place = try Workplace(budget: "{trials: 1}")
        try FileManager.default.createDirectory(
            atPath: "\(place.directory.path)/results", withIntermediateDirectories: true)
        _ = try await Program.revsweep.serve(["serve", "--port", "0"], in: place.directory.path) {
            (serving) async throws in
            let result = try await Program.revsweep.run(
                ["serve", "--port", "\(serving.port)"], in: place.directory.path)
            #expect(result.status == .exited(1) && result.output == "")
            #expect(result.errorOutput.hasPrefix("error: another program uses port \(serving.port) of 127.0.0.1"))
            #expect(result.errorOutput.contains("--port 0"))
        }
    }

    @Test func `the token is asked for, wherever it comes from`() async throws {
        let place = try Workplace(budget: "{trials: 1}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        let cases: [(arguments: [String], environment: [String: String])] = [
            (["--token", Self.token], [:]), ([], ["REVSWEEP_TOKEN": Self.token]), (["--token-file", "token"], [:]),
            (["--token-file", "token", "--address", "0.0.0.0"], [:]),
        ]
        for (arguments, environment) in cases {
            let result = try await Program.revsweep.serve(
                ["serve", "--port", "0"] + arguments, in: place.directory.path, environment: environment
            ) { (serving) async throws in
                let secret = try #require(serving.address.split(separator: "=").last)
                #expect(arguments.contains("--token-file") ? secret.count == 32 : secret == Self.token)
                #expect(try await ask("/sweeps.json", serving).status == 401)
                let bearer = ["Authorization: Bearer \(secret)"]
                #expect(try await ask("/sweeps.json", serving, headers: bearer).status == 200)
            }
            #expect(result.status == .exited(0))
        }
    }

    /// Readers that read nothing: each has asked for much more than the system keeps for it.
    @Test func `slow readers cost no memory, and hundreds of clients are served`() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let place = try Workplace(budget: "{trials: 1}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        let log = "\(place.directory.path)/results/test/trials/000000/stdout.log"
        try Data(repeating: 65, count: 32 << 20).write(to: URL(fileURLWithPath: log))
        _ = try await Program.revsweep.serve(["serve", "--port", "0"], in: place.directory.path) {
            (serving) async throws in
            func memory() throws -> Int {
                let status = try String(contentsOfFile: "/proc/\(serving.process)/status", encoding: .utf8)
                let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS") })
                return try #require(Int(line.split { $0 == " " || $0 == "\t" }[1]))
            }
            #expect(try await ask("/sweep/test/data.json", serving).status == 200)
            let before = try memory()
            var slow: [HTTPConnection] = []
            for _ in 0..<20 {
                let connection = try HTTPConnection(port: serving.port, receiving: 4096)
                try await connection.send("GET /sweep/test/log/0/stdout.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.head().status == 200)
                slow.append(connection)
            }
            try await Task.sleep(for: .milliseconds(500))
            // All they have asked for is 640 MB.
            #expect(try memory() - before < 100_000)
            slow = []
            let count = Int(clamping: limit.rlim_cur) > 800 ? 300 : 50
            var many: [HTTPConnection] = []
            for _ in 0..<count { many.append(try HTTPConnection(port: serving.port)) }
            // The first may be all that there is room for; each that goes makes room for another.
            while !many.isEmpty {
                let connection = many.removeFirst()
                try await connection.send("GET /sweeps.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                // One that has waited for long was closed as idle, which is an answer, too.
                let text = try await connection.untilClosed()
                #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 200"))
            }
            #expect(try await ask("/sweeps.json", serving).status == 200)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 6, 7, 8])
    func `sweeps of every release are served as they are`(version: Int) async throws {
        let directory = try TemporaryDirectory()
        try directory.write("", to: "results/old/made")
        let path = "\(directory.path)/results/old/sweep.sqlite"
        let sql = try String(contentsOfFile: Project.path("Tests/StoredSweeps/version\(version).sql"), encoding: .utf8)
        try await DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: sql) }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        _ = try await Program.revsweep.serve(["serve", "--port", "0"], in: directory.path) { (serving) async throws in
            #expect(try await ask("/sweep/old/data.json", serving).status == 200)
            #expect(try await ask("/sweeps.json", serving).text.contains("\"problem\":null"))
            let events = try await EventReader(port: serving.port, path: "/sweep/old/events")
            _ = try await events.next { $0.name == "sweep" }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test(.enabled(if: Rights.bind, "root passes over the rights of files, and there is no setpriv"))
    func `a copy in a folder that may not be written is served`() async throws {
        let place = try Workplace(budget: "{trials: 3}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        let (files, copy) = (FileManager.default, "\(place.directory.path)/copies/test")
        try files.createDirectory(atPath: copy, withIntermediateDirectories: true)
        try files.copyItem(
            atPath: "\(place.directory.path)/results/test/sweep.sqlite", toPath: "\(copy)/sweep.sqlite")
        func setRights(_ file: Int, _ folder: Int) throws {
            try files.setAttributes([.posixPermissions: file], ofItemAtPath: "\(copy)/sweep.sqlite")
            try files.setAttributes([.posixPermissions: folder], ofItemAtPath: copy)
        }
        try setRights(0o444, 0o555)
        defer { try? setRights(0o644, 0o755) }
        let (program, before) = try Rights.bound(.revsweep)
        _ = try await program.serve(before + ["serve", "copies", "--port", "0"], in: place.directory.path) {
            (serving) async throws in
            #expect(try await ask("/sweeps.json", serving).text.contains("\"ended\":3"))
            #expect(try await ask("/sweep/test/data.json", serving).status == 200)
            let events = try await EventReader(port: serving.port, path: "/sweep/test/events")
            let first = try await events.next()
            #expect(first.name == "sweep")
        }
        #expect(try files.contentsOfDirectory(atPath: copy) == ["sweep.sqlite"])
    }

    @Test func `a database that another program holds, or that is broken, is said to be so`() async throws {
        let place = try Workplace(budget: "{trials: 1}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        try place.directory.write("no database", to: "results/broken/sweep.sqlite")
        try place.directory.write("", to: "results/empty/sweep.sqlite")
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(
            path: "\(place.directory.path)/results/test/sweep.sqlite", configuration: configuration)
        try await queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 1 FROM trial")
        }
        _ = try await Program.revsweep.serve(["serve", "--port", "0"], in: place.directory.path) {
            (serving) async throws in
            let list = try await ask("/sweeps.json", serving).text
            #expect(list.contains("it is empty") && list.contains("is not a database"))
            for name in ["broken", "empty"] {
                let answer = try await ask("/sweep/\(name)/data.json", serving)
                #expect(answer.status == 503 && answer.text.contains(name))
                let events = try await EventReader(port: serving.port, path: "/sweep/\(name)/events")
                let problem = try await events.next()
                #expect(problem.name == "problem")
            }
            let answer = try await ask("/sweep/test/data.json", serving)
            #expect(answer.status == 503 && answer.text.contains("is held by another program"), "\(answer.text)")
            let events = try await EventReader(port: serving.port, path: "/sweep/test/events")
            let held = try await events.next()
            #expect(held.name == "problem")
            try await queue.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
            try queue.close()
            _ = try await events.next { $0.name == "well" }
            #expect(try await ask("/sweep/test/data.json", serving).status == 200)
        }
    }
}
