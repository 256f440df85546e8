/// Who is answered: the rules that every request passes before anything else is looked at.
///
///     let rules = AccessRules(hosts: hosts, token: token, port: port)
///     switch rules.judge(call) {
///     case .allowed: …
///     case .refused(let refusal): …
///     case .admitted(let address, let cookie): …
///     }
struct AccessRules: Sendable {
    let hosts: HostRules
    /// Nil where everybody on this machine may look.
    let token: AccessToken?
    let port: BoundPort

    enum Verdict: Sendable, Hashable {
        case allowed
        case refused(Refusal)
        /// The address had the token. The browser keeps it as a cookie, and goes on without it in the address.
        case admitted(address: String, cookie: String)
    }

    /// Cookies are shared by all ports of a host, and there may be a server on each.
    private var cookieName: String { "revsweep-\(port.number)" }

    func judge(_ call: Call) -> Verdict {
        guard let host = call.host, hosts.allow(host) else { return .refused(.host(call.host)) }
        guard call.hosts <= 1 else { return .refused(.malformed("a request has one Host, and this one has more")) }
        guard ["GET", "HEAD"].contains(call.method) else { return .refused(.method) }
        guard !call.hasBody else { return .refused(.body) }
        // Such as `*`. Of `http://other/path` the library has left the path.
        guard call.target.hasPrefix("/") else {
            return .refused(.malformed("an address begins with '/', and this one does not"))
        }
        if let token {
            if let verdict = verdict(on: token, call) { return verdict }
        }
        return isForeign(call, host: host) ? .refused(.foreign) : .allowed
    }

    private func verdict(on token: AccessToken, _ call: Call) -> Verdict? {
        if let given = call.query["token"] {
            guard token.equals(given) else { return .refused(.wrongToken) }
            return .admitted(
                address: call.addressWithoutToken,
                cookie: "\(cookieName)=\(token.text); Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000")
        }
        if let given = call.bearer {
            return token.equals(given) ? nil : .refused(.wrongToken)
        }
        // A page of another port of this host could have set a second cookie of that name, so any may be right.
        let cookies = call.cookies.filter { $0.name == cookieName }
        if cookies.contains(where: { token.equals($0.value) }) { return nil }
        // A browser that comes by a link of another site leaves the cookie out. It sends it as soon as it is one of our
        // own pages that leads there.
        if call.isNavigation, call.fetchSite == "cross-site" || call.fetchSite == "same-site" {
            return .refused(.again(call.target))
        }
        return .refused(cookies.isEmpty ? .noToken : .wrongToken)
    }

    /// Whether a page of another site asks, which may link to pages here and do nothing else.
    private func isForeign(_ call: Call, host: String) -> Bool {
        if let origin = call.origin, origin != "http://\(host)", origin != "https://\(host)" { return true }
        guard let site = call.fetchSite, site != "same-origin", site != "none" else { return false }
        return !call.isNavigation
    }
}

/// Why a request gets no answer.
enum Refusal: Sendable, Hashable {
    case host(String?)
    case method
    case body
    case malformed(String)
    case noToken
    case wrongToken
    case foreign
    /// The browser is to ask once more, now that one of our own pages leads there.
    case again(String)
}
