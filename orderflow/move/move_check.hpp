// `orderflow move --check`: what would travel, whether the other side answers, and how long it may take. Changes
// nothing and takes no lock, so that it may be asked while the programs run.
#pragma once

#include "orderflow/move/installation_move.hpp"

namespace orderflow {

struct MoveEstimate {
    std::uint64_t rows = 0;
    std::uint64_t messages = 0;
};
// With rates for a database and a queue across a network, a tenth of what one machine measured. Pure.
std::chrono::seconds estimated_time(const MoveEstimate& what);

// Prints to stdout. True when a move would begin.
bool check_move(const MovePlan& plan, const MoveParts& parts);

}  // namespace orderflow
