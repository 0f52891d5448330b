#include <sys/resource.h>

#include <fmt/format.h>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/memory_group.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/process_facts.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

// The kernel kills it where it asks for the page that is too much: a kill -9 at a place that no other scenario chooses.
void until_the_kernel_kills(Run& run, Trial& trial) {
    const auto megabytes = run.choose(1, 5);
    {
        MemoryGroup group(run.workspace().path().filename(), megabytes);
        trial.server().kill();
        trial.start_only();
        group.add(trial.server().pid());
        const auto until = run.clock().now() + 4s;
        while (!trial.server_ended() && run.clock().now() < until) pause(5ms);
        const auto how = trial.server_ended() ? fmt::format("ended with {}", trial.server().wait()) : "lived with it";
        trial.server().kill();
        const auto took = trial.start();
        run.fault(fmt::format("{} MB in its group: {} ({} kills by the kernel), ready again after {}", megabytes, how,
                              group.kills(), in_ms(took)));
    }
}

// Allocations fail from one moment on: requests may fail and the process may end, but nothing may be torn.
void until_allocations_fail(Run& run, Trial& trial) {
    const auto pid = trial.server().pid();
    const rlimit limit{.rlim_cur = writable_memory(pid) + run.choose(0, 256) * 1024, .rlim_max = RLIM_INFINITY};
    if (::prlimit(pid, RLIMIT_DATA, &limit, nullptr) != 0) throw std::runtime_error("prlimit");
    pause(run.choose_time(1s, 3s));
    const auto how = trial.server_ended() ? fmt::format("ended with {}", trial.server().wait()) : "lived with it";
    trial.server().kill();
    const auto took = trial.start();
    run.fault(fmt::format("no more memory for it: {}, ready again after {}", how, in_ms(took)));
}

}  // namespace

void limit_memory(Run& run) {
    Trial trial(run, run.workspace().directory("memory") / "data");
    trial.start();
    trial.load({.rate = 400, .connections = 64});
    while (run.tally().faults < run.rounds()) {
        pause(500ms);
        until_allocations_fail(run, trial);
        if (run.tally().faults >= run.rounds()) break;
        pause(500ms);
        need_memory_groups(run.workspace());
        until_the_kernel_kills(run, trial);
    }
    trial.finish();
}

}  // namespace orderflow::chaos
