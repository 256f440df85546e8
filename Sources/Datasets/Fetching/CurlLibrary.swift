import CCurl
import Foundation

/// libcurl, as far as a GET request needs it.
///
/// It is loaded when something is fetched, and not linked. Only `revmlp data fetch` needs it, and with it come forty
/// libraries of protocols, which every start of the program would have to load, and every machine that trains would
/// need. Foundation's URLSession rests on the same library, and links it.
struct CurlLibrary {
    /// Why a request ended.
    struct Ending: Error {
        var code: Int
        var reason: String
    }

    /// Under these names the same interface is installed, by the library for TLS that it uses.
    private static let names = ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4"]

    private let initialize: @convention(c) () -> UnsafeMutableRawPointer?
    private let perform: @convention(c) (UnsafeMutableRawPointer) -> CInt
    private let cleanUp: @convention(c) (UnsafeMutableRawPointer) -> Void
    private let words: @convention(c) (CInt) -> UnsafePointer<CChar>?
    private let setOption: UnsafeMutableRawPointer

    /// - Throws: `Ending` if the library is not installed.
    init() throws(Ending) {
        guard let library = Self.names.lazy.compactMap({ dlopen($0, RTLD_NOW) }).first,
            let initialize = dlsym(library, "curl_easy_init"), let perform = dlsym(library, "curl_easy_perform"),
            let cleanUp = dlsym(library, "curl_easy_cleanup"), let words = dlsym(library, "curl_easy_strerror"),
            let setOption = dlsym(library, "curl_easy_setopt")
        else {
            throw Ending(
                code: 0, reason: "\(Self.names[0]) is not installed; Debian has it in the package libcurl4")
        }
        self.initialize = unsafeBitCast(initialize, to: (@convention(c) () -> UnsafeMutableRawPointer?).self)
        self.perform = unsafeBitCast(perform, to: (@convention(c) (UnsafeMutableRawPointer) -> CInt).self)
        self.cleanUp = unsafeBitCast(cleanUp, to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)
        self.words = unsafeBitCast(words, to: (@convention(c) (CInt) -> UnsafePointer<CChar>?).self)
        self.setOption = setOption
    }

    /// Requests a file, and returns when all of it has come.
    ///
    /// - Parameters:
    ///   - offset: the first byte that is wanted.
    ///   - data: what the functions get.
    ///   - header: called with each line of the answer's head, also of answers that redirect.
    ///   - body: called with the bytes of the file as they come.
    ///   - progress: called about once a second and at each arrival; other than 0 gives the request up.
    /// - Throws: `Ending` if it has not come whole.
    func get(
        _ address: String, from offset: Int, maxRedirections: Int, data: UnsafeMutableRawPointer,
        header: @escaping ccurl_receiver, body: @escaping ccurl_receiver, progress: @escaping ccurl_progress
    ) throws(Ending) {
        guard let handle = initialize() else { throw Ending(code: 0, reason: "libcurl cannot be used") }
        defer { cleanUp(handle) }
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: ccurl_error_buffer_size)
        message.initialize(repeating: 0, count: ccurl_error_buffer_size)
        defer { message.deallocate() }

        func set(_ option: Int, _ value: Int) { _ = ccurl_set_number(setOption, handle, CInt(option), value) }
        func set(_ option: Int, _ value: UnsafeRawPointer) {
            _ = ccurl_set_pointer(setOption, handle, CInt(option), value)
        }
        // It copies texts; the place for the message and the data stay until the end.
        set(ccurl_error_buffer, message)
        address.withCString { set(ccurl_url, $0) }
        if offset > 0 { "\(offset)-".withCString { set(ccurl_range, $0) } }
        "revmlp".withCString { set(ccurl_user_agent, $0) }
        // The check sums are those of the compressed files: nothing is to be unpacked on the way.
        "identity".withCString { set(ccurl_accept_encoding, $0) }
        set(ccurl_content_decoding, 0)
        let protocols = ccurl_protocol_http | ccurl_protocol_https
        set(ccurl_protocols, protocols)
        set(ccurl_redirection_protocols, protocols)
        set(ccurl_follow_location, 1)
        set(ccurl_max_redirections, maxRedirections)
        // Time limits without signals, which belong to the program.
        set(ccurl_no_signal, 1)
        set(ccurl_no_progress, 0)
        for option in [ccurl_header_data, ccurl_write_data, ccurl_progress_data] { set(option, data) }
        _ = ccurl_set_receiver(setOption, handle, CInt(ccurl_header_function), header)
        _ = ccurl_set_receiver(setOption, handle, CInt(ccurl_write_function), body)
        _ = ccurl_set_progress(setOption, handle, progress)

        let code = perform(handle)
        if code == 0 { return }
        let detail = String(cString: message)
        throw Ending(code: Int(code), reason: detail.isEmpty ? words(code).map { String(cString: $0) } ?? "" : detail)
    }
}
