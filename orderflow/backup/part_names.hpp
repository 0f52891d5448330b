// The names of a backup's files, which are those of the data directory.
#pragma once

#include <string_view>

#include "programs/payment_settings.hpp"

namespace orderflow {

inline constexpr auto journal_part = "queue.db";
inline constexpr auto store_part = "orders.db";
inline constexpr auto ledger_part = simulated_ledger_file;
inline constexpr auto secrets_part = "secrets";

// No database, log, lock, mark of a running program or file that is being written.
inline bool is_kept_small_file(std::string_view name) {
    for (const auto* end : {".db", "-wal", "-shm", "-journal", ".lock", ".running", ".new"}) {
        if (name.ends_with(end)) return false;
    }
    return name != "lock" && !name.starts_with('.');
}

// Written once, when the parts were there: from then on a start misses those that are not.
inline bool is_seal(std::string_view name) { return name.starts_with("installation"); }

}  // namespace orderflow
