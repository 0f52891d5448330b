#include "libs/net/http_pool.hpp"

#include <algorithm>
#include <utility>

#include "libs/async/answer_within.hpp"
#include "libs/net/ascii.hpp"
#include "libs/net/client_stream.hpp"
#include "libs/net/connect_stream.hpp"
#include "libs/net/connection_slots.hpp"

namespace orderflow::net {

namespace {

constexpr std::size_t read_bytes = 16 * 1024;

// How far a request has come, for the one who gives up waiting for it.
struct Progress {
    bool sending = false;
};

bool is_own_field(std::string_view name) {
    return iequals(name, "content-length") || iequals(name, "transfer-encoding") || iequals(name, "connection");
}

bool is_well_formed(const ClientRequest& request) {
    const auto is_visible = [](char c) { return c > 0x20 && c < 0x7F; };
    return is_token(request.method) && request.url.target.starts_with('/') &&
           std::ranges::all_of(request.url.target, is_visible) &&
           std::ranges::all_of(request.fields, [](const AnswerField& field) {
               return is_token(field.name) && std::ranges::all_of(field.value, is_field_value_char) &&
                      !is_own_field(field.name);
           });
}

std::string to_bytes(const ClientRequest& request, const std::optional<Url>& proxy) {
    const bool absolute = proxy && !request.url.secure;
    std::string out;
    out.reserve(512 + request.url.target.size() + request.body.size());
    const auto add = [&out](std::string_view name, std::string_view value) {
        out.append(name).append(": ").append(value).append("\r\n");
    };
    out.append(request.method).append(" ");
    if (absolute) out.append("http://").append(request.url.authority());
    out.append(request.url.target).append(" HTTP/1.1\r\n");
    const bool has_host =
        std::ranges::any_of(request.fields, [](const AnswerField& field) { return iequals(field.name, "host"); });
    if (!has_host) add("Host", request.url.authority());
    for (const auto& field : request.fields) add(field.name, field.value);
    if (absolute) {
        if (const auto authorization = proxy_authorization(*proxy)) add("Proxy-Authorization", *authorization);
    }
    const bool may_have_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (may_have_body || !request.body.empty()) add("Content-Length", std::to_string(request.body.size()));
    out.append("\r\n").append(request.body);
    return out;
}

std::unexpected<Error> lost(std::string code, std::string detail) {
    return fail(ErrorKind::unavailable, std::move(code), std::move(detail));
}

// Sends and receives on a connection that stands. `keep` says whether it may serve another request; it and the stream
// outlive the call, as their owner waits for it.
task<Result<ClientAnswer>> exchange(ClientStream& stream, ClientRequest request, std::optional<Url> proxy,
                                    std::size_t head_bytes, bool used_before, bool& keep) {
    const auto bytes = to_bytes(request, proxy);
    // A server may answer and close before it has read everything: the answer is looked for in any case.
    const auto not_sent = co_await stream.write(bytes);
    const auto asked = request.method == "HEAD" ? AnswerParser::Asked::head : AnswerParser::Asked::other;
    AnswerParser parser(asked, {.head_bytes = head_bytes, .body_bytes = request.answer_bytes_max});
    std::vector<char> buffer(read_bytes);
    auto state = AnswerParser::State::incomplete;
    while (state == AnswerParser::State::incomplete) {
        const auto [failure, count] = co_await stream.read_some(buffer);
        if (failure) {
            const bool stale = used_before && !parser.has_begun();
            co_return lost(stale ? "http.stale" : "http.broken", (not_sent ? not_sent : failure).message());
        }
        state = parser.put(std::string_view(buffer.data(), count));
    }
    switch (state) {
        case AnswerParser::State::complete:
            keep = !not_sent && parser.connection_is_good();
            co_return std::move(parser).take();
        case AnswerParser::State::too_large: co_return lost("http.unreadable", "the answer is too large");
        case AnswerParser::State::unsupported: co_return lost("http.unreadable", "the answer has no known end");
        default: co_return lost("http.unreadable", "the answer is malformed");
    }
}

}  // namespace

struct HttpPool::State {
    State(Parts p, HttpPoolSettings s, TlsTrust t)
        : parts(std::move(p)),
          settings(std::move(s)),
          trust(std::move(t)),
          connect{parts.loop, parts.timers, parts.clock, trust, settings.connect_time, settings.public_addresses_only},
          slots(parts.timers, parts.clock,
                {settings.connections_per_server, settings.waiting_per_server, settings.idle_time}) {}

