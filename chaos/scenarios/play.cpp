#include "chaos/scenarios/play.hpp"

#include <stdexcept>
#include <string>

#include "chaos/rig/probe.hpp"

namespace orderflow::chaos {

Tally play(const Scenario& scenario, const Workspace& workspace, const RunPlan& plan) {
    Run run(workspace, std::string(scenario.name), plan);
    try {
        if (plan.images) need_containers(*plan.images);
        scenario.run(run);
    } catch (const Skipped& why) {
        run.say(std::string("skipped: ") + why.what());
        run.tally().skipped = why.what();
    } catch (const std::runtime_error& failed) {
        run.expect(false, failed.what());
    }
    return run.tally();
}

}  // namespace orderflow::chaos
