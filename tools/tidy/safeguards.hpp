// The list of what the promise rests on, in the code and in the table that ./dev prove works through.
#pragma once

#include "tools/tidy/tree.hpp"

namespace orderflow::tidy {

// Rule: safeguard-table. Every Safeguard of libs/base/safeguard.hpp has exactly one row in docs/safeguards.md, in the
// same order, and the place that the row names asks for it. A repository without the header has nothing to hold.
Findings check_safeguards(const Tree& tree);

}  // namespace orderflow::tidy
