#include <fmt/format.h>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr int clients = 4;

}  // namespace

// All generators have the same seed, so each order is sent by all of them at about the same time, under one key.
void hammer_same_keys(Run& run) {
    Trial trial(run, run.workspace().directory("same-key") / "data");
    trial.start();
    for (int i = 0; i < clients; ++i) trial.load({.rate = 100, .seed = run.seed()});
    while (run.tally().faults < run.rounds()) {
        pause(run.choose_time(50ms, 800ms));
        trial.server().kill();
        const auto took = trial.start();
        run.fault(fmt::format("killed under {} clients with the same keys, ready after {}", clients, in_ms(took)));
    }
    trial.finish();
}

}  // namespace orderflow::chaos
