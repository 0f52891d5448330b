#include "chaos/scenarios/prove_rig.hpp"

#include <stdlib.h>

#include <cstdio>
#include <stdexcept>

#include "chaos/rig/probe.hpp"
#include "chaos/rig/run.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr std::uint64_t cuts = 8;

Tally cut_power_without(const Workspace& workspace, std::uint64_t seed, const std::string& safeguard) {
    Run run(workspace, safeguard.empty() ? "nothing-left-out" : "no-" + safeguard, seed, cuts);
    try {
        cut_the_power_of(run, safeguard.empty() ? Trial::Settings{} : Trial::Settings{{"ORDERFLOW_BREAK", safeguard}});
    } catch (const Skipped& why) {
        run.tally().skipped = why.what();
    } catch (const std::runtime_error& failed) {
        run.expect(false, failed.what());  // it does not even start again: harm that is seen
    }
    return run.tally();
}

}  // namespace

bool prove_rig(const Workspace& workspace, std::uint64_t seed, const std::string& program) {
    ::setenv("ORDERFLOW_BIN", program.c_str(), 1);
    std::vector<Tally> tallies{cut_power_without(workspace, seed, "")};
    bool proven = tallies.front().ok() && tallies.front().skipped.empty();
    for (const auto* safeguard :
         {"journal_sync", "store_sync", "payment_sync", "journal_sync,store_sync,payment_sync"}) {
        tallies.push_back(cut_power_without(workspace, seed, safeguard));
        proven = proven && !tallies.back().ok();
    }
    std::printf("\n%s%s\n", table(tallies).c_str(),
                proven ? "The rig is proven: sound with every sync, and each missing sync is found."
                       : "The rig is NOT proven: the first row must be ok, every other one FAILED.");
    return proven;
}

}  // namespace orderflow::chaos
