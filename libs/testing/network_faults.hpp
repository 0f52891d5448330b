// NetworkFaults: what happens to an exchange of request and response between two programs, decided by a seed.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow {

enum class NetworkFault : std::uint8_t {
    none,
    lose_request,   // reset before the server has seen it
    lose_response,  // reset when the server has done it
    cut_response,   // the response ends after some byte
    stall,          // the response stands still in its middle, and goes on
    delay,          // the request comes late
    throttle,       // the server says that it is asked too much; the request does not reach it
};
inline constexpr std::size_t network_fault_count = 7;
std::string_view to_string(NetworkFault fault);

struct NetworkFate {
    NetworkFault fault = NetworkFault::none;
    std::uint64_t nth = 0;             // of its kind, from 0
    std::chrono::milliseconds time{};  // of a stall or a delay
};

struct NetworkFaultMix {
    unsigned percent = 100;             // of the exchanges; the others are left alone
    std::vector<NetworkFault> kinds{};  // each as likely as the others; empty: all
    std::chrono::milliseconds delay_max{300};
    std::chrono::milliseconds stall_max{7000};  // longer than the API waits for its queue
};

// The same seed and calls, the same fates.
class NetworkFaults {
  public:
    NetworkFaults(std::uint64_t seed, NetworkFaultMix mix);
    NetworkFate next();

  private:
    std::uint64_t choose(std::uint64_t below) { return random_() % below; }

    std::mt19937_64 random_;
    NetworkFaultMix mix_;
    std::array<std::uint64_t, network_fault_count> so_far_{};
};

// A response that is cut: how many of its `bytes` (> 0) come, and how it ends. The n-th cut ends in front of byte n, so
// that after as many cuts as a response is long each byte was once the first that is missing; then with a reset.
struct Cut {
    std::size_t bytes = 0;
    bool reset = false;
};
Cut cut_of(std::uint64_t nth, std::size_t bytes);

// A whole response: RequestThrottled and ThrottlingException with 400, ServiceUnavailable with 503, in turn.
std::string throttling_response(std::uint64_t nth);

// Bytes of the HTTP/1.1 message that `text` begins with, its body told by Content-Length; nothing while its head is not
// whole. The message may be longer than `text`.
std::optional<std::size_t> http_message_bytes(std::string_view text);

}  // namespace orderflow
