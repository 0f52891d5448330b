#include <fmt/format.h>

#include <string>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"
#include "libs/testing/fault_proxy.hpp"

namespace orderflow::chaos {
namespace {

constexpr unsigned faulty_percent = 30;

// What happened between two looks: "3 delayed, 2 throttled".
std::string difference(const FaultProxy::Counts& before, const FaultProxy::Counts& after) {
    std::string text;
    for (std::size_t i = 1; i < after.size(); ++i) {
        if (after[i] == before[i]) continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", after[i] - before[i],
                            to_string(static_cast<NetworkFault>(i)));
    }
    return text;
}

}  // namespace

// Each round is a burst in which a third of what passes between worker or API and the queue-service is broken.
void break_the_network(Run& run) {
    Trial trial(run, run.workspace().directory("network") / "data");
    FaultProxy proxy(trial.system().queue().port(), NetworkFaults(run.seed(), {.percent = faulty_percent}));
    proxy.set_faulty(false);
    trial.system().queue_at(proxy.port());
    trial.start();
    trial.load({.rate = 200});
    while (run.tally().faults < run.rounds()) {
        pause(run.choose_time(100ms, 500ms));
        const auto before = proxy.counts();
        proxy.set_faulty(true);
        pause(run.choose_time(1s, 4s));
        proxy.set_faulty(false);
        const auto what = difference(before, proxy.counts());
        run.expect(!what.empty(), "nothing passed the proxy");
        trial.recovering();
        run.fault(what);
    }
    for (auto& program : trial.system().programs()) {
        run.expect(!program.ended(), "the network ended " + program.name());
    }
    trial.finish();
}

}  // namespace orderflow::chaos
