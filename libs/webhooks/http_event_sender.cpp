#include "libs/webhooks/http_event_sender.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "libs/crypto/webhook_keys.hpp"
#include "libs/net/http_date.hpp"
#include "libs/observe/printable.hpp"
#include "libs/orders/domain/endpoint_command.hpp"

namespace orderflow::webhooks {
namespace {

constexpr std::chrono::milliseconds retry_after_max = std::chrono::hours(1);
constexpr int gone = 410;
constexpr int too_many_requests = 429;
constexpr int service_unavailable = 503;

std::optional<std::chrono::milliseconds> seconds_in(const std::string& text) {
    std::int64_t seconds = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, seconds);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, retry_after_max / std::chrono::seconds(1)));
}

std::chrono::milliseconds retry_after(const net::ClientAnswer& answer, WallTime now) {
    const auto* text = answer.find("Retry-After");
    if (text == nullptr) return 0ms;
    if (const auto seconds = seconds_in(*text)) return *seconds;
    const auto until = net::parse_http_date(*text);
    if (!until) return 0ms;
    const auto* date = answer.find("Date");
    const auto from = date != nullptr ? net::parse_http_date(*date).value_or(now) : now;
    return std::clamp<std::chrono::milliseconds>(*until - from, 0ms, retry_after_max);
}

orders::SendAnswer failed(std::string code) {
    orders::SendAnswer answer;
    answer.code = std::move(code);
    return answer;
}

// Controls become longer when they are written out, and what was cut has dots behind it.
std::string head_of(const std::string& body) {
    constexpr std::size_t dots = 3;
    constexpr auto room = orders::limits::answer_head_max - dots;
    return observe::printable(observe::printable_line(body, room), room);
}

// All valid ones, newest first: the receiver takes the message when it knows one.
Result<crypto::WebhookKeys> keys_of(const orders::EventEndpoint& endpoint, WallTime now) {
    std::string secrets;
    for (const auto& secret : orders::valid_secrets(endpoint, now)) secrets += secret + ' ';
    return crypto::WebhookKeys::parse(secrets);
}

}  // namespace

orders::SendAnswer judge_answer(const net::ClientAnswer& answer, WallTime now) {
    orders::SendAnswer judged;
    judged.status = answer.status;
    judged.head = head_of(answer.body);
    if (answer.status >= 200 && answer.status < 300) return judged;
    judged.code = "http-" + std::to_string(answer.status);
    judged.gone = answer.status == gone;
    if (answer.status == too_many_requests || answer.status == service_unavailable) {
        judged.retry_after = retry_after(answer, now);
    }
    return judged;
}

task<orders::SendAnswer> HttpEventSender::send(orders::EventEndpoint endpoint, orders::OutgoingEvent event,
                                               Instant deadline, std::stop_token stop) {
    auto url = net::Url::parse(endpoint.settings.url);
    if (!url || net::outbound_refusal(*url, rules_)) co_return failed("webhook.url_refused");
    const auto now = clock_.wall();
    const auto keys = keys_of(endpoint, now);
    if (!keys) co_return failed(keys.error().code());
    const auto timestamp = crypto::WebhookKeys::timestamp(now);
    net::ClientRequest request;
    request.method = "POST";
    request.url = *std::move(url);
    request.answer_bytes_max = answer_bytes_max;
    request.fields = {
        {.name = "User-Agent", .value = "orderflow"},
        {.name = std::string(crypto::webhook_id_field), .value = event.id},
        {.name = std::string(crypto::webhook_timestamp_field), .value = timestamp},
        {.name = std::string(crypto::webhook_signature_field), .value = keys->sign(event.id, timestamp, event.body)},
    };
    if (!event.traceparent.empty()) request.fields.push_back({.name = "traceparent", .value = event.traceparent});
    for (auto& [name, value] : event.fields) request.fields.push_back({.name = name, .value = value});
    request.body = std::move(event.body);
    const auto answer = co_await pool_.ask(std::move(request), deadline, stop);
    if (answer) co_return judge_answer(*answer, clock_.wall());
    auto no_answer = failed(answer.error().code());
    no_answer.stopped = stop.stop_requested();
    co_return no_answer;
}

}  // namespace orderflow::webhooks
