#include <fmt/format.h>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {

void restart_in_turn(Run& run) {
    Trial trial(run, run.workspace().directory("restarts") / "data");
    trial.start();
    trial.load();
    while (run.tally().faults < run.rounds()) {
        pause(run.choose_time(100ms, 1s));
        const auto asked = run.clock().now();
        trial.server().terminate();
        const int code = trial.server().wait();
        const auto stopped = run.clock().now();
        run.expect(code == 0, fmt::format("after SIGTERM it ended with {}", code));
        const auto took = trial.start();
        run.fault(fmt::format("SIGTERM, ended after {}, ready after {}", in_ms(stopped - asked), in_ms(took)));
    }
    trial.finish();
    run.expect(trial.unanswered() == 0, fmt::format("{} requests that it had taken got no answer", trial.unanswered()));
}

}  // namespace orderflow::chaos
