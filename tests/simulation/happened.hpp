// Happened: what runs went through, added up: runs in which nothing goes wrong prove little.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/simulation/mischief.hpp"

namespace orderflow::simulation {

struct Happened {
    std::uint64_t turns = 0;
    std::uint64_t starts = 0;
    std::uint64_t refused_starts = 0;  // its files could not be opened
    std::uint64_t power_cuts = 0;
    std::uint64_t kills = 0;
    std::uint64_t clean_stops = 0;
    std::uint64_t own_ends = 0;       // an error of the disk ended the process
    std::uint64_t disk_failures = 0;  // reads, writes, syncs that failed
    std::uint64_t full_writes = 0;    // there was no room for
    FaultCounts faults{};

    void add(const Happened& other);
    std::string to_text() const;
};

}  // namespace orderflow::simulation
