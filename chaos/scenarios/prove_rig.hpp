// prove_rig(): the rig has to see harm where there is harm.
#pragma once

#include <cstdint>
#include <string>

#include "chaos/rig/workspace.hpp"

namespace orderflow::chaos {

// Cuts the power of a `program` that was built with ORDERFLOW_BREAKABLE: once as it is, which must pass, and once
// without each sync that the promise rests on, which the audit must find. Prints what was found; true when all of it is
// as it must be.
bool prove_rig(const Workspace& workspace, std::uint64_t seed, const std::string& program);

}  // namespace orderflow::chaos