    // Goes on alone when nobody waits for it any more (`abandoned`): it keeps what it needs, this included.
    static task<Result<ClientAnswer>> perform(std::shared_ptr<State> self, ClientRequest request, Instant deadline,
                                              std::stop_token abandoned, std::shared_ptr<Progress> progress);

    Parts parts;
    HttpPoolSettings settings;
    TlsTrust trust;
    ConnectParts connect;
    ConnectionSlots slots;
};

task<Result<ClientAnswer>> HttpPool::State::perform(std::shared_ptr<State> self, ClientRequest request,
                                                    Instant deadline, std::stop_token abandoned,
                                                    std::shared_ptr<Progress> progress) {
    const auto proxy = proxy_for(request.url, self->settings.proxies);
    auto slot = co_await self->slots.acquire(request.url.origin(), deadline, abandoned);
    if (!slot) co_return fail(std::move(slot).error());
    const bool used_before = slot->stream != nullptr;
    if (!used_before) {
        auto connected = co_await connect_stream(self->connect, request.url, proxy, deadline, abandoned);
        if (!connected) co_return fail(std::move(connected).error());
        slot->stream = std::move(*connected);
    }
    const auto stream = slot->stream;
    const std::stop_callback close_it(abandoned, [stream] { stream->close(); });
    if (abandoned.stop_requested()) co_return lost("http.connect", "given up before it was sent");
    progress->sending = true;
    bool keep = false;
    auto answer = co_await exchange(*stream, std::move(request), proxy, self->settings.head_bytes, used_before, keep);
    if (keep && !abandoned.stop_requested()) slot->keep();
    co_return answer;
}

HttpPool::HttpPool(std::shared_ptr<State> state) : state_(std::move(state)) {}
HttpPool::~HttpPool() = default;

Result<std::unique_ptr<HttpPool>> HttpPool::create(Parts parts, HttpPoolSettings settings) {
    auto trust = TlsTrust::load(settings.ca_bundle);
    if (!trust) return fail(std::move(trust).error());
    return std::unique_ptr<HttpPool>(
        new HttpPool(std::make_shared<State>(std::move(parts), std::move(settings), std::move(*trust))));
}

task<Result<ClientAnswer>> HttpPool::ask(ClientRequest request, Instant deadline, std::stop_token stop) {
    if (!is_well_formed(request)) co_return fail(ErrorKind::invalid_input, "http.request_malformed");
    auto& parts = state_->parts;
    if (stop.stop_requested() || deadline <= parts.clock.now()) {
        co_return lost("http.connect", "there was no time left to send it");
    }
    const auto server = request.url.authority();
    const auto progress = std::make_shared<Progress>();
    std::stop_source abandon;
    auto answer = co_await answer_within<Result<ClientAnswer>>(
        Spawner(parts.loop), parts.timers,
        State::perform(state_, std::move(request), deadline, abandon.get_token(), progress), deadline, stop);
    if (answer) co_return std::move(*answer);
    abandon.request_stop();
    if (!progress->sending) co_return lost("http.connect", server + ": no connection in time");
    if (stop.stop_requested()) co_return lost("http.stopped", server);
    co_return lost("http.timeout", server);
}

std::size_t HttpPool::connections() const noexcept { return state_->slots.open(); }
void HttpPool::close_idle() { state_->slots.close_idle(); }
std::size_t HttpPool::idle_connections() const noexcept { return state_->slots.idle(); }
std::size_t HttpPool::waiting() const noexcept { return state_->slots.waiting(); }

}  // namespace orderflow::net
