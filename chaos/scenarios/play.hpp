// play(): one scenario from its probes to its tally.
#pragma once

#include "chaos/rig/run.hpp"
#include "chaos/rig/tally.hpp"
#include "chaos/rig/workspace.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {

// What stops it becomes part of the tally: a skip with its reason, or a failure. Only Interrupted passes through.
Tally play(const Scenario& scenario, const Workspace& workspace, const RunPlan& plan);

}  // namespace orderflow::chaos
