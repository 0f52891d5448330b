#include <signal.h>

#include <fmt/format.h>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/process_facts.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

// Longer than the visibility timeout of the working queues and than the worker's lease, both 60 s.
constexpr auto beyond_every_lease = 63s;

}  // namespace

// After a long pause messages in progress are visible again while their old deliveries are still being worked on: the
// fences must keep the second delivery from having a second effect. Of the services the worker is the first.
void pause_and_continue(Run& run) {
    Trial trial(run, run.workspace().directory("pauses") / "data");
    trial.start();
    trial.load();
    while (run.tally().faults < run.rounds()) {
        const auto length = run.tally().faults == 0 ? beyond_every_lease : run.choose_time(50ms, 4s);
        pause(run.choose_time(200ms, 1s));
        auto& program = trial.system().in_turn(run.tally().faults);
        program.signal(SIGSTOP);
        pause(length);
        run.expect(is_stopped(program.pid()), program.name() + " went on while it was stopped");
        if (trial.system().takes_orders(program)) trial.recovering();
        program.signal(SIGCONT);
        run.fault(fmt::format("{} stopped for {}", program.name(), in_ms(length)));
    }
    pause(1s);
    trial.finish();
}

}  // namespace orderflow::chaos
