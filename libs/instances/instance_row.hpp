// InstanceRow: what one running program did within a few seconds, and how it was at their end. Rows of all programs
// that share an order store are kept there and summed when they are read.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/instances/latencies.hpp"

namespace orderflow::instances {

namespace limits {
inline constexpr std::size_t id_max = 64;
inline constexpr std::size_t version_max = 64;
inline constexpr std::size_t queues_max = 8;
inline constexpr std::size_t alarms_max = 32;
inline constexpr std::size_t alarm_name_max = 64;
inline constexpr std::size_t alarm_summary_max = 300;
inline constexpr std::size_t queue_name_max = 80;  // as on Amazon SQS
}  // namespace limits

// How often a program reports.
inline constexpr std::chrono::seconds reports_every{10};

enum class Role : std::uint8_t { api, worker, all };
inline constexpr int role_count = static_cast<int>(Role::all) + 1;
// The name of the program: "api-service", "worker-service", "orderflow".
std::string_view to_string(Role role) noexcept;
std::optional<Role> parse_role(std::string_view text) noexcept;
inline bool has_api(Role role) noexcept { return role != Role::worker; }
inline bool has_worker(Role role) noexcept { return role != Role::api; }

// What was counted. Of an API: accepted to faults and `accept`; of a worker the rest.
struct Figures {
    std::int64_t accepted = 0;       // orders that the queue took
    std::int64_t replayed = 0;       // orders that were known to be accepted
    std::int64_t refused = 0;        // order requests that were not accepted
    std::int64_t responses = 0;      // of HTTP, all routes
    std::int64_t faults = 0;         // of these, 5xx
    std::int64_t received = 0;       // messages of the queue `orders`
    std::int64_t dead_lettered = 0;  // messages that became dead letters
    std::int64_t confirmed = 0;      // orders that settled with this status
    std::int64_t completed = 0;
    std::int64_t rejected = 0;
    std::int64_t cancelled = 0;
    Latencies accept{};  // from the first byte of an order request to the last of its answer
    Latencies settle{};  // from accepted to settled

    Figures& operator+=(const Figures& other);
    Figures& operator-=(const Figures& other);
    friend bool operator==(const Figures&, const Figures&) = default;
};

// Every count of Figures with its name in messages. Records keep them in this order: new ones go to the end.
struct FigureCount {
    std::string_view name;
    std::int64_t Figures::* member;
};
inline constexpr std::array figure_counts{
    FigureCount{"accepted", &Figures::accepted},
    FigureCount{"replayed", &Figures::replayed},
    FigureCount{"refused", &Figures::refused},
    FigureCount{"responses", &Figures::responses},
    FigureCount{"faults", &Figures::faults},
    FigureCount{"received", &Figures::received},
    FigureCount{"dead_lettered", &Figures::dead_lettered},
    FigureCount{"confirmed", &Figures::confirmed},
    FigureCount{"completed", &Figures::completed},
    FigureCount{"rejected", &Figures::rejected},
    FigureCount{"cancelled", &Figures::cancelled},
};

// One queue as it was seen. All instances see the same queue: of several the latest counts, never their sum.
struct QueueLevel {
    std::string queue{};
    std::int64_t visible = 0;
    std::int64_t in_flight = 0;
    std::int64_t delayed = 0;
    std::optional<std::chrono::milliseconds> oldest_age{};  // Amazon SQS does not tell it
    friend bool operator==(const QueueLevel&, const QueueLevel&) = default;
};

struct ActiveAlarm {
    std::string name{};
    bool critical = false;
    std::string summary{};
    WallTime since{};
    friend bool operator==(const ActiveAlarm&, const ActiveAlarm&) = default;
};

struct InstanceRow {
    std::string id{};  // random, of one run of one program
    Role role = Role::api;
    std::string version{};
    WallTime started_at{};
    WallTime from{};    // what was counted after this,
    WallTime until{};   // up to here
    bool last = false;  // the program comes to its end
    Figures figures{};
    // Of a worker.
    std::int64_t in_progress = 0;      // messages
    std::int64_t in_progress_max = 0;  // of orders, at most; 0: not a worker
    bool paused = false;               // it takes no orders
    std::vector<QueueLevel> queues{};
    std::vector<ActiveAlarm> alarms{};
    friend bool operator==(const InstanceRow&, const InstanceRow&) = default;
};

// "worker-1f3a9c": for people; without the name of a machine.
std::string name_of(const InstanceRow& row);

}  // namespace orderflow::instances
