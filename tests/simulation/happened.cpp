#include "tests/simulation/happened.hpp"

#include <fmt/format.h>

namespace orderflow::simulation {

void Happened::add(const Happened& other) {
    turns += other.turns;
    starts += other.starts;
    refused_starts += other.refused_starts;
    power_cuts += other.power_cuts;
    kills += other.kills;
    clean_stops += other.clean_stops;
    own_ends += other.own_ends;
    disk_failures += other.disk_failures;
    full_writes += other.full_writes;
    for (std::size_t kind = 0; kind < faults.size(); ++kind) faults[kind] += other.faults[kind];
}

std::string Happened::to_text() const {
    auto text = fmt::format(
        "{} turns, {} starts, {} of them refused, {} power cuts, {} kills, {} clean stops, {} ends by a failing disk\n"
        "{} calls of the disk failed, {} writes met a full disk\n",
        turns, starts, refused_starts, power_cuts, kills, clean_stops, own_ends, disk_failures, full_writes);
    for (std::size_t kind = 0; kind < faults.size(); ++kind) {
        text += fmt::format("{}{} {}", kind == 0 ? "" : ", ", faults[kind], fault_kinds[kind].name);
    }
    return text + "\n";
}

}  // namespace orderflow::simulation
