// Queues that the configuration declares (ORDERFLOW_SQS_QUEUES): what is written, checked. Pure.
//
//   queue ; queue ; ...            a queue is  name  or  name: setting=value, setting=value, ...
//   orders-eu: visibility=60, dlq=orders-eu-dlq, max_receives=20; orders-eu-dlq: retention=14d
//
// Blanks and line ends do not matter, and an empty entry is none. Times are whole numbers with s (or nothing), m, h, d.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/settings.hpp"
#include "queue-service/engine/queue_settings.hpp"

namespace orderflow {

// What is not named keeps the value that is stored, or in a new queue has Amazon SQS's default: a start changes nothing
// that nobody wrote down.
struct DeclaredQueue {
    std::string region;
    std::string name;
    std::optional<std::chrono::seconds> visibility;
    std::optional<std::chrono::seconds> delay;
    std::optional<std::chrono::seconds> retention;
    std::optional<std::chrono::seconds> wait;  // of a receive that says nothing
    std::optional<std::size_t> max_bytes;
    // dlq and max_receives, which go together; dlq=none takes the policy away.
    std::optional<std::optional<queue::RedrivePolicy>> redrive;
};

// ORDERFLOW_SQS_QUEUES. Every error is noted, with its entry, its setting and what would be right; then the result is
// empty. A dead-letter queue is declared too, in the same region; at most `declared_queues_max` entries.
std::vector<DeclaredQueue> read_declared_queues(SettingsReader& settings);
std::string declared_queues_help();

inline constexpr std::size_t declared_queues_max = 1000;

queue::QueueSettings with_declared(queue::QueueSettings settings, const DeclaredQueue& declared);

// For people: "visibility 30s -> 60s", one for each setting that a declaration can name and that differs.
std::vector<std::string> differences(const queue::QueueSettings& before, const queue::QueueSettings& after);

}  // namespace orderflow
