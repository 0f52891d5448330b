// How long a stream of events goes on. Then it ends, its client comes back by itself and is asked again who it is: with
// a key that was revoked, or in a session that is over, it hears for so long at most.
#pragma once

#include "libs/base/clock.hpp"

namespace orderflow::api {

inline constexpr BootClock::duration stream_time = std::chrono::minutes(15);

}  // namespace orderflow::api
