// How long rows are kept, and in what grain. Pure.
#pragma once

#include <chrono>
#include <vector>

#include "libs/instances/instance_row.hpp"

namespace orderflow::instances {

inline constexpr std::chrono::hours fine_for{1};   // then minutes are made of them
inline constexpr std::chrono::hours kept_for{24};  // then they are removed
// Rows that come later than this are not kept: their minute may have been made already, or nobody looks there any more.
// The same holds for rows of a clock that is so far ahead.
inline constexpr std::chrono::minutes late_max{5};

inline WallTime fine_since(WallTime now) { return std::chrono::floor<std::chrono::minutes>(now - fine_for); }
inline WallTime kept_since(WallTime now) { return now - kept_for; }
inline bool is_timely(const InstanceRow& row, WallTime now) {
    return row.from <= row.until && row.until > now - late_max && row.until < now + late_max;
}

// One row for each instance and minute: counts are summed, of levels the largest is taken, what is said of the end of a
// row is that of the last. In the order of their ends.
std::vector<InstanceRow> thinned(std::vector<InstanceRow> rows);

}  // namespace orderflow::instances
