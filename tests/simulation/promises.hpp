// What clients were shown, against what the system holds in the end: beyond libs/audit, which knows no readers.
#pragma once

#include <string>
#include <vector>

#include "libs/audit/snapshot.hpp"
#include "tests/simulation/clients.hpp"

namespace orderflow::simulation {

// What a reader was shown and is not so; an open event stream that has not told everything; content that was
// acknowledged, has no effect, and is not shown as a conflict. A sentence for each.
std::vector<std::string> broken_promises(const Clients& clients, const audit::Snapshot& snapshot);

}  // namespace orderflow::simulation
