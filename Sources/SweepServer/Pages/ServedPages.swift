import SweepPage
import SweepStore

/// The pages and files that are the same for everybody, made once.
struct ServedPages: Sendable {
    enum File: Sendable, Hashable, CaseIterable {
        case pageStyle, pageScript, listStyle, listScript
    }

    private struct Kept: Sendable {
        var bytes: [UInt8]
        var gzip: [UInt8]?
        var type: String
        /// Tells these bytes from others.
        var mark: String
    }

    /// The list of sweeps.
    let list: Answer
    private let files: [File: Kept]
    private let page: LivePage

    /// - Throws: `PageResourceError` if the program was copied without its files.
    init() throws {
        page = try LivePage()
        let texts: [(File, String, String)] = [
            (.pageStyle, page.style, "text/css"), (.pageScript, page.script, "text/javascript"),
            (.listStyle, String(decoding: PackageResources.index_css, as: UTF8.self), "text/css"),
            (.listScript, String(decoding: PackageResources.index_js, as: UTF8.self), "text/javascript"),
        ]
        var files: [File: Kept] = [:]
        for (file, text, type) in texts {
            let bytes = Array(text.utf8)
            files[file] = Kept(
                bytes: bytes, gzip: GzipData.compressed(bytes), type: "\(type); charset=utf-8", mark: Self.mark(bytes))
        }
        self.files = files
        list = .html(IndexPage.html)
    }

    func sweep(_ name: String) -> Answer {
        .html(page.html(title: name, style: "/page/report.css", script: "/page/report.js", data: "data.json"))
    }

    func file(_ file: File, _ call: Call) -> Answer {
        guard let kept = files[file] else { return Answer(status: 404, body: .bytes([])) }
        var headers = [("Content-Type", kept.type), ("Cache-Control", "no-cache"), ("ETag", kept.mark)]
        headers.append(("Vary", "Accept-Encoding"))
        if call.knownMark == kept.mark { return Answer(status: 304, headers: headers, body: .bytes([])) }
        guard call.acceptsGzip, let gzip = kept.gzip else {
            return Answer(status: 200, headers: headers, body: .bytes(kept.bytes))
        }
        return Answer(status: 200, headers: headers + [("Content-Encoding", "gzip")], body: .bytes(gzip))
    }

    /// A check sum, as an `ETag` of bytes that only mean the same, since they may come compressed.
    private static func mark(_ bytes: [UInt8]) -> String {
        var sum = StableHash()
        sum.combine(bytes: bytes)
        return "W/\"\(String(sum.value, radix: 16))\""
    }
}
