#include "chaos/scenarios/prove_rig.hpp"

#include <stdlib.h>

#include <array>
#include <cstdio>
#include <stdexcept>

#include "chaos/rig/probe.hpp"
#include "chaos/rig/run.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr std::uint64_t cuts = 8;

struct Breakage {
    const char* name;
    const char* safeguards;  // left out; libs/base/safeguard.hpp
};
constexpr std::array breakages{Breakage{"no-journal-sync", "journal_sync"}, Breakage{"no-store-sync", "store_sync"},
                               Breakage{"no-payment-sync", "payment_sync"},
                               Breakage{"no-sync", "journal_sync,store_sync,payment_sync"}};

Tally cut_power_without(const Workspace& workspace, std::uint64_t seed, const std::string& name,
                        const std::string& safeguards) {
    const bool whole = safeguards.empty();
    Run run(workspace, name, {.seed = seed, .rounds = cuts, .finding = whole ? Finding::unwanted : Finding::wanted});
    try {
        cut_the_power_of(run, whole ? Trial::Settings{} : Trial::Settings{{"ORDERFLOW_BREAK", safeguards}});
    } catch (const Skipped& why) {
        run.tally().skipped = why.what();
    } catch (const std::runtime_error& failed) {
        run.expect(false, failed.what());
    }
    return run.tally();
}

}  // namespace

bool prove_rig(const Workspace& workspace, std::uint64_t seed, const std::string& program) {
    ::setenv("ORDERFLOW_BIN", program.c_str(), 1);
    std::vector<Tally> tallies{cut_power_without(workspace, seed, "whole", "")};
    bool proven = tallies.front().ok() && tallies.front().skipped.empty();
    for (const auto& [name, safeguards] : breakages) {
        tallies.push_back(cut_power_without(workspace, seed, name, safeguards));
        proven = proven && tallies.back().found_by_audit() > 0;
    }
    std::printf(
        "\n%s%s\n", table(tallies).c_str(),
        proven ? "The rig is proven: sound with every sync, and each missing sync is found."
               : "The rig is NOT proven: the first row must be ok, and of every other one the audit must find harm.");
    return proven;
}

}  // namespace orderflow::chaos
