#include "tests/telemetry/otlp_receiver.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "libs/async/sleep.hpp"

namespace orderflow::telemetry {
namespace {

constexpr std::size_t body_bytes_max = 6'000'000;

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return result;
}

}  // namespace

OtlpReceiver::OtlpReceiver(Entropy& entropy)
    : loop_(clock_, 1, "collector"),
      router_({{.method = net::Method::post,
                .pattern = "/v1/traces",
                .handler = [this](const net::Request& request) { return take(request); },
                .name = "traces",
                .options = {.body_bytes = body_bytes_max}}}),
      server_({.runtime = loop_, .clock = clock_, .entropy = entropy, .router = router_, .observer = observer_}, {}) {
    if (!server_.listen({.host = "127.0.0.1", .port = 0})) throw std::runtime_error("the collector cannot listen");
    loop_.start();
    server_.start();
}

OtlpReceiver::~OtlpReceiver() {
    server_.stop({});
    loop_.stop();
}

void OtlpReceiver::answer(unsigned status, BootClock::duration takes) {
    const std::lock_guard lock(mutex_);
    status_ = status;
    takes_ = takes;
}

task<net::Response> OtlpReceiver::take(const net::Request& request) {
    auto checked = check_export_request(request.body);
    unsigned status = 0;
    BootClock::duration takes{};
    {
        const std::lock_guard lock(mutex_);
        status = status_;
        takes = takes_;
        fields_.clear();
        body_ = request.body;
        for (const auto& field : request.fields) fields_.emplace(lower(field.name), field.value);
        if (fields_["content-type"] != "application/json") checked.faults.emplace_back("the content type is another");
        if (status == 200) std::ranges::move(checked.spans, std::back_inserter(spans_));
        std::ranges::move(checked.faults, std::back_inserter(faults_));
        ++requests_;
        changed_.notify_all();
    }
    if (takes > takes.zero()) co_await sleep_until(*request.loop, clock_.now() + takes, request.stop);
    co_return net::Response::json(status, R"({"partialSuccess":{}})");
}

bool OtlpReceiver::wait_for(const std::function<bool(const Spans&)>& condition, std::chrono::seconds at_most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, at_most, [&] { return condition(spans_); });
}

bool OtlpReceiver::wait_for_requests(std::size_t count, std::chrono::seconds at_most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, at_most, [&] { return requests_ >= count; });
}

OtlpReceiver::Spans OtlpReceiver::spans() const {
    const std::lock_guard lock(mutex_);
    return spans_;
}

std::vector<std::string> OtlpReceiver::faults() const {
    const std::lock_guard lock(mutex_);
    return faults_;
}

std::string OtlpReceiver::body() const {
    const std::lock_guard lock(mutex_);
    return body_;
}

std::map<std::string, std::string> OtlpReceiver::fields() const {
    const std::lock_guard lock(mutex_);
    return fields_;
}

}  // namespace orderflow::telemetry
