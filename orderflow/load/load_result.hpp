// LoadResult: what a load did and measured.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "orderflow/load/latency_histogram.hpp"
#include "orderflow/load/load_options.hpp"

namespace orderflow::load {

struct LoadCounts {
    std::uint64_t sent = 0;        // requests, each attempt
    std::uint64_t accepted = 0;    // orders acknowledged for the first time, by distinct keys
    std::uint64_t replayed = 0;    // acknowledged again
    std::uint64_t cancels = 0;     // acknowledged
    std::uint64_t refused = 0;     // 4xx that the mix asked for
    std::uint64_t errors = 0;      // everything below
    std::uint64_t unexpected = 0;  // 4xx that the mix did not ask for, and bad orders that were accepted
    std::uint64_t overloaded = 0;  // 429, 503 that say that nothing happened
    std::uint64_t not_sent = 0;    // nobody listens
    std::uint64_t unknown = 0;     // reset, late, unreadable, 5xx
};

// Of the one product of a flash sale: what the server had before the first request and has when all are settled.
struct FlashSale {
    std::int64_t before = 0;
    std::int64_t after = 0;
};

struct LoadResult {
    LoadCounts counts;
    std::uint64_t overdue = 0;             // requests of the schedule that nobody was free to send when it ended
    LatencyHistogram latency;              // from the scheduled time of a request to its answer
    std::chrono::nanoseconds sending{};    // from the first request to the last answer
    std::chrono::microseconds cpu_user{};  // of this process, while sending
    std::chrono::microseconds cpu_system{};

    // From the first request until the server said that everything is settled; nothing when nobody waited, when it
    // cannot be told, or when it was not reached.
    std::optional<std::chrono::nanoseconds> settled_after;
    bool settle_wanted = false;
    std::optional<std::uint64_t> settled_orders;   // by the server's counter, since the start
    std::optional<std::uint64_t> rejected_orders;  // of those
    std::optional<FlashSale> flash_sale;
    LatencyHistogram confirmed;   // from the 202 to the answer that shows the order settled; a sample
    std::string stopped_because;  // empty: everything was sent
};

// Everything that was sent was answered as it should be, and is settled when that was asked for, and not every order
// was rejected, nor more sold than was there. With `keep_going` the server may have been away or overloaded meanwhile.
// An interruption is no failure.
bool went_well(const LoadOptions& options, const LoadResult& result);

// One for people, one for programs (one line).
std::string summary_text(const LoadOptions& options, const LoadResult& result);
std::string summary_json(const LoadOptions& options, const LoadResult& result);

// How many orders of a flash sale were neither refused nor covered by what was there, by the counters of the server; 0
// is right.
std::uint64_t oversold(const LoadResult& result);

// While everything that was accepted settles: "settled 7 of 9  messages in the queues 3". A cancel that was
// acknowledged settles its order once more and is counted apart: "settled 8 of 9 and 1 cancels".
std::string settling_text(const LoadCounts& counts, std::optional<std::uint64_t> settled,
                          std::optional<std::uint64_t> queued);

// "1.234 ms", "52.1 us"
std::string duration_text(std::chrono::nanoseconds value);

}  // namespace orderflow::load
