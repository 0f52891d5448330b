// take_snapshot(): everything that a running Program holds, for the audit.
#pragma once

#include <string>

#include "libs/audit/snapshot.hpp"
#include "libs/base/result.hpp"

namespace orderflow::simulation {

class Program;

// Reads through the program's own ports, and counts the messages of its queues in their file.
Result<audit::Snapshot> take_snapshot(Program& program, const std::string& directory, const std::string& vfs);

}  // namespace orderflow::simulation
