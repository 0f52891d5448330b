// Simulation: one run of the whole system from one seed: clients at work, a program that is killed, loses its power,
// meets a failing or full disk and is started again, then quiet, then the audit.
//
// Everything that could differ between two runs is drawn from the seed, so that a seed gives the same run to the bit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/audit/report.hpp"
#include "tests/simulation/defect.hpp"
#include "tests/simulation/happened.hpp"
#include "tests/simulation/only_fault.hpp"

namespace orderflow::simulation {

struct SimulationOptions {
    Defect defect = Defect::none;
    bool print = false;    // the trace, to stderr
    bool bit_rot = false;  // one bit of the files is flipped at some restart: it is found, or it does not matter
    // A few orders and one life in which only this goes wrong, then peace.
    std::optional<OnlyFault> only = std::nullopt;
};

struct SimulationResult {
    std::uint64_t seed = 0;
    // What must not happen; empty for a good run.
    std::vector<std::string> findings;
    audit::Report report;
    // Of every turn, disk operation and answer.
    std::uint64_t hash = 0;

    Happened happened;
    bool struck = false;  // the only fault has happened
    bool halted = false;  // bit rot was found and the program refused to go on

    bool good() const { return findings.empty() && report.ok(); }
    // For a failing test: what was found, and the command that shows it again.
    std::string to_text() const;
};

SimulationResult simulate(std::uint64_t seed, const SimulationOptions& options = {});

}  // namespace orderflow::simulation
