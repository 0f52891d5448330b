#include "libs/aws/pooled_http_transport.hpp"

#include <utility>

namespace orderflow::aws {

namespace {

std::uint16_t port_of(const HttpUrl& url) {
    if (url.port != 0) return url.port;
    return url.scheme == HttpScheme::https ? 443 : 80;
}

// The port knows fewer ways to fail than the pool.
Error to_port(Error error) {
    const auto& code = error.code();
    if (code == "http.connect" || code == "http.timeout" || code == "http.stopped") return error;
    // In line for a connection, or no request at all: nothing was sent.
    if (code == "http.busy" || code == "http.request_malformed") {
        return Error(ErrorKind::unavailable, "http.connect", code + " " + error.detail());
    }
    return Error(ErrorKind::unavailable, "http.broken", code + " " + error.detail());
}

}  // namespace

task<Result<HttpReply>> PooledHttpTransport::ask(HttpAsk ask, Instant deadline) {
    net::ClientRequest request;
    request.method = std::move(ask.method);
    request.url.secure = ask.url.scheme == HttpScheme::https;
    request.url.host = std::move(ask.url.host);
    request.url.port = port_of(ask.url);
    request.url.target = std::move(ask.url.target);
    request.body = std::move(ask.body);
    request.answer_bytes_max = answer_bytes_max_;
    request.fields.reserve(ask.headers.size());
    for (auto& header : ask.headers) request.fields.push_back({std::move(header.name), std::move(header.value)});
    auto answer = co_await pool_.ask(std::move(request), deadline, std::move(ask.stop));
    if (!answer) co_return fail(to_port(std::move(answer).error()));
    HttpReply reply{.status = answer->status, .headers = {}, .body = std::move(answer->body)};
    reply.headers.reserve(answer->fields.size());
    for (auto& field : answer->fields) reply.headers.push_back({std::move(field.name), std::move(field.value)});
    co_return reply;
}

}  // namespace orderflow::aws
