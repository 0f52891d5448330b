#include "libs/net/connect_stream.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

#include "libs/net/answer_parser.hpp"
#include "libs/net/proxy_settings.hpp"
#include "libs/net/public_address.hpp"

namespace orderflow::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t addresses_max = 8;
constexpr AnswerParser::Limits proxy_answer = {.head_bytes = 16 * 1024, .body_bytes = 0};

std::unexpected<Error> no_connection(const std::string& to, const std::string& why) {
    return fail(ErrorKind::unavailable, "http.connect", to + ": " + why);
}

task<Result<std::vector<tcp::endpoint>>> addresses_of(asio::any_io_executor loop, std::string host,
                                                      std::uint16_t port) {
    error_code no_address;
    const auto address = asio::ip::make_address(host, no_address);
    if (!no_address) co_return std::vector{tcp::endpoint(address, port)};
    tcp::resolver resolver(loop);
    const auto [failure, found] = co_await resolver.async_resolve(
        host, std::to_string(port), tcp::resolver::numeric_service, asio::as_tuple(asio::use_awaitable));
    if (failure) co_return no_connection(host, "the name is not resolved: " + failure.message());
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found) {
        if (endpoints.size() < addresses_max) endpoints.push_back(entry.endpoint());
    }
    co_return endpoints;
}

bool is_public(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address();
    if (address.is_v4()) return is_public_address(address.to_v4().to_bytes());
    return is_public_address(address.to_v6().to_bytes());
}

// Closes the stream when a step takes too long. To be ended when the step has ended.
struct StepTimer {
    Executor& timers;
    Executor::TimerId id;
    static StepTimer start(const ConnectParts& parts, Instant deadline, const std::shared_ptr<ClientStream>& stream) {
        const auto until = std::min(deadline, parts.clock.now() + parts.connect_time);
        return {parts.timers, parts.timers.post_at(until, [stream] { stream->close(); })};
    }
    void end() const { timers.cancel(id); }
};

std::string why(const error_code& failure) {
    return failure == asio::error::operation_aborted || failure == asio::error::bad_descriptor ? "no answer in time"
                                                                                               : failure.message();
}

// `parts` outlive the loop's work.
task<Result<std::shared_ptr<ClientStream>>> connect_to(const ConnectParts& parts, std::vector<tcp::endpoint> addresses,
                                                       std::string name, Instant deadline, std::stop_token stop) {
    std::string last = "no address";
    for (const auto& address : addresses) {
        if (stop.stop_requested() || parts.clock.now() >= deadline) break;
        const auto stream = std::make_shared<ClientStream>(parts.loop);
        const std::stop_callback close_it(stop, [stream] { stream->close(); });
        const auto timer = StepTimer::start(parts, deadline, stream);
        const auto failure = co_await stream->connect(address);
        timer.end();
        if (!failure) co_return stream;
        last = why(failure);
    }
    co_return no_connection(name, last);
}

// CONNECT (RFC 9110, section 9.3.6). The stream outlives the call: its owner waits for it.
task<Result<void>> open_tunnel(ClientStream& stream, Url url, Url proxy) {
    const auto target = (url.host.contains(':') ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
    auto request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (const auto authorization = proxy_authorization(proxy)) {
        request += "Proxy-Authorization: " + *authorization + "\r\n";
    }
    request += "\r\n";
    const auto proxy_name = "proxy " + proxy.authority();
    if (const auto failure = co_await stream.write(request)) co_return no_connection(proxy_name, why(failure));
    AnswerParser parser(AnswerParser::Asked::connect, proxy_answer);
    auto state = AnswerParser::State::incomplete;
    std::array<char, 1024> buffer{};
    while (state == AnswerParser::State::incomplete) {
        const auto [failure, count] = co_await stream.read_some(buffer);
        if (failure) co_return no_connection(proxy_name, why(failure));
        state = parser.put(std::string_view(buffer.data(), count));
    }
    if (state != AnswerParser::State::complete) co_return no_connection(proxy_name, "its answer is unreadable");
    const bool surplus = !parser.connection_is_good();
    const auto status = std::move(parser).take().status;
    if (status < 200 || status > 299) {
        co_return no_connection(proxy_name, "it refuses the tunnel with status " + std::to_string(status));
    }
    if (surplus) co_return no_connection(proxy_name, "it sends before the client does");
    co_return Result<void>();
}

}  // namespace

bool all_public(std::span<const tcp::endpoint> addresses) { return std::ranges::all_of(addresses, is_public); }

task<Result<std::shared_ptr<ClientStream>>> connect_stream(const ConnectParts& parts, Url url, std::optional<Url> proxy,
                                                           Instant deadline, std::stop_token stop) {
    const auto& peer = proxy ? *proxy : url;
    auto addresses = co_await addresses_of(parts.loop, peer.host, peer.port);
    if (!addresses) co_return fail(std::move(addresses).error());
    if (parts.public_addresses_only && !all_public(*addresses)) {
        co_return fail(ErrorKind::unavailable, "http.address_refused", peer.host + ": an address is not public");
    }
    auto connected = co_await connect_to(parts, std::move(*addresses), peer.authority(), deadline, stop);
    if (!connected || !url.secure) co_return connected;

    const auto stream = *connected;
    const std::stop_callback close_it(stop, [stream] { stream->close(); });
    if (proxy) {
        const auto timer = StepTimer::start(parts, deadline, stream);
        auto tunnel = co_await open_tunnel(*stream, url, *proxy);
        timer.end();
        if (!tunnel) co_return fail(std::move(tunnel).error());
    }
    const auto timer = StepTimer::start(parts, deadline, stream);
    const auto trusted = co_await stream->start_tls(parts.trust, url.host);
    timer.end();
    if (!trusted) co_return no_connection(url.authority(), "TLS: " + trusted.error().detail());
    co_return stream;
}

}  // namespace orderflow::net
