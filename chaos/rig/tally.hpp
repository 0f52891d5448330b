// Tally: what one scenario did and what the audits after it found; and the table of all of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"

namespace orderflow::chaos {

struct Tally {
    std::string scenario;
    std::uint64_t faults = 0;
    std::uint64_t acknowledged = 0;  // orders with a 202
    std::uint64_t settled = 0;
    std::uint64_t lost = 0;
    std::uint64_t doubled = 0;
    std::uint64_t oversold = 0;
    std::uint64_t double_charges = 0;
    std::uint64_t other = 0;                      // findings of the audit of other kinds
    std::vector<BootClock::duration> recoveries;  // from a restart to the first 202
    std::vector<std::string> broken;              // what a scenario expected besides, and did not see
    std::string skipped;                          // why it did not run; empty: it ran

    // Nothing was found and nothing broken. A scenario that ran without a fault or an order has shown nothing: not ok.
    bool ok() const;
    // Findings of the audits, of all kinds. What broke otherwise is not among them.
    std::uint64_t found_by_audit() const;
    // Adds the counts of an audit.
    void add(const Tally& audited);
};

// What `percent` of `times` (not empty) do not exceed.
BootClock::duration percentile(std::vector<BootClock::duration> times, unsigned percent);

std::string in_ms(BootClock::duration time);  // "61 ms"

// What the program's exit code says: every scenario is ok and, with `skip_fails`, none was skipped.
bool passed(const std::vector<Tally>& tallies, bool skip_fails);

// One row a scenario, then what was broken, then one line for people and CI.
std::string table(const std::vector<Tally>& tallies);

}  // namespace orderflow::chaos
