// LoopParts: what a component needs of the loop it lives on.
#pragma once

#include "libs/async/spawner.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"

namespace orderflow::orders {

// Timers and coroutines of one loop, and its clock. Everything referred to outlives the component.
struct LoopParts {
    Executor& timers;
    Spawner spawn;
    const Clock& clock;
};

}  // namespace orderflow::orders
