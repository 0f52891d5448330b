// Defect: what a test breaks on purpose, to see that the simulation notices.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace orderflow::simulation {

enum class Defect : std::uint8_t {
    none,
    disk_lies,              // a sync succeeds and does nothing
    log_is_not_synced,      // synchronous=NORMAL: the write-ahead log is synced by checkpoints only
    ids_forget_keys,        // a repeated idempotency key gets another order id
    hasty_acknowledgement,  // the API answers before the queue has committed
    early_removal,          // a message is deleted when it is received
    payments_forget_keys,   // the provider does not know an effect key again
    logs_are_not_renewed,   // a log that a dead process left is believed
    messages_expire,        // after two weeks on the calendar, which a clock that jumps reaches at once
    stale_reads,            // a reader that sees what was there a moment ago
};

inline constexpr std::array<std::pair<std::string_view, Defect>, 9> defect_names{{
    {"disk_lies", Defect::disk_lies},
    {"log_is_not_synced", Defect::log_is_not_synced},
    {"ids_forget_keys", Defect::ids_forget_keys},
    {"hasty_acknowledgement", Defect::hasty_acknowledgement},
    {"early_removal", Defect::early_removal},
    {"payments_forget_keys", Defect::payments_forget_keys},
    {"logs_are_not_renewed", Defect::logs_are_not_renewed},
    {"messages_expire", Defect::messages_expire},
    {"stale_reads", Defect::stale_reads},
}};

}  // namespace orderflow::simulation
