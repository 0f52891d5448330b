// Verdict: what `orderflow audit` says, the one checker of all scenarios.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/rig/run.hpp"
#include "chaos/rig/tally.hpp"

namespace orderflow::chaos {

struct Verdict {
    bool sound = false;  // the audit ran to its end and found nothing
    Tally counts;        // acknowledged, settled, lost, doubled, oversold, double_charges, other
    std::string report;  // for a person, when it is not
};

// What `orderflow audit --json` counted. Throws std::runtime_error when that is not said.
Tally counts_of(std::string_view answer);

// Audits an installation that no program has open against the ledgers of all clients that ever used it. `ending`: with
// settled a message that waits is a finding. Throws std::runtime_error when there is no audit.
Verdict audit(const Place& place, const std::vector<std::filesystem::path>& ledgers, Ending ending);

}  // namespace orderflow::chaos
