// Life: what the parts of one start of the program share with the simulation.
#pragma once

#include <optional>
#include <string>

#include "libs/base/error.hpp"

namespace orderflow::simulation {

struct Life {
    bool gone = false;              // the process has ended: no call reaches the outside any more
    std::optional<Error> ended_by;  // what ended it from inside
    std::string ended_where;
};

}  // namespace orderflow::simulation
