// ActionObserver: what the protocol tells about the requests it answers.
#pragma once

#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::sqs {

// Called on the cores: with more than one, from several threads at once. No call may block or throw.
class ActionObserver {
  public:
    virtual ~ActionObserver() = default;
    // `action` is empty when the request named none that there is, or was refused before. `took` holds the wait of a
    // long poll.
    virtual void performed(std::string_view action, unsigned status, BootClock::duration took) = 0;
};

}  // namespace orderflow::sqs
