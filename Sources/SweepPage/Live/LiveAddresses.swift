/// Where a page finds what a server has of its sweep, seen from the page's own address.
public struct LiveAddresses: Sendable, Hashable {
    /// A stream of events; the page adds where it is: `?since=` and a `ChangeID`.
    public var events: String
    /// What the page reads first, `LiveData.document`.
    public var data: String
    /// A stream with what a trial prints, where `{number}` stands for the trial's; the page adds `?stream=stdout` or
    /// `stderr`. The whole is at this address with `/stdout.txt` or `/stderr.txt`. Nil if a server has no logs.
    public var log: String?

    public init(events: String, data: String, log: String?) {
        self.events = events
        self.data = data
        self.log = log
    }
}
