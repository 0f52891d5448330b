#include "libs/testing/network_faults.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace orderflow {
namespace {

bool is_same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string_view to_string(NetworkFault fault) {
    switch (fault) {
        case NetworkFault::none: return "untouched";
        case NetworkFault::lose_request: return "requests lost";
        case NetworkFault::lose_response: return "responses lost";
        case NetworkFault::cut_response: return "responses cut";
        case NetworkFault::stall: return "stalled";
        case NetworkFault::delay: return "delayed";
        case NetworkFault::throttle: return "throttled";
    }
    return "";
}

NetworkFaults::NetworkFaults(std::uint64_t seed, NetworkFaultMix mix) : random_(seed), mix_(std::move(mix)) {
    if (!mix_.kinds.empty()) return;
    mix_.kinds = {NetworkFault::lose_request, NetworkFault::lose_response, NetworkFault::cut_response,
                  NetworkFault::stall,        NetworkFault::delay,         NetworkFault::throttle};
}

NetworkFate NetworkFaults::next() {
    NetworkFate fate;
    if (choose(100) < mix_.percent) fate.fault = mix_.kinds[choose(mix_.kinds.size())];
    fate.nth = so_far_[static_cast<std::size_t>(fate.fault)]++;
    const auto up_to = [this](std::chrono::milliseconds most) {
        return std::chrono::milliseconds(1 + choose(static_cast<std::uint64_t>(most.count())));
    };
    if (fate.fault == NetworkFault::stall) fate.time = up_to(mix_.stall_max);
    if (fate.fault == NetworkFault::delay) fate.time = up_to(mix_.delay_max);
    return fate;
}

Cut cut_of(std::uint64_t nth, std::size_t bytes) {
    return {.bytes = static_cast<std::size_t>(nth % bytes), .reset = nth / bytes % 2 == 1};
}

std::string throttling_response(std::uint64_t nth) {
    struct Refusal {
        std::string_view status;
        std::string_view type;
    };
    static constexpr std::array<Refusal, 3> refusals{{
        {"400 Bad Request", "com.amazonaws.sqs#RequestThrottled"},
        {"400 Bad Request", "com.amazon.coral.availability#ThrottlingException"},
        {"503 Service Unavailable", "com.amazonaws.sqs#ServiceUnavailable"},
    }};
    const auto& [status, type] = refusals[nth % refusals.size()];
    const auto body = R"({"__type":")" + std::string(type) + R"(","message":"Rate exceeded"})";
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

std::optional<std::size_t> http_message_bytes(std::string_view text) {
    const auto head_end = text.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return std::nullopt;
    std::size_t body = 0;
    for (auto head = text.substr(0, head_end + 2); !head.empty();) {
        const auto line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size() + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_same_name(line.substr(0, colon), "Content-Length")) continue;
        const auto value = line.substr(std::min(line.find_first_not_of(' ', colon + 1), line.size()));
        std::from_chars(value.data(), value.data() + value.size(), body);
    }
    return head_end + 4 + body;
}

}  // namespace orderflow
