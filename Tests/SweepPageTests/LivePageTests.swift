import SweepPage
import Testing

/// The page as a server hands it out.
@Suite struct LivePageTests {
    private static let hostile = "</title><script>alert(1)</script>\"><img src=x onerror='alert(2)'>{{data}}"

    @Test func `nothing in the page is run or styled from within, whatever a sweep is called`() throws {
        let html = try LivePage().html(
            title: Self.hostile, style: "\(Self.hostile).css", script: "\(Self.hostile).js", data: Self.hostile)
        // The block that is not run and holds no data, and the script that is loaded.
        let scripts = html.split(separator: "<script", omittingEmptySubsequences: false).dropFirst()
        #expect(scripts.count == 2 && scripts.allSatisfy { $0.contains("></script>") })
        for inside in ["<style", "<img", " style=", "http-equiv", "<svg"] {
            #expect(!html.contains(inside), "\(inside)")
        }
        #expect(html.contains("&lt;/title&gt;"))
    }

    @Test func `the page names what it needs by the addresses it was given`() throws {
        let page = try LivePage()
        let html = page.html(title: "digits", style: "/page/report.css", script: "/page/report.js", data: "data.json")
        #expect(html.contains("<title>digits · revsweep</title>"))
        #expect(html.contains("<link rel=\"stylesheet\" href=\"/page/report.css\">"))
        #expect(html.contains("<script src=\"/page/report.js\" defer></script>"))
        #expect(html.contains("id=\"data\" data-source=\"data.json\"></script>"))
        #expect(page.script.contains("SweepChanges") && page.style.contains("#details"))
        for source in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"] {
            #expect(LivePage.policy.contains(source))
        }
    }
}
