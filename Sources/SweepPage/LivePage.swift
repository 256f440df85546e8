import Plots

/// The files of the page that a server hands out: the same page as a report, with style, script and data elsewhere.
///
/// Nothing in it may be run or styled from within, so that a server can forbid it: its header `Content-Security-Policy`
/// is `policy`.
///
///     let page = try LivePage()
///     page.html(title: "digits", style: "../page/report.css", script: "../page/report.js", data: "data.json")
public struct LivePage: Sendable {
    /// What a browser may load and run on such a page.
    public static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// CSS and JavaScript.
    public let style: String
    public let script: String
    private let resources: PageResources

    /// - Throws: `PageResourceError` if the program was copied without the files of the page.
    public init() throws(PageResourceError) {
        resources = try PageResources()
        (style, script) = (resources.style, resources.script)
    }

    /// The page of one sweep.
    ///
    /// - Parameters:
    ///   - title: any text.
    ///   - style: the address of the style; the others likewise. They are relative to that of the page.
    public func html(title: String, style: String, script: String, data: String) -> String {
        resources.page(filling: [
            "title": MarkupText.escaped(title + " · revsweep"),
            "style": "<link rel=\"stylesheet\" href=\"\(MarkupText.escaped(style))\">",
            "data":
                "<script type=\"application/json\" id=\"data\" data-source=\"\(MarkupText.escaped(data))\"></script>",
            "script": "<script src=\"\(MarkupText.escaped(script))\" defer></script>",
        ])
    }
}
