// OnlyFault: one thing that goes wrong in an otherwise quiet run, for a test that lets it happen at every place there
// is.
#pragma once

#include <cstdint>

namespace orderflow::simulation {

struct OnlyFault {
    enum class Kind : std::uint8_t {
        power_cut,    // in the middle of the nth change of the disk
        kill,         // the same, and the operating system goes on
        failed_read,  // the nth
        failed_write,
        failed_sync,
        full_write,  // the nth finds no room, later ones do
    };
    Kind kind = Kind::power_cut;
    std::uint64_t nth = 1;
};

}  // namespace orderflow::simulation
